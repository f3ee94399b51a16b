"""What is kept about somebody, what of it is sealed, and who could read it anyway."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.stories.holds import record_term


@for_audience(Audience.PATIENT, Category.IDENTITY)
@require_safe
def held(request: SignedInRequest) -> HttpResponse:
    """Say it plainly, what the locks do not keep out as well."""
    patient = own_record(request.user, at=timezone.now())
    context = {
        "years": record_term().years,
        "back": Link("Your record", reverse("me_record")),
    }
    return show(request, "patient/held.html", context, patient=patient)
