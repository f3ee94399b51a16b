"""One form on a device that somebody of the practice has handed over."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.checkins.policies import can_answer
from securebase.clinic.checkins.questions import minutes_of
from securebase.pages.patient.checkin import go_on_url, own_checkin, sheet_of
from securebase.pages.patient.moments import reader_of, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.visits import HANDED_BACK
from securebase.people.access.words import Category
from securebase.people.accounts.models import Visit


@for_audience(Audience.PATIENT, Category.SCHEDULE)
@require_safe
def handed_over(request: SignedInRequest) -> HttpResponse:
    """Say what this form asks and who reads it, before anything is asked."""
    visit: Visit | None = request.visit  # type: ignore[attr-defined]
    if visit is None or visit.only is None:
        return redirect("me_checkin")
    at = timezone.now()
    checkin = own_checkin(request.user, visit.only, at=at)
    if not can_answer(request.user, checkin, at=at):
        return redirect(HANDED_BACK)
    sheet = sheet_of(checkin, by=request.user)
    context = {
        "checkin": checkin,
        "sheet": sheet,
        "go_on_url": go_on_url(checkin, sheet),
        "minutes": minutes_of(checkin),
        "notes": list(dict.fromkeys(q.content_note for q in sheet.questions if q.content_note)),
        "reader": reader_of(checkin.patient, after=at, at=at),
    }
    return show(request, "patient/hand_over.html", context, patient=checkin.patient)
