"""Handing the device to the patient: one form chosen, and the desk closed behind it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.checkins.models import CheckIn
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.visits import HAND_OVER_START, start_visit
from securebase.people.access.words import Action, Category
from securebase.people.accounts.models import Visit
from securebase.stories.hand_over import (
    Offered,
    can_hand_over,
    forms_to_hand_over,
)
from securebase.stories.hand_over import (
    hand_over as hand_it_over,
)


class HandOverForm(forms.Form):
    """Which form the patient answers."""

    entry = forms.ChoiceField(label="Which form", widget=forms.RadioSelect)

    def __init__(self, *args: object, offered: list[Offered], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            (one.entry, _said(one)) for one in offered
        ]


@for_audience(Audience.CLINICIAN, Category.SCHEDULE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def hand_over(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose one form; then this device is the patient's, for that form alone."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    may = can_hand_over(request.user, patient, at=at)
    offered = forms_to_hand_over(patient=patient, by=request.user, at=at) if may else []
    sent = request.POST if request.method == "POST" else None
    form = HandOverForm(sent, offered=offered)
    if form.is_valid():
        entry = form.cleaned_data["entry"]
        checkin = hand_it_over(patient=patient, entry=entry, by=request.user, at=at)
        return _change_over(request, checkin)
    back = Link(patient.initials, reverse("desk_person", args=[pk]))
    context = {"patient": patient, "may": may, "back": back}
    return form_page(request, "clinician/hand_over.html", form, context)


def _change_over(request: SignedInRequest, checkin: CheckIn) -> HttpResponse:
    """Leave the desk on this device, and be the patient for one form.

    The clinician's session is gone, not hidden: nothing on the device leads back to it.
    """
    account = checkin.patient.account
    logout(request)
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    if account is not None:
        start_visit(request, account, Visit.Scope.HAND_OVER, only=checkin.pk)
    response = redirect(HAND_OVER_START)
    response["Clear-Site-Data"] = '"cache"'
    return response


def _said(one: Offered) -> str:
    plural = "" if one.questions == 1 else "s"
    return f"{one.name} ({one.questions} question{plural}, about {one.minutes} min)"
