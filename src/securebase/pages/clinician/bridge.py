"""The bridge plan: what holds while the therapist is away, and after an ending."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.bridge.actions import Over, call_off
from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.bridge.policies import can_plan_bridge
from securebase.clinic.bridge.queries import bridge_plans_visible_to, versions_of
from securebase.clinic.bridge.words import MOST_WORDS, NAMES, Parts, Span
from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import DayInput
from securebase.people.access.words import Action, Category
from securebase.stories.plan_break import plan_break


def _words(label: str, help_text: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _day(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=DayInput()
    )


class BridgeForm(AskingForm):
    """A plan for a break or an ending, as the patient will read it."""

    kind = forms.ChoiceField(
        label="What is planned", choices=BridgePlan.Kind.choices, widget=forms.RadioSelect
    )
    first_day = _day("First day", "Of an ending: the day of the last session.", required=True)
    last_day = _day("Last day", "An ending has none.")
    contact_on = _day("First contact afterwards")
    contact = _words("How that contact happens", "Who gets in touch, where, and how.")
    expect = _words(
        "What to expect",
        "What happens in this time, and what may be hard about it.",
        required=True,
    )
    turn_to = _words("Whom to turn to", "Names and numbers that answer in this time.")
    note = _words("A note from you", "In your own voice. It can be read again and again.")
    plan = forms.UUIDField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def kept(self, *, patient: Patient, request: SignedInRequest, at: datetime) -> bool:
        """Keep what was filled in; False where something is to be mended."""

        def act() -> None:
            told = self.cleaned_data
            plan_break(
                patient=patient,
                span=Span(
                    told["kind"], told["first_day"], told["last_day"], told["contact_on"]
                ),
                parts=Parts(**{name: told[name] for name in NAMES}),
                over=Over(told["plan"], told["number"] or 0),
                by=request.user,
                at=at,
            )

        return self.took(act)


@for_audience(Audience.CLINICIAN, Category.PLAN, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def bridge(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the plans of a person, write one or its next version, or call one off."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    plans = bridge_plans_visible_to(request.user, at=at).filter(patient=patient)
    if "call_off" in request.POST:
        plan = get_object_or_404(plans.filter(plan__in=_named(request.POST["call_off"])))
        call_off(plan=plan, by=request.user, at=at)
        messages.success(request, "Called off. The patient does not see it now.")
        return redirect("desk_bridge", pk=pk)
    open_one = plans.filter(plan__in=_named(request.GET.get("plan", ""))).first()
    form = BridgeForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(open_one),
        label_suffix="",
    )
    if request.method == "POST" and form.kept(patient=patient, request=request, at=at):
        messages.success(request, "Kept. The patient can read it now.")
        return redirect("desk_bridge", pk=pk)
    if request.method != "POST":
        note_read(patient=patient, by=request.user, at=at)
    context = {
        "patient": patient,
        "plans": plans,
        "open_one": open_one,
        "earlier": versions_of(open_one.plan, patient=patient)[1:] if open_one else (),
        "may_write": can_plan_bridge(request.user, patient, at=at),
    }
    return form_page(request, "clinician/bridge.html", form, context)


def _initial(plan: BridgePlan | None) -> dict[str, Any]:
    if plan is None:
        return {"kind": BridgePlan.Kind.A_BREAK}
    fields = ("plan", "number", "kind", "first_day", "last_day", "contact_on")
    return {
        **{name: getattr(plan, name) for name in fields},
        **{name: getattr(plan.parts, name) for name in NAMES},
    }


def _named(told: str) -> list[UUID]:
    """Return the plan that an address or a button names; nothing if that is no id."""
    try:
        return [UUID(told)]
    except ValueError:
        return []
