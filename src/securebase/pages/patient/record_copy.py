"""The copy of their own record that somebody takes with them."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.record_file import as_file
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.step_up import asked_again
from securebase.people.access.words import Action, Category
from securebase.stories.export_subject.pack import export_subject


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def copy(request: SignedInRequest) -> HttpResponse:
    """Say what the copy is, and make it: at once, kept nowhere."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    if request.method == "POST":
        data = export_subject(patient=patient, by=request.user, at=at)
        return as_file(data)
    context = {"back": Link("Your record", reverse("me_record"))}
    return show(request, "patient/record_copy.html", context, patient=patient)
