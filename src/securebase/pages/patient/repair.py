"""Between us: saying that something is wrong, and when it is mended. Never asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.therapy.models import Rupture
from securebase.clinic.therapy.queries import strains_told_to
from securebase.clinic.therapy.repairing import MOST_WORDS, raise_strain, say_how_far
from securebase.clinic.therapy.repairs import MOST_RESOLVED, RepairEntry
from securebase.pages.patient.moments import own_record, reader_of, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.stories.repair_found import mended_by_word


class BetweenUsForm(AskingForm):
    """What is between the two; a tap without words is enough."""

    words = forms.CharField(
        label="What was it?",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "max_length": "This is longer than we can keep. Please make it a little shorter."
        },
    )


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def between(request: SignedInRequest) -> HttpResponse:
    """Show what stands between the two as far as the patient knows it, and raise more."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    given = request.POST if request.method == "POST" else None
    form = BetweenUsForm(given, label_suffix="")
    if form.took(
        lambda: raise_strain(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Sent. You can talk about it when you next meet.")
        return redirect("me_between")
    strains = strains_told_to(patient)
    context = {
        "open": [(one, _own_words(one)) for one in strains if one.is_open],
        "mended": [one for one in strains if not one.is_open],
        "reader": reader_of(patient, after=at, at=at),
        "numbers": range(1, MOST_RESOLVED + 1),
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/between.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="therapy.Rupture")
@require_POST
def how_far(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep how far it is mended; it stays open."""
    at = timezone.now()
    strain, value = _find(request, pk, at=at), request.POST.get("resolved", "")
    if value in {str(number) for number in range(1, MOST_RESOLVED + 1)}:
        say_how_far(rupture=strain, resolved=int(value), by=request.user, at=at)
        messages.success(request, "Kept. It stays open until you say it is mended.")
    else:
        messages.warning(request, f"Not kept. Choose a number from 1 to {MOST_RESOLVED}.")
    return redirect("me_between")


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="therapy.Rupture")
@require_POST
def mended(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say that it is mended."""
    at = timezone.now()
    mended_by_word(rupture=_find(request, pk, at=at), by=request.user, at=at)
    messages.success(request, "Noted: it is mended. You can raise it again at any time.")
    return redirect("me_between")


def _find(request: SignedInRequest, pk: UUID, *, at: datetime) -> Rupture:
    patient = own_record(request.user, at=at)
    waiting = strains_told_to(patient).filter(repaired_at__isnull=True)
    return get_object_or_404(waiting, pk=pk)


def _own_words(strain: Rupture) -> list[RepairEntry]:
    return [entry for entry in strain.entries.all() if entry.by_id == strain.patient.account_id]
