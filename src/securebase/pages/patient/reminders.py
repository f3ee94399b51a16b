"""Reminders by mail: whether they come, when, not before when, and what they say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.tie_forms import DayInput
from securebase.people.post.actions import choose_reminder_times, choose_reminders
from securebase.people.post.figures import night
from securebase.people.post.queries import wants_reminders, wishes_of
from securebase.people.post.wishes import Wishes
from securebase.stories.reminder_words import reminder_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEPT = {
    True: gettext_noop("Kept. Reminders come from now on."),
    False: gettext_noop("Kept. No reminders come from now on."),
}


def _time(label: StrOrPromise, help_text: StrOrPromise = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


class TimesForm(AskingForm):
    """When reminders are wanted; each part may stay empty."""

    at_time = _time(
        gettext_lazy("At what time"),
        gettext_lazy("If empty, the mail comes when a check-in opens."),
    )
    quiet_from = _time(
        gettext_lazy("Quiet from"), gettext_lazy("Hours in which no mail comes.")
    )
    quiet_until = _time(gettext_lazy("Quiet until"))
    paused_until = forms.DateField(
        label=gettext_lazy("Pause until the end of"),
        help_text=gettext_lazy("Then they come again by themselves."),
        required=False,
        widget=DayInput(),
    )


@for_audience(Audience.PATIENT, impersonal="whether reminders come to one's own address")
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: SignedInRequest) -> HttpResponse:
    """Show what was chosen about reminders, and keep what the person wants."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    is_button = "wanted" in request.POST
    if is_button:
        wanted = request.POST["wanted"] == "yes"
        choose_reminders(account=request.user, wanted=wanted, by=request.user, at=at)
        messages.success(request, gettext(KEPT[wanted]))
        return redirect("me_reminders")
    form = TimesForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(wishes_of(request.user)),
        label_suffix="",
    )
    if request.method == "POST" and form.took(lambda: _keep(form, request, patient, at=at)):
        messages.success(request, gettext("Kept."))
        return redirect("me_reminders")
    context = _context(request, patient, at=at)
    return show(request, "patient/reminders.html", context, patient=patient, form=form)


def _keep(form: TimesForm, request: SignedInRequest, patient: Patient, *, at: datetime) -> None:
    choose_reminder_times(
        account=request.user,
        wishes=Wishes(**form.cleaned_data),
        today=at.astimezone(ZoneInfo(patient.time_zone)).date(),
        by=request.user,
        at=at,
    )


def _context(request: SignedInRequest, patient: Patient, *, at: datetime) -> dict[str, Any]:
    wishes, (night_begins, night_ends) = wishes_of(request.user), night()
    paused = wishes.is_paused(at, zone=patient.time_zone)
    return {
        "wanted": wants_reminders(request.user),
        "paused_until": wishes.paused_until if paused else None,
        "address": request.user.email,
        "mail": reminder_words(),
        "night_begins": night_begins,
        "night_ends": night_ends,
        "home": Link(gettext("Home"), reverse("me_home")),
    }


def _initial(wishes: Wishes) -> dict[str, Any]:
    names = ("at_time", "quiet_from", "quiet_until", "paused_until")
    return {name: getattr(wishes, name) for name in names}
