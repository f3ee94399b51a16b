"""The bridge plan as the patient reads it: days, people, a note, and what comes after."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.bridge.queries import bridge_plans_visible_to, holding
from securebase.clinic.care.models import Patient
from securebase.pages.patient.moments import covers_told, own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.people.accounts.models import User


@for_audience(Audience.PATIENT, Category.PLAN)
@require_safe
def bridge(request: SignedInRequest) -> HttpResponse:
    """Show who stands in, and each plan that holds now or will."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    context = {
        "plans": plans_for(request.user, patient, at=at),
        "covers": covers_told(patient, at=at),
        "back": Link(gettext("Home"), reverse("me_home")),
    }
    return show(request, "patient/bridge.html", context, patient=patient)


def plans_for(user: User, patient: Patient, *, at: datetime) -> QuerySet[BridgePlan]:
    """Return the person's own plans that hold now or will, the earliest first."""
    today = at.astimezone(ZoneInfo(patient.time_zone)).date()
    mine = bridge_plans_visible_to(user, at=at).filter(patient=patient)
    return holding(mine, on=today)
