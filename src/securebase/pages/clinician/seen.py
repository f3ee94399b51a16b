"""Who opened a record, and what a patient asked about it, as the clinician sees it."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.concerns import concern_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.seen import shown, wanted_of
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Category
from securebase.stories.raise_concern import concerns_visible_to, records_with_trail
from securebase.stories.read_trail import EVERYONE, read_trail


@for_audience(Audience.CLINICIAN, Category.AUDIT, of="care.Patient")
@require_safe
def seen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show who opened this record: the same lines that the patient reads."""
    at = timezone.now()
    patient = get_object_or_404(records_with_trail(request.user, at=at), pk=pk)
    wanted = wanted_of(request.GET, who=EVERYONE)
    found = read_trail(patient=patient, wanted=wanted, by=request.user, at=at)
    back = Link(patient.initials, reverse("desk_person", args=[pk]))
    with timezone.override(ZoneInfo(patient.time_zone)):
        return render(request, "clinician/seen.html", shown(found) | {"back": back})


@for_audience(Audience.CLINICIAN, Category.AUDIT, of="audit.Concern")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def concern(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what a patient asked about a line, and answer it."""
    found = get_object_or_404(concerns_visible_to(request.user, at=timezone.now()), pk=pk)
    back = Link("Today", reverse("desk_today"))
    return concern_page(request, found, template="clinician/concern.html", back=back)
