"""Who the questions are about, and what the patient calls them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.checkins.entries import YOURS
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.targets import (
    LONGEST_NAME,
    call_target,
    name_target,
    targets_visible_to,
)
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category

TOO_LONG = "Please use a shorter name."
SAID = {
    Target.Kind.MOTHER: "Mother or mother figure",
    Target.Kind.FATHER: "Father or father figure",
    Target.Kind.PARTNER: "Partner",
    Target.Kind.FRIEND: "Friend",
    Target.Kind.THERAPIST: "Therapist",
    Target.Kind.OTHER: "Somebody else",
}
"""Who may be asked about, as an answer."""


class PersonForm(AskingForm):
    """Somebody the patient wants to be asked about."""

    kind = forms.ChoiceField(
        label="Who is this?",
        choices=[(kind.value, SAID[kind]) for kind in Target.Kind],
        widget=forms.RadioSelect,
        error_messages={"required": "Please say who this is."},
    )
    name = forms.CharField(
        label="What do you call them?",
        max_length=LONGEST_NAME,
        required=False,
        help_text="A short name is fine. You can leave it empty.",
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameForm(forms.Form):
    """What a person is called."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False)


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: SignedInRequest) -> HttpResponse:
    """Show who is asked about; let the patient name them as they do."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    mine = targets_visible_to(request.user, at=at).filter(patient=patient)
    people = list(mine.filter(ended_at=None).select_related("patient"))
    if request.POST.get("do") == "call":
        return _called(request, people)
    form = PersonForm(request.POST or None)
    if form.took(
        lambda: name_target(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Kept. Your therapist sees it and plans it with you.")
        return redirect("me_about")
    context = {
        "people": [(one, YOURS[Target.Kind(one.kind)]) for one in people],
        "longest": LONGEST_NAME,
        "home": Link("Check in", reverse("me_checkin")),
    }
    return show(request, "patient/about.html", context, patient=patient, form=form)


def _called(request: SignedInRequest, people: list[Target]) -> HttpResponse:
    key, form = request.POST.get("key", ""), NameForm(request.POST)
    target = next((one for one in people if one.key == key), None)
    if target is None:
        raise Http404
    if form.is_valid():
        name = form.cleaned_data["name"]
        call_target(target=target, name=name, by=request.user, at=timezone.now())
        messages.success(request, "Kept.")
    else:
        messages.warning(request, TOO_LONG)
    return redirect("me_about")
