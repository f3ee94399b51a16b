"""Emergency access: a record opened once without a tie, told, and looked at afterwards.

It lasts for a few hours, opens the record to read and never process notes, and leaves
nothing behind but its trace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Care, Emergency, Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.care.queries import open_bonds
from securebase.people.access.words import Action, Category, Obligation, Thing
from securebase.people.access.words import Kind as RecordKind
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.people.vault.blind import find_owners

NAME = "care.patient.name"
SHORT_NUMBER = re.compile(r"[0-9a-f]{8}", re.IGNORECASE)
KEPT_HERE = frozenset(
    {
        Obligation.AUDIT,
        Obligation.STEP_UP,
        Obligation.TELL_PATIENT,
        Obligation.TELL_OF_RECORD,
    }
)
"""What whoever is let in owes, and the pages of an emergency see to."""
LEAST_REASON = 10
"""Letters a reason needs, so that it says something."""
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a record is opened, and why the patient hears of it later, if they do."""

    kind: str
    reason: str
    delay_hours: int = 0
    delay_reason: str = ""


def emergencies_open(at: datetime) -> QuerySet[Emergency]:
    """Return every emergency access that holds now, by clinicians who still are ones."""
    roles = Q(clinician__roles_held__role=Role.CLINICIAN.value)
    held = roles & Q(clinician__roles_held__until__isnull=True, clinician__is_active=True)
    return Emergency.objects.filter(open_bonds(at)).filter(held)


def emergencies_of(user: User, *, at: datetime) -> QuerySet[Emergency]:
    """Return the emergency accesses that this clinician holds now."""
    return emergencies_open(at).filter(clinician=user).select_related("patient")


def emergencies_told_to(patient: Patient, *, at: datetime) -> QuerySet[Emergency]:
    """Return what the patient's first page tells of: recent, and not put off any more."""
    recent = Q(told_from__lte=at, told_from__gt=at - limits().told)
    found = Emergency.objects.filter(recent, patient=patient)
    return found.select_related("clinician", "reviewed_by")


def emergencies_untold(patient: Patient, *, at: datetime) -> QuerySet[Emergency]:
    """Return what the patient is not told yet, for whoever lists who saw the record."""
    return Emergency.objects.filter(patient=patient, told_from__gt=at)


def emergencies_reviewed_by(user: User, *, at: datetime) -> QuerySet[Emergency]:
    """Return every emergency access this person may review: a host all, else own patients'.

    Nobody reviews their own, nor one about themselves.
    """
    of_record = Care.objects.filter(open_bonds(at), part=Care.Part.OF_RECORD, clinician=user)
    found = Emergency.objects.none()
    if user.holds(Role.HOST):
        found = Emergency.objects.all()
    elif user.holds(Role.CLINICIAN):
        found = Emergency.objects.filter(patient__in=of_record.values("patient"))
    others = found.exclude(clinician=user).exclude(patient__account=user)
    return others.select_related("patient", "clinician")


def waiting_for_review(user: User, *, at: datetime) -> QuerySet[Emergency]:
    """Return the emergency accesses that wait for this person's look, the oldest first."""
    waiting = emergencies_reviewed_by(user, at=at).filter(reviewed_at__isnull=True)
    return waiting.order_by("review_by", "pk")


def record_number(patient: Patient) -> str:
    """Return the short number that stands for a record where no name should."""
    return patient.pk.hex[:8]


def find_exactly(said: str) -> Patient | None:
    """Return the one record with exactly this name, e-mail address or record number.

    Nothing is listed and nothing completed: two records found count as none. The name is
    compared without being opened.
    """
    said = said.strip()
    if "@" in said:
        found = Patient.objects.filter(account__email__iexact=said)
    elif SHORT_NUMBER.fullmatch(said):
        first, last = UUID(hex=said + "0" * 24), UUID(hex=said + "f" * 24)
        found = Patient.objects.filter(pk__gte=first, pk__lte=last)
    else:
        found = Patient.objects.filter(pk__in=find_owners(NAME, said))
    records = list(found[:2])
    return records[0] if len(records) == 1 else None


def check_can_ask(user: User, *, at: datetime) -> None:
    """Raise unless this person may look for a record in an emergency.

    The door rests after some searches that found nobody, so that it cannot be used to
    find out who is a patient here.
    """
    if not user.holds(Role.CLINICIAN):
        raise PermissionDenied("Only a clinician can open a record in an emergency.")
    misses = AuditEvent.objects.filter(
        actor=user.pk, verb=Verb.EMERGENCY_MISS.value, at__gt=at - AN_HOUR
    )
    if misses.count() >= limits().misses:
        raise PermissionDenied(
            "Too many searches found nobody. Wait an hour, or ring the practice's host."
        )


def can_ask(user: User, *, at: datetime) -> bool:
    """Whether this person may look for a record in an emergency."""
    return granted(check_can_ask, user, at=at)


