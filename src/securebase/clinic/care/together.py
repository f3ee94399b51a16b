"""More than one clinician: a colleague who treats the same person, with no end agreed.

Such a colleague sees and does what the clinician of record does in the record, except
to open it to anybody else.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.cover import (
    bonds_of_record,
    check_can_arrange_cover,
    check_not_kept_out,
)
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import open_bonds
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


def treating_too(patient: Patient, *, at: datetime) -> QuerySet[Care]:
    """Return the bonds of colleagues who treat this person besides the one of record."""
    bonds = Care.objects.filter(open_bonds(at), patient=patient, part=Care.Part.ALSO)
    return bonds.select_related("clinician", "patient")


def bonds_treating_too(*, at: datetime) -> QuerySet[Care]:
    """Return every bond of this kind that is open."""
    bonds = Care.objects.filter(open_bonds(at), part=Care.Part.ALSO)
    return bonds.select_related("clinician", "patient")


def check_can_end_treating(user: User, bond: Care, *, at: datetime) -> None:
    """Raise unless the bond is open, of this kind, and this person's to end."""
    if not bonds_treating_too(at=at).filter(pk=bond.pk).exists():
        raise PermissionDenied("This colleague does not treat the person besides you now.")
    if user.pk != bond.clinician_id or not user.holds(Role.CLINICIAN):
        check_can_arrange_cover(user, bond.patient, at=at)


def can_end_treating(user: User, bond: Care, *, at: datetime) -> bool:
    """Whether this person may end this bond now."""
    return granted(check_can_end_treating, user, bond, at=at)


@transaction.atomic
def let_treat_too(*, patient: Patient, colleague: User, by: User, at: datetime) -> Care:
    """Let a colleague treat this person as well, until one of them ends it."""
    check_can_arrange_cover(by, patient, at=at)
    if not colleague.holds(Role.CLINICIAN) or not colleague.is_active:
        raise ValidationError({"colleague": "Only a clinician of this practice can treat."})
    if patient.account_id == colleague.pk:
        raise ValidationError({"colleague": "Nobody treats themselves. Choose another."})
    check_not_kept_out(colleague, [patient])
    of_record = bonds_of_record(by, at=at).select_for_update(no_key=True).get(patient=patient)
    theirs = Care.objects.filter(open_bonds(at), patient=patient, clinician=colleague)
    if theirs.exists():
        raise ValidationError({"colleague": "The record is open to this colleague already."})
    bond = Care.objects.create(
        patient=patient,
        clinician=colleague,
        part=Care.Part.ALSO,
        since=at,
        reading_days=of_record.reading_days,
        reading_by=of_record.reading_by,
    )
    trail.record(Verb.CARE_JOIN, by=by, at=at, patient=patient.pk, about=bond)
    return bond


@transaction.atomic
def end_treating(*, bond: Care, by: User, at: datetime) -> Care:
    """End a colleague's part; the record closes to them at the next request."""
    bond = Care.objects.select_for_update(no_key=True).get(pk=bond.pk)
    check_can_end_treating(by, bond, at=at)
    bond.until = at
    bond.save(update_fields=["until"])
    trail.record(Verb.CARE_END, by=by, at=at, patient=bond.patient_id, about=bond)
    return bond
