"""A patient is told by mail, in neutral words, that a check-in is open.

One reminder for each patient, local date and agreed time: a changed time zone, a clock
set back or a second worker add none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import open_checkin
from securebase.clinic.episodes.models import Episode
from securebase.people.accounts.models import User
from securebase.people.post.delivery import Written
from securebase.people.post.languages import speaking
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter
from securebase.people.post.queries import wants_reminders, wishes_of
from securebase.stories.reminder_words import reminder_words

KIND = "reminder"


def enter_reminders(checkins: Iterable[CheckIn]) -> None:
    """Enter one reminder for each check-in that has just opened."""
    due = list(checkins)
    people = Patient.objects.select_related("account").in_bulk([one.patient_id for one in due])
    enter(
        _reminder(checkin, people[checkin.patient_id])
        for checkin in due
        if people[checkin.patient_id].account is not None
    )


def write_reminder(letter: Letter, at: datetime) -> Written | None:
    """Write a reminder; nothing if it is not needed or not wanted any more.

    Needed is only the check-in that waits now: of several that came while the worker
    stood still, the last one.
    """
    account = letter.account
    patient = Patient.objects.filter(pk=letter.about["patient"]).first()
    if account is None or patient is None:
        return None
    if not account.has_usable_password() or not wants_reminders(account):
        return None
    waiting = open_checkin(patient, at=at)
    if waiting is None or str(waiting.pk) != letter.about["checkin"]:
        return None
    if not _is_in_care(patient, at=at):
        return None
    return _as_wished(account, patient, opened=waiting.due_at, at=at)


def _as_wished(
    account: User, patient: Patient, *, opened: datetime, at: datetime
) -> Written | None:
    """Write in the patient's language, for the time they chose; nothing while they pause."""
    wishes, zone = wishes_of(account), patient.time_zone
    if wishes.is_paused(at, zone=zone):
        return None
    with speaking(patient.language):
        said = reminder_words()
    return Written(
        account.email,
        said.subject,
        said.words,
        by_day_in=zone,
        not_before=wishes.not_before(opened=opened, at=at, zone=zone),
    )


def _reminder(checkin: CheckIn, patient: Patient) -> Letter:
    zone = checkin.rhythm.time_zone if checkin.rhythm else patient.time_zone
    here = checkin.due_at.astimezone(ZoneInfo(zone))
    slot = checkin.rhythm.at_time if checkin.rhythm else here.time()
    return Letter(
        key=f"{KIND} {patient.pk} {here.date()} {slot:%H:%M}",
        kind=KIND,
        account=patient.account,
        about={"checkin": str(checkin.pk), "patient": str(patient.pk)},
        due_at=checkin.due_at,
        not_after=checkin.closes_at,
    )


def _is_in_care(patient: Patient, *, at: datetime) -> bool:
    """Whether a span of care and the bond with the clinician of record are open."""
    episode = Episode.objects.filter(patient=patient, closed_at__isnull=True)
    return episode.exists() and bond_of_record(patient, at=at) is not None
