"""Supervision, for the host: who supervises whom, and a new contract."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.care.days import last_day
from securebase.clinic.care.supervision import (
    agree_on_supervision,
    clinicians,
    contracts_visible_to,
    end_supervision,
    supervisors,
)
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import SupervisionForm
from securebase.stories.open_today import zone_of_practice


@for_audience(Audience.HOST, impersonal="who supervises whom")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def supervision(request: SignedInRequest) -> HttpResponse:
    """Show the contracts of the practice, and record one."""
    at, zone = timezone.now(), zone_of_practice()
    form = SupervisionForm(
        request.POST or None, supervisors=supervisors(), supervisees=clinicians()
    )
    if form.took(lambda: agree_on_supervision(**form.agreed(zone.key), by=request.user, at=at)):
        messages.success(request, "Recorded. It opens on the first day and ends by itself.")
        return redirect("host_supervision")
    contracts = contracts_visible_to(request.user, at=at)
    context = {
        "rows": [(one, last_day(one.until, zone.key), one.since <= at) for one in contracts],
        "may_record": supervisors().exists(),
    }
    return form_page(request, "host/supervision.html", form, context)


@for_audience(Audience.HOST, impersonal="who supervises whom")
@require_POST
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a contract before its day."""
    at = timezone.now()
    contract = get_object_or_404(contracts_visible_to(request.user, at=at), pk=pk)
    end_supervision(contract=contract, by=request.user, at=at)
    messages.success(request, "Ended. The work is closed to this supervisor.")
    return redirect("host_supervision")
