"""After a check-in is sent: thanks, who reads it and when, and help at once if needed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.safety.queries import current_plan
from securebase.pages.patient.checkin import own_checkin
from securebase.pages.patient.moments import reader_of, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.crisis import help_here
from securebase.pages.shared.language.content import spoken
from securebase.pages.shared.safety_plan import shown
from securebase.people.access.words import Category
from securebase.science.exercises import exercises
from securebase.stories.submit_checkin import receipt_of

NEED = "too-much"
"""What the exercise offered afterwards is for, until we know what helps whom."""


@for_audience(Audience.PATIENT, Category.MEASURE, of="checkins.CheckIn")
@require_safe
def sent(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say what happens next; with a safety item marked, people and numbers come first."""
    at = timezone.now()
    checkin = own_checkin(request.user, pk, at=at)
    if checkin.submitted_at is None:
        return redirect("me_checkin")
    receipt = receipt_of(checkin, at=at)
    plan = current_plan(checkin.patient) if receipt.safety else None
    context = {
        "parts": shown(plan.lines) if plan else [],
        "checkin": checkin,
        "receipt": receipt,
        "waits": receipt.read_by is not None and at <= receipt.read_by,
        "reader": reader_of(checkin.patient, after=checkin.submitted_at, at=at),
        "exercise": spoken(exercises(NEED)[0]),
        "help": help_here(at=at) if receipt.safety else None,
    }
    return show(request, "patient/checkin_sent.html", context, patient=checkin.patient)
