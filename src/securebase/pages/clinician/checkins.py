"""Reading one check-in that was sent; opening it is what counts as read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import checkins_visible_to
from securebase.clinic.practice.queries import answered_offline
from securebase.pages.clinician.answers import sheets
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Category
from securebase.stories.open_record import read_checkin


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="checkins.CheckIn")
@require_safe
@in_practice_time
def checkin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the answers of one check-in in words, what was written first."""
    at = timezone.now()
    theirs = checkins_visible_to(request.user, at=at).filter(
        patient__in=patients_treated_by(request.user, at=at).values("pk"),
        state=CheckIn.State.SUBMITTED,
    )
    sent = get_object_or_404(theirs.select_related("patient"), pk=pk)
    answered = read_checkin(checkin=sent, by=request.user, at=at)
    found = sheets(answered, language=sent.patient.language)
    lines = [line for sheet in found for line in sheet.lines]
    return render(
        request,
        "clinician/checkin.html",
        {
            "checkin": sent,
            "offline": answered_offline([sent.pk]).get(sent.pk),
            "patient": sent.patient,
            "sheets": found,
            "written": [line for line in lines if line.written],
            "marked": [line for line in lines if line.marked],
        },
    )
