"""Moments of safety: what of one's own kit is shown, and at which times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.models import KitEntry
from securebase.clinic.practice.moments import (
    choose_moments,
    chosen_times,
    entry_for_now,
    most_times,
    shown_for,
)
from securebase.clinic.practice.queries import kit_visible_to
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category

LABELS = (
    gettext_lazy("First time of day"),
    gettext_lazy("Second time of day"),
    gettext_lazy("Third time of day"),
)


class MomentsForm(AskingForm):
    """Which things of the kit, and when."""

    entries = forms.MultipleChoiceField(
        label=gettext_lazy("What is shown, one at a time"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, kit: Sequence[KitEntry], times: Sequence[time], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.kit = {str(one.pk): one for one in kit}
        self.fields["entries"].choices = [(pk, one.title) for pk, one in self.kit.items()]  # type: ignore[attr-defined]
        self.initial["entries"] = [pk for pk, one in self.kit.items() if is_chosen(one)]
        for place, label in enumerate(LABELS[: most_times()]):
            self.fields[f"time_{place}"] = forms.TimeField(
                label=label,
                required=False,
                initial=times[place] if place < len(times) else None,
                widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            )

    def times(self) -> list[time]:
        """Return the times that were filled in."""
        told = (self.cleaned_data[f"time_{n}"] for n in range(most_times()))
        return [one for one in told if one is not None]

    def entries_chosen(self) -> list[KitEntry]:
        """Return the things that were ticked."""
        return [self.kit[pk] for pk in self.cleaned_data["entries"]]


def is_chosen(entry: KitEntry) -> bool:
    """Whether a thing of the kit is shown at the chosen times."""
    return hasattr(entry, "for_moments")


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def priming(request: SignedInRequest) -> HttpResponse:
    """Show what is chosen, and keep what the person wants."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    kit = list(own_things(request, at=at))
    form = MomentsForm(
        request.POST if request.method == "POST" else None,
        kit=kit,
        times=chosen_times(patient),
    )

    def act() -> None:
        choose_moments(
            patient=patient,
            entries=form.entries_chosen(),
            times=form.times(),
            by=request.user,
            at=at,
        )

    if request.method == "POST" and form.took(act):
        is_on = bool(chosen_times(patient))
        messages.success(request, gettext("Kept.") if is_on else gettext("It is off."))
        return redirect("me_priming")
    context = {
        "kit": kit,
        "is_on": bool(chosen_times(patient)),
        "hours": int(shown_for().total_seconds() // 3600),
        "back": Link(gettext("Home"), reverse("me_home")),
    }
    return show(request, "patient/priming.html", context, patient=patient, form=form)


def own_things(request: SignedInRequest, *, at: datetime) -> Sequence[KitEntry]:
    """Return what of the kit can be shown: everything but exercises, which are done."""
    mine = kit_visible_to(request.user, at=at).exclude(kind=KitEntry.Kind.EXERCISE)
    return list(mine.select_related("for_moments"))


def moment_now(request: SignedInRequest, patient: Patient, *, at: datetime) -> KitEntry | None:
    """Return what the first page shows at this moment."""
    return entry_for_now(request.user, patient, at=at)
