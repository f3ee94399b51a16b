"""Formulations and goals by who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.people.access.words import Category, Thing
from securebase.people.accounts.models import User

PLAN = Thing(Category.PLAN)
RELEASED = Thing(Category.PLAN, released=True)


def formulations_visible_to(user: User, *, at: datetime) -> QuerySet[Formulation]:
    """Return the versions this person may read.

    Whoever may read plans in a record reads all of them; the patient what was offered,
    and what they wrote themselves.
    """
    open_plans = patients_open_to(user, PLAN, at=at)
    released = patients_open_to(user, RELEASED, at=at)
    meant_for_them = Q(offered_at__isnull=False) | Q(written_by=user)
    return Formulation.objects.filter(
        Q(patient__in=open_plans.values("pk"))
        | (Q(patient__in=released.values("pk")) & meant_for_them)
    )


def goals_visible_to(user: User, *, at: datetime) -> QuerySet[Goal]:
    """Return the goals in every record whose shared plan this person may read."""
    opened = patients_open_to(user, RELEASED, at=at)
    return Goal.objects.filter(patient__in=opened.values("pk")).prefetch_related("ratings")


def newest_of(patient: Patient) -> Formulation | None:
    """Return the newest version, agreed to or not; None if nothing was written."""
    return Formulation.objects.filter(patient=patient).first()


def shared_with(patient: Patient) -> Formulation | None:
    """Return the newest version both have agreed to."""
    both = Q(offered_at__isnull=False, taken_at__isnull=False)
    return Formulation.objects.filter(both, patient=patient).first()
