"""Who may see whom: every fetch of a record starts here."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from securebase.clinic.care.models import Care, Patient, Practice
from securebase.people.accounts.models import Role, User


def the_practice() -> Practice | None:
    """Return the practice; None before the first set-up."""
    return Practice.objects.filter(pk=1).first()


def open_bonds(at: datetime) -> Q:
    """Return the condition that a bond holds at that moment."""
    return Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))


def patients_visible_to(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the records this person may open now: their own, or those in their care."""
    mine = Q(account=user) if user.holds(Role.PATIENT) else Q(pk__in=[])
    if user.holds(Role.CLINICIAN):
        bonds = Care.objects.filter(open_bonds(at), clinician=user)
        mine |= Q(pk__in=bonds.values("patient"))
    return Patient.objects.filter(mine)


def patients_treated_by(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the records of people in this clinician's care now; never their own."""
    bonds = Care.objects.filter(open_bonds(at), clinician=user)
    treated = Q(pk__in=bonds.values("patient")) if user.holds(Role.CLINICIAN) else Q(pk__in=[])
    return Patient.objects.filter(treated)


def bond_of_record(patient: Patient, *, at: datetime) -> Care | None:
    """Return the bond with the clinician of record, who reads and answers."""
    return (
        Care.objects.filter(open_bonds(at), patient=patient, part=Care.Part.OF_RECORD)
        .select_related("clinician")
        .first()
    )
