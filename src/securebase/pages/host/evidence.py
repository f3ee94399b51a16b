"""The evidence pack, for the host: dated facts to print, each with where it is shown."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.stories.gather_evidence import gather_evidence


@for_audience(Audience.HOST, impersonal="how the practice is kept")
@require_safe
@in_practice_time
def evidence(request: SignedInRequest) -> HttpResponse:
    """Show every fact there is, looked up now."""
    context = {"pack": gather_evidence(at=timezone.now())}
    return render(request, "host/evidence.html", context)