def check_can_open_in_emergency(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician has no other way into this record, which is not theirs."""
    check_can_ask(user, at=at)
    if patient.account_id == user.pk:
        raise PermissionDenied("This is your own record. It opens from your own first page.")
    if Care.objects.filter(open_bonds(at), clinician=user, patient=patient).exists():
        raise PermissionDenied("This person is in your care now; open the record from People.")


def can_open_in_emergency(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may open this record as an emergency."""
    return granted(check_can_open_in_emergency, user, patient, at=at)


def check_can_read_in_emergency(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician holds an emergency access to this record now."""
    if not emergencies_of(user, at=at).filter(patient=patient).exists():
        raise PermissionDenied("No emergency access of yours is open for this record.")
    record = Thing(Category.IDENTITY, about=patient.pk, kind=RecordKind.RECORD)
    check_may(user, Action.READ, record, at=at, keeping=KEPT_HERE)


def can_read_in_emergency(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician holds an emergency access to this record now."""
    return granted(check_can_read_in_emergency, user, patient, at=at)


def check_can_review(user: User, emergency: Emergency, *, at: datetime) -> None:
    """Raise unless this person may say what was found about an emergency access."""
    if emergency.reviewed_at is not None:
        raise PermissionDenied("This emergency access was reviewed already.")
    if not emergencies_reviewed_by(user, at=at).filter(pk=emergency.pk).exists():
        raise PermissionDenied("A host or the clinician of record reviews; never who opened.")


def can_review(user: User, emergency: Emergency, *, at: datetime) -> bool:
    """Whether this person may review this emergency access now."""
    return granted(check_can_review, user, emergency, at=at)


@transaction.atomic
def begin_emergency(
    *, patient: Patient, ground: Ground, by: User, at: datetime
) -> tuple[Emergency, bool]:
    """Open a record for a few hours; asked twice, the one that is open is returned.

    Returns
    -------
    tuple
        The access, and whether it was begun just now.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    check_can_open_in_emergency(by, patient, at=at)
    held = emergencies_of(by, at=at).filter(patient=patient).first()
    if held is not None:
        return held, False
    _check_ground(ground)
    allowed = limits()
    begun = Emergency.objects.create(
        clinician=by,
        patient=patient,
        reason_kind=ground.kind,
        reason=ground.reason.strip(),
        since=at,
        until=at + allowed.emergency,
        told_from=at + timedelta(hours=ground.delay_hours),
        delay_reason=ground.delay_reason.strip(),
        review_by=at + allowed.review,
    )
    check_can_read_in_emergency(by, patient, at=at)
    trail.record(Verb.EMERGENCY_OPEN, by=by, at=at, patient=patient.pk, about=begun)
    return begun, True


@transaction.atomic
def note_miss(*, by: User, at: datetime, kept_from: Patient | None = None) -> None:
    """Put on the trail that a search found nobody; what was searched for is not kept.

    ``kept_from`` is whose record was found and stays shut, because they keep this person
    out: they, and their clinician of record, read of it.
    """
    check_can_ask(by, at=at)
    trail.record(
        Verb.EMERGENCY_MISS,
        by=by,
        at=at,
        patient=kept_from.pk if kept_from else None,
        reason="never.excluded" if kept_from else "",
        outcome=AuditEvent.Outcome.REFUSED,
    )


@transaction.atomic
def note_emergency_read(*, patient: Patient, by: User, at: datetime) -> None:
    """Put on the trail that a record was read through an emergency access."""
    check_can_read_in_emergency(by, patient, at=at)
    trail.record(Verb.EMERGENCY_READ, by=by, at=at, patient=patient.pk, about=patient)


@transaction.atomic
def leave_emergency(*, emergency: Emergency, by: User, at: datetime) -> Emergency:
    """Close the record again before the hours are over."""
    held = (
        emergencies_of(by, at=at)
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=emergency.pk)
    )
    open_now = held.first()
    if open_now is None:
        raise PermissionDenied("This emergency access is over already, or is not yours.")
    open_now.until = at
    open_now.save(update_fields=["until"])
    patient = open_now.patient_id
    trail.record(Verb.EMERGENCY_LEAVE, by=by, at=at, patient=patient, about=open_now)
    return open_now


@transaction.atomic
def review_emergency(
    *, emergency: Emergency, outcome: str, by: User, at: datetime, note: str = ""
) -> Emergency:
    """Keep what was found when somebody else looked at an emergency access."""
    emergency = Emergency.objects.select_for_update(no_key=True).get(pk=emergency.pk)
    check_can_review(by, emergency, at=at)
    if outcome not in Emergency.Outcome.values:
        allowed = ", ".join(Emergency.Outcome.values)
        raise ValidationError(
            {"outcome": f"{outcome!r} is no outcome. Choose one of: {allowed}."}
        )
    emergency.outcome, emergency.review_note = outcome, note.strip()
    emergency.reviewed_at, emergency.reviewed_by = at, by
    fields = ["outcome", "review_note", "reviewed_at", "reviewed_by"]
    emergency.save(update_fields=fields)
    patient = emergency.patient_id
    trail.record(Verb.EMERGENCY_REVIEW, by=by, at=at, patient=patient, about=emergency)
    return emergency


def _check_ground(ground: Ground) -> None:
    """Raise unless the ground says why, and why the patient is told later if so."""
    problems: dict[str, str] = {}
    if ground.kind not in Emergency.Kind.values:
        problems["kind"] = f"{ground.kind!r} is no kind of reason. Choose one of the list."
    if len(ground.reason.strip()) < LEAST_REASON:
        problems["reason"] = "Write in a sentence why this record is needed now."
    most = limits().delay // timedelta(hours=1)
    if not 0 <= ground.delay_hours <= most:
        problems["delay_hours"] = f"{ground.delay_hours} hours; allowed are 0 to {most}."
    elif ground.delay_hours and len(ground.delay_reason.strip()) < LEAST_REASON:
        problems["delay_reason"] = "Write why it is safer to tell the patient later."
    if problems:
        raise ValidationError(problems)
