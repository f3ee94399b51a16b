"""Setting up the practice, welcoming people, and the bonds that open their records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.clinic.care.cover import check_can_arrange_cover
from securebase.clinic.care.models import Care, Patient, Practice
from securebase.clinic.care.policies import (
    check_can_see_record,
    check_can_set_up,
    check_can_treat,
    check_can_welcome,
)
from securebase.clinic.care.wall_time import check_zone
from securebase.people.accounts.models import Role, User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

WORKING_DAYS = [0, 1, 2, 3, 4]
END_OF_DAY = time(18, 0)


@transaction.atomic
def set_up_practice(
    *, name: str, country: str, time_zone: str, signals_on: bool, by: User, at: datetime
) -> Practice:
    """Begin the one practice of this installation; refused once there is one."""
    check_can_set_up(by)
    check_zone(time_zone)
    practice = Practice(
        pk=1,
        name=name.strip(),
        country=country.upper(),
        time_zone=time_zone,
        signals_on=signals_on,
        set_up_at=at,
        set_up_by=by,
    )
    practice.full_clean()
    practice.save(force_insert=True)
    trail.record(Verb.PRACTICE_SET_UP, by=by, at=at, about=practice)
    return practice


@transaction.atomic
def welcome(
    *,
    name: str,
    pronouns: str,
    time_zone: str,
    language: str,
    by: User,
    at: datetime,
    account: User | None = None,
) -> Patient:
    """Begin the record of a person; whoever welcomes them is their clinician of record.

    ``account`` is the one the person will sign in with, if they want one.
    """
    check_can_welcome(by)
    check_zone(time_zone)
    if not name.strip():
        raise ValidationError("The name is empty. Write what this person wants to be called.")
    patient = Patient.objects.create(
        account=account,
        name=name.strip(),
        pronouns=pronouns.strip(),
        time_zone=time_zone,
        language=language,
        welcomed_at=at,
    )
    _bond(patient, by, Care.Part.OF_RECORD, at=at)
    trail.record(Verb.CARE_WELCOME, by=by, at=at, patient=patient.pk, about=patient)
    return patient


@transaction.atomic
def begin_care(
    *,
    patient: Patient,
    clinician: User,
    by: User,
    at: datetime,
    part: str = Care.Part.COVERING,
    until: datetime | None = None,
) -> Care:
    """Open a record to one more clinician; only the clinician of record may do so.

    Whoever covers treats the person too, but opens the record to nobody else.
    """
    check_can_treat(by, patient, at=at)
    check_can_arrange_cover(by, patient, at=at)
    if not clinician.holds(Role.CLINICIAN):
        raise PermissionDenied("A record opens only to clinicians; this account is not one.")
    care = _bond(patient, clinician, Care.Part(part), at=at, until=until)
    trail.record(Verb.CARE_BEGIN, by=by, at=at, patient=patient.pk, about=care)
    return care


@transaction.atomic
def promise_reading(
    *, care: Care, days: Iterable[int], reading_by: time, by: User, at: datetime
) -> Care:
    """Agree on which weekdays, and by when, the clinician reads what the patient sends."""
    check_can_treat(by, care.patient, at=at)
    chosen = sorted(set(days))
    if not chosen or not set(chosen) <= set(range(7)):
        raise ValidationError(
            f"Reading days are {chosen}; choose at least one weekday, Monday 0 to Sunday 6."
        )
    care = Care.objects.select_for_update(no_key=True).get(pk=care.pk)
    care.reading_days, care.reading_by = chosen, reading_by
    care.save(update_fields=["reading_days", "reading_by"])
    trail.record(Verb.CARE_READING, by=by, at=at, patient=care.patient_id, about=care)
    return care


@transaction.atomic
def note_read(*, patient: Patient, by: User, at: datetime) -> None:
    """Put on the trail that somebody opened this record."""
    check_can_see_record(by, patient, at=at)
    trail.record(Verb.RECORD_READ, by=by, at=at, patient=patient.pk, about=patient)


@transaction.atomic
def note_list_read(*, by: User, at: datetime) -> None:
    """Put on the trail that a clinician looked at the list of people in their care."""
    check_can_welcome(by)
    trail.record(Verb.CARE_LIST, by=by, at=at)


def _bond(
    patient: Patient,
    clinician: User,
    part: Care.Part,
    *,
    at: datetime,
    until: datetime | None = None,
) -> Care:
    return Care.objects.create(
        patient=patient,
        clinician=clinician,
        part=part,
        since=at,
        until=until,
        reading_days=WORKING_DAYS,
        reading_by=END_OF_DAY,
    )
