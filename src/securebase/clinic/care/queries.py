"""Who may see whom: every fetch of a record starts here."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from securebase.clinic.care.models import Care, Patient, Practice
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.care.ties import holding
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User

RECORD = Thing(Category.IDENTITY, kind=Kind.RECORD)
TREATING = Thing(Category.SCHEDULE)
"""Whoever may plan sessions with somebody treats them: of record, or covering."""


def the_practice() -> Practice | None:
    """Return the practice; None before the first set-up."""
    return Practice.objects.filter(pk=1).first()


def open_bonds(at: datetime) -> Q:
    """Return the condition that a bond holds at that moment."""
    return holding(at)


def patients_visible_to(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the records this person may open now: their own, or those in their care."""
    return patients_open_to(user, RECORD, at=at)


def patients_treated_by(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the records of people in this clinician's care now; never their own."""
    return patients_open_to(user, TREATING, at=at, action=Action.WRITE)


def bond_of_record(patient: Patient, *, at: datetime) -> Care | None:
    """Return the bond with the clinician of record, who reads and answers."""
    return (
        Care.objects.filter(open_bonds(at), patient=patient, part=Care.Part.OF_RECORD)
        .select_related("clinician")
        .first()
    )
