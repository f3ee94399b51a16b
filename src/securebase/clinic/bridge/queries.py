"""Bridge plans by who may see them, and which of them hold now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.people.access.words import Category, Thing
from securebase.people.accounts.models import User

SHOWN_AFTER = timedelta(days=14)
"""How long a plan stays on the first page after its last day."""
PLAN = Thing(Category.PLAN)
RELEASED = Thing(Category.PLAN, released=True)


def bridge_plans_visible_to(user: User, *, at: datetime) -> QuerySet[BridgePlan]:
    """Return the newest version of each plan this person may read, the earliest first.

    A plan is written for the patient: they read it from the moment it is kept.
    """
    newer = BridgePlan.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"))
    opened = patients_open_to(user, PLAN, at=at) | patients_open_to(user, RELEASED, at=at)
    return (
        BridgePlan.objects.filter(patient__in=opened.values("pk"))
        .exclude(Exists(newer))
        .select_related("written_by", "patient")
    )


def versions_of(plan: UUID, *, patient: Patient) -> QuerySet[BridgePlan]:
    """Return every version of a plan, the newest first."""
    return BridgePlan.objects.filter(plan=plan, patient=patient).order_by("-number")


def holding(plans: QuerySet[BridgePlan], *, on: date) -> QuerySet[BridgePlan]:
    """Return the plans that were not called off and are not long over."""
    still = (
        Q(last_day__gte=on - SHOWN_AFTER)
        | Q(contact_on__gte=on)
        | Q(kind=BridgePlan.Kind.AN_ENDING, first_day__gte=on - SHOWN_AFTER)
    )
    return plans.filter(still, called_off_at__isnull=True)
