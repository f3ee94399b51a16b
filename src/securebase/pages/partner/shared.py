"""Who shares with a partner, and one person as they chose to be seen.

What is open is worked out from the consent ledger on every request. Once a consent is
over or withdrawn, the page answers like one that never was.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.consent.models import Entry
from securebase.clinic.consent.queries import patients_sharing_with
from securebase.clinic.consent.words import offered
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.sharing import PLAIN, sections
from securebase.people.access.words import Category
from securebase.stories.share_with_partner import list_shared, open_shared


@for_audience(Audience.PARTNER, Category.IDENTITY)
@require_safe
@in_practice_time
def people(request: SignedInRequest) -> HttpResponse:
    """List the people who share with this partner now, with what and until when."""
    at = timezone.now()
    rows = [
        (patient, [_said(one) for one in consents])
        for patient, consents in list_shared(by=request.user, at=at)
    ]
    return render(request, "partner/people.html", {"rows": rows})


@for_audience(Audience.PARTNER, Category.IDENTITY, of="care.Patient")
@require_safe
@in_practice_time
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what one person shares now, and nothing else; 404 once they stopped."""
    at = timezone.now()
    patient = get_object_or_404(patients_sharing_with(request.user, at=at), pk=pk)
    try:
        shared = open_shared(patient=patient, by=request.user, at=at)
    except PermissionDenied as withdrawn_meanwhile:
        raise Http404 from withdrawn_meanwhile
    context = {
        "patient": patient,
        "back": Link("People who share with me", reverse("with_people")),
        "consents": [_said(one) for one in shared.consents],
        "sections": sections(shared.seen),
    }
    return render(request, "partner/person.html", context)


def _said(consent: Entry) -> dict[str, object]:
    """Return a consent in a professional's words."""
    return {
        "kinds": [name for kind, name in PLAIN.items() if kind in consent.scope],
        "purpose": offered().purposes[consent.purpose],
        "until": consent.last_moment,
    }
