"""Planning sessions, noting how they ended, and ruptures with their repairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.models import (
    MOST_DISTRESS,
    MOST_TENSION,
    AgreedInterval,
    Rupture,
    TherapySession,
)
from securebase.clinic.therapy.policies import (
    check_can_close,
    check_can_note,
    check_can_notice,
    check_can_repair,
    check_can_say_mended,
)
from securebase.clinic.therapy.repairs import RepairEntry
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.strain_markers import marker as marker_of

MOST_MINUTES = 240
MOST_DAYS = 365
MOST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Minute:
    """What a clinician says of a session in a minute; None is not said.

    ``tension`` 0 to 4 as noticed, ``distress`` 0 to 10 at the end in the patient's own
    rating, ``processed`` if a memory was worked on.
    """

    tension: int | None = None
    distress: int | None = None
    processed: bool = False

    def __post_init__(self) -> None:
        """Refuse a rating outside its scale."""
        for name, value, most in (
            ("tension", self.tension, MOST_TENSION),
            ("distress", self.distress, MOST_DISTRESS),
        ):
            if value is not None and not 0 <= value <= most:
                raise ValidationError(f"{name} is {value}; it goes from 0 to {most}.")


@dataclass(frozen=True, slots=True)
class How:
    """How a strain showed, by a key of ``content/strains.toml``, and who noticed it."""

    marker: str = ""
    source: Rupture.Source = Rupture.Source.CLINICIAN

    def check_fits(self, family: Rupture.Kind) -> None:
        """Raise if the marker belongs to the other family."""
        if self.marker and marker_of(self.marker).kind != family:
            found = marker_of(self.marker)
            raise ValidationError(
                f"{found.words!r} belongs to {found.kind}, not to {family.value}. "
                "Choose another marker, or none."
            )


@transaction.atomic
def plan_session(
    *,
    patient: Patient,
    clinician: User,
    starts_at: datetime,
    by: User,
    at: datetime,
    minutes: int = 50,
) -> TherapySession:
    """Put a session with a patient in a clinician's day."""
    check_can_note(by, patient, at=at)
    check_can_note(clinician, patient, at=at)
    if not 1 <= minutes <= MOST_MINUTES:
        raise ValidationError(f"A session of {minutes} minutes; choose 1 to {MOST_MINUTES}.")
    session = TherapySession.objects.create(
        patient=patient, clinician=clinician, starts_at=starts_at, minutes=minutes
    )
    trail.record(Verb.SESSION_PLAN, by=by, at=at, patient=patient.pk, about=session)
    return session


@transaction.atomic
def close_session(
    *,
    session: TherapySession,
    state: str,
    by: User,
    at: datetime,
    minute: Minute | None = None,
) -> TherapySession:
    """Note that a planned session was held, missed or cancelled.

    ``minute`` is what the clinician says of a session that was held.
    """
    session = TherapySession.objects.select_for_update(no_key=True).get(pk=session.pk)
    check_can_close(by, session, at=at)
    ending = TherapySession.State(state)
    if ending == TherapySession.State.PLANNED:
        raise ValidationError("Say whether the session was held, missed or cancelled.")
    if ending == TherapySession.State.HELD and session.starts_at > at:
        raise PermissionDenied("This session has not begun yet; it cannot have been held.")
    said = minute or Minute()
    if ending != TherapySession.State.HELD and said != Minute():
        raise ValidationError(f"A session that was {ending.label} has nothing to rate.")
    session.state = ending
    session.tension, session.distress = said.tension, said.distress
    session.processed = said.processed
    session.save(update_fields=["state", "tension", "distress", "processed"])
    trail.record(Verb.SESSION_CLOSE, by=by, at=at, patient=session.patient_id, about=session)
    return session


@transaction.atomic
def agree_interval(*, patient: Patient, days: int, by: User, at: datetime) -> AgreedInterval:
    """Keep how many days lie between sessions, as agreed with the patient."""
    check_can_note(by, patient, at=at)
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"{days} days between sessions; choose 1 to {MOST_DAYS}.")
    agreed = AgreedInterval.objects.create(
        patient=patient, days=days, agreed_at=at, agreed_by=by
    )
    trail.record(Verb.SESSION_AGREE, by=by, at=at, patient=patient.pk, about=agreed)
    return agreed


@transaction.atomic
def note_rupture(
    *, patient: Patient, kind: str, note: str, by: User, at: datetime, how: How | None = None
) -> Rupture:
    """Note a strain in the working relationship; it stays open until it is repaired."""
    check_can_notice(by, patient, at=at)
    family, told = Rupture.Kind(kind), how or How()
    told.check_fits(family)
    rupture = Rupture.objects.create(
        patient=patient,
        kind=family,
        source=told.source,
        marker=told.marker,
        note=note,
        noticed_at=at,
        noticed_by=by,
    )
    trail.record(Verb.RUPTURE_NOTE, by=by, at=at, patient=patient.pk, about=rupture)
    return rupture


@transaction.atomic
def repair_rupture(*, rupture: Rupture, because: str, by: User, at: datetime) -> Rupture:
    """Close a strain as a clinician, with the reason; refused if it is closed already."""
    rupture = Rupture.objects.select_for_update(no_key=True).get(pk=rupture.pk)
    check_can_repair(by, rupture, at=at)
    reason = because.strip()
    if not 1 <= len(reason) <= MOST_REASON:
        raise ValidationError(
            f"A reason of {len(reason)} characters; say in 1 to {MOST_REASON} why it is closed."
        )
    RepairEntry.objects.create(
        rupture=rupture, step=RepairEntry.Step.CLOSED, words=reason, by=by, at=at
    )
    rupture.repaired_by, rupture.repaired_at = by, at
    rupture.save(update_fields=["repaired_by", "repaired_at"])
    trail.record(Verb.RUPTURE_REPAIR, by=by, at=at, patient=rupture.patient_id, about=rupture)
    return rupture


@transaction.atomic
def say_mended(*, rupture: Rupture, by: User, at: datetime) -> Rupture:
    """Note a repair in the patient's own name: they said that it is mended."""
    rupture = Rupture.objects.select_for_update(no_key=True).get(pk=rupture.pk)
    check_can_say_mended(by, rupture)
    rupture.repaired_by, rupture.repaired_at = by, at
    rupture.save(update_fields=["repaired_by", "repaired_at"])
    trail.record(Verb.RUPTURE_REPAIR, by=by, at=at, patient=rupture.patient_id, about=rupture)
    return rupture
