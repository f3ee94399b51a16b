"""Cover: a colleague stands in for the clinician of record, from a day to a day.

A cover is a bond like any other, with an end from the start. Nothing has to be done when
it is over: the record closes to the colleague at the next request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from securebase.clinic.care.days import Days
from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.care.ties import exclusions_in_force
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

KEPT_OUT = "{initials} does not want this colleague to see their record. Choose another."
ALREADY = "{initials} is covered in these days already. End that cover first."


def bonds_of_record(clinician: User, *, at: datetime) -> QuerySet[Care]:
    """Return the open bonds in which this person is clinician of record."""
    part = Care.Part.OF_RECORD
    return Care.objects.filter(open_bonds(at), clinician=clinician, part=part)


def covers_not_over(*, at: datetime) -> QuerySet[Care]:
    """Return covers that hold now or are still to come; one ended early is neither."""
    ahead = Q(until__isnull=True) | (Q(until__gt=at) & Q(until__gt=F("since")))
    found = Care.objects.filter(ahead, part=Care.Part.COVERING)
    return found.select_related("patient", "clinician").order_by("since", "pk")


def covers_of(patient: Patient, *, at: datetime) -> QuerySet[Care]:
    """Return the covers of one patient that hold or are still to come, the next first."""
    return covers_not_over(at=at).filter(patient=patient)


def covers_arranged_by(clinician: User, *, at: datetime) -> QuerySet[Care]:
    """Return the covers, now or to come, of everyone whose clinician of record this is."""
    mine = bonds_of_record(clinician, at=at)
    return covers_not_over(at=at).filter(patient__in=mine.values("patient"))


def cover_held_by(clinician: User, patient: Patient, *, at: datetime) -> Care | None:
    """Return the cover through which this clinician may open this record now."""
    held = covers_of(patient, at=at).filter(open_bonds(at), clinician=clinician)
    return held.first() if clinician.holds(Role.CLINICIAN) else None


def reading_bonds(patient: Patient, *, at: datetime) -> list[Care]:
    """Return the bonds, now or to come, of whoever reads check-ins; a cover's come first."""
    reading = (Care.Part.COVERING, Care.Part.OF_RECORD)
    ahead = Q(until__isnull=True) | Q(until__gt=at)
    bonds = Care.objects.filter(ahead, patient=patient, part__in=reading)
    return sorted(bonds.select_related("clinician"), key=lambda bond: reading.index(bond.part))


def reader_at(bonds: Iterable[Care], *, at: datetime) -> Care | None:
    """Return, of reading bonds, that of whoever reads then: the cover's, or that of record."""
    return next((bond for bond in bonds if bond.holds(at)), None)


def colleagues_of(clinician: User) -> QuerySet[User]:
    """Return the other clinicians of the practice, who could cover."""
    held = RoleHeld.objects.filter(role=Role.CLINICIAN, until__isnull=True)
    active = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return active.exclude(pk=clinician.pk)


def check_can_arrange_cover(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this person is the patient's clinician of record."""
    of_record = bonds_of_record(user, at=at).filter(patient=patient)
    if not (user.holds(Role.CLINICIAN) and of_record.exists()):
        raise PermissionDenied("Only the clinician of record opens the record to others.")


def can_arrange_cover(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person is the patient's clinician of record."""
    return granted(check_can_arrange_cover, user, patient, at=at)


def check_can_end_cover(user: User, cover: Care, *, at: datetime) -> None:
    """Raise unless the cover goes on and is this person's to end.

    The clinician of record may, and the colleague, who may fall ill too.
    """
    if cover.part != Care.Part.COVERING:
        raise PermissionDenied("This is not a cover, so it cannot be ended as one.")
    if cover.until is not None and cover.until <= max(at, cover.since):
        raise PermissionDenied("This cover is over already.")
    if user.pk != cover.clinician_id or not user.holds(Role.CLINICIAN):
        check_can_arrange_cover(user, cover.patient, at=at)


def can_end_cover(user: User, cover: Care, *, at: datetime) -> bool:
    """Whether this person may end this cover now."""
    return granted(check_can_end_cover, user, cover, at=at)


@transaction.atomic
def arrange_cover(
    *, patients: Sequence[Patient], colleague: User, days: Days, by: User, at: datetime
) -> list[Care]:
    """Let a colleague cover for these patients: all of them, or none if one cannot be.

    The colleague reads on the days and by the time that the patient was promised.
    """
    for patient in patients:
        check_can_arrange_cover(by, patient, at=at)
    if not patients:
        raise ValidationError("Nobody is in your care as clinician of record, so nobody waits.")
    _check_colleague(colleague, by=by, patients=patients)
    days.check(most=limits().cover, at=at)
    bonds = bonds_of_record(by, at=at).filter(patient__in=patients)
    return [
        _cover(bond, colleague, days=days, by=by, at=at)
        for bond in bonds.select_for_update(no_key=True, of=("self",)).select_related("patient")
    ]


@transaction.atomic
def end_cover(*, cover: Care, by: User, at: datetime) -> Care:
    """End a cover before its day; one that has not begun never holds."""
    cover = Care.objects.select_for_update(no_key=True, of=("self",)).get(pk=cover.pk)
    check_can_end_cover(by, cover, at=at)
    cover.until = max(at, cover.since)
    cover.save(update_fields=["until"])
    trail.record(Verb.COVER_END, by=by, at=at, patient=cover.patient_id, about=cover)
    return cover


def _check_colleague(colleague: User, *, by: User, patients: Sequence[Patient]) -> None:
    if colleague.pk == by.pk:
        raise ValidationError({"colleague": "You cannot cover for yourself. Choose another."})
    if not colleague.holds(Role.CLINICIAN) or not colleague.is_active:
        raise ValidationError({"colleague": "Only a clinician of this practice can cover."})
    if any(patient.account_id == colleague.pk for patient in patients):
        raise ValidationError({"colleague": "Nobody covers for their own record."})
    check_not_kept_out(colleague, patients)


def check_not_kept_out(colleague: User, patients: Sequence[Patient]) -> None:
    """Raise if one of these patients has said that the colleague shall not see them."""
    shut = exclusions_in_force().filter(person=colleague, patient__in=patients)
    if (first := shut.select_related("patient").first()) is not None:
        said = KEPT_OUT.format(initials=first.patient.initials)
        raise ValidationError({"colleague": said})


def _cover(bond: Care, colleague: User, *, days: Days, by: User, at: datetime) -> Care:
    since, until, patient = days.since(at=at), days.until, bond.patient
    then = Q(since__lt=until) & (Q(until__isnull=True) | Q(until__gt=since))
    if covers_of(patient, at=at).filter(then).exists():
        raise ValidationError({"first": ALREADY.format(initials=patient.initials)})
    cover = Care.objects.create(
        patient=patient,
        clinician=colleague,
        part=Care.Part.COVERING,
        since=since,
        until=until,
        reading_days=bond.reading_days,
        reading_by=bond.reading_by,
    )
    trail.record(Verb.COVER_BEGIN, by=by, at=at, patient=patient.pk, about=cover)
    return cover
