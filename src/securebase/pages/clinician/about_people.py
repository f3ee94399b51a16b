"""Whom answers are about: people the patient and the clinician name together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.targets import (
    LONGEST_NAME,
    call_target,
    end_target,
    name_target,
    targets_visible_to,
)
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category


class NewTargetForm(AskingForm):
    """A person to ask about."""

    kind = forms.ChoiceField(label="Who it is", choices=Target.Kind.choices)
    name = forms.CharField(
        label="What the patient calls them",
        max_length=LONGEST_NAME,
        required=False,
        help_text="A first name or a word is enough; it may stay empty. Kept encrypted.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CallForm(forms.Form):
    """Another name for a person."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False)


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def about(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show who is asked about; name another, call one otherwise, or end one."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    theirs = targets_visible_to(request.user, at=at).filter(patient=patient)
    people = list(theirs.select_related("patient"))
    wish = request.POST.get("do", "")
    if wish in ("call", "end"):
        return _changed(request, people, at=at)
    form = NewTargetForm(request.POST or None)
    if form.took(
        lambda: name_target(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Named. Questions about this person can be planned now.")
        return redirect("desk_about", pk=pk)
    context = {
        "patient": patient,
        "people": [one for one in people if one.ended_at is None],
        "ended": [one for one in people if one.ended_at is not None],
        "longest": LONGEST_NAME,
    }
    return form_page(request, "clinician/about_people.html", form, context)


def _changed(request: SignedInRequest, people: list[Target], *, at: datetime) -> HttpResponse:
    key = request.POST.get("key", "")
    target = next((one for one in people if one.key == key and one.ended_at is None), None)
    if target is None:
        raise Http404
    form = CallForm(request.POST)
    if request.POST["do"] == "end":
        end_target(target=target, by=request.user, at=at)
        messages.success(request, "Not asked about from the next check-in on. Answers stay.")
    elif form.is_valid():
        call_target(target=target, name=form.cleaned_data["name"], by=request.user, at=at)
        messages.success(request, "Changed.")
    else:
        messages.warning(request, f"Not changed: at most {LONGEST_NAME} characters.")
    return redirect("desk_about", pk=target.patient_id)
