"""Opening a record in an emergency, reading it while it is open, and looking at it after."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.care.emergency import (
    Ground,
    can_ask,
    emergencies_of,
    leave_emergency,
)
from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Emergency
from securebase.clinic.notes.queries import notes_open_in_emergency
from securebase.clinic.safety.queries import current_plan
from securebase.pages.clinician.answers import heard, score_lines
from securebase.pages.clinician.courses import charts
from securebase.pages.clinician.person import coming_up
from securebase.pages.clinician.wording import STATES, says
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.reviewing import review_page
from securebase.pages.shared.safety_plan import shown
from securebase.pages.shared.tie_forms import MOST_WORDS
from securebase.people.access.words import Category
from securebase.stories.open_in_emergency import open_in_emergency
from securebase.stories.read_in_emergency import read_in_emergency

FRESH = 5 * 60
"""Seconds: who shows the form has shown this recently that it is them."""
STILL_FRESH = 20 * 60
"""Seconds left to write the reason before it has to be shown again."""
LAST_NOTES = 3
"""Signed notes shown in an emergency, the newest first."""
DELAYS = (
    (0, "Tell them at once"),
    (24, "In 24 hours"),
    (48, "In 48 hours"),
    (72, "In 72 hours"),
)
NOBODY = (
    "No single record has exactly this. Check each letter, or try the address or the record "
    "number. Some records open to some colleagues only: if a life may be in danger, ask a "
    "colleague to look too. This search was noted."
)


class EmergencyForm(AskingForm):
    """Who it is about, and why the record is needed now."""

    said = forms.CharField(
        label="Name, e-mail address or record number",
        max_length=254,
        help_text="Exactly as it is kept. Nothing is listed and nothing is completed.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label="Why now", choices=Emergency.Kind, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="In a sentence or two",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Read by the clinician of record and by whoever reviews, a host perhaps.",
    )
    delay_hours = forms.TypedChoiceField(
        label="When the patient is told", choices=DELAYS, coerce=int, initial=0
    )
    delay_reason = forms.CharField(
        label="Why it is safer to tell them later",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only if you chose a delay. Somebody reading along at home is such a reason.",
    )

    def ground(self) -> Ground:
        """Return what was filled in as the ground of an emergency."""
        said = self.cleaned_data
        return Ground(said["kind"], said["reason"], said["delay_hours"], said["delay_reason"])


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def ask(request: SignedInRequest) -> HttpResponse:
    """Ask for a record without a tie to the person."""
    at = timezone.now()
    if request.method != "POST" and not _shown_lately(request, within=FRESH):
        return redirect(_show_again())
    form, again = EmergencyForm(request.POST or None), False
    if form.is_bound and form.is_valid():
        again = not _shown_lately(request, within=STILL_FRESH)
        opened = None if again else _opened(form, request)
        if opened is not None:
            return redirect("desk_emergency_record", pk=opened.pk)
    context = {
        "hours": limits().emergency.seconds // 3600,
        "may_ask": can_ask(request.user, at=at),
        "again_url": _show_again() if again else "",
    }
    status = 422 if again else None
    return form_page(request, "clinician/emergency.html", form, context, status=status)


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="care.Emergency")
@require_safe
@in_practice_time
def record(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the record, to read, while the emergency access lasts."""
    at = timezone.now()
    emergency = get_object_or_404(emergencies_of(request.user, at=at), pk=pk)
    found = read_in_emergency(patient=emergency.patient, by=request.user, at=at)
    plan = current_plan(emergency.patient)
    context = {
        "plan_parts": shown(plan.lines) if plan else [],
        "emergency": emergency,
        "patient": found.patient,
        "facts": coming_up(found),
        "notes": notes_open_in_emergency(request.user, at=at).filter(patient=found.patient)[
            :LAST_NOTES
        ],
        "noticed": [(STATES[n.signal.tier], says(n.signal), n.signal) for n in found.noticed],
        "charts": charts(found),
        "answered": [(one, heard(one), score_lines(one)) for one in found.answered],
        "ruptures": found.open_ruptures,
    }
    return render(request, "clinician/emergency_record.html", context)


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="care.Emergency")
@require_POST
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close the record again before its hours are over."""
    at = timezone.now()
    emergency = get_object_or_404(emergencies_of(request.user, at=at), pk=pk)
    leave_emergency(emergency=emergency, by=request.user, at=at)
    messages.success(request, "Closed. What you opened stays on the trail and is reviewed.")
    return redirect("desk_today")


@for_audience(Audience.CLINICIAN, Category.AUDIT, of="care.Emergency")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def review(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Look at an emergency access to the record of somebody in one's care."""
    template = "clinician/emergency_review.html"
    return review_page(request, pk, template=template, back="desk_today")


def _opened(form: EmergencyForm, request: SignedInRequest) -> Emergency | None:
    """Open the record; if it cannot be, put the reason into the form."""

    def open_it() -> Emergency:
        try:
            opened = open_in_emergency(
                said=form.cleaned_data["said"],
                ground=form.ground(),
                by=request.user,
                at=timezone.now(),
            )
        except PermissionDenied as refused:
            raise ValidationError(str(refused)) from refused
        if opened is None:
            raise ValidationError({"said": NOBODY})
        return opened

    return form.made(open_it)


def _show_again() -> str:
    back = urlencode({"next": reverse("desk_emergency")})
    return f"{reverse('account_reauthenticate')}?{back}"


def _shown_lately(request: SignedInRequest, *, within: int) -> bool:
    """Whether this person has shown lately that it is them; the demo asks for nothing.

    What is asked for again is the passphrase or a passkey. What was written is never put
    aside in the session meanwhile: it may hold a word about a patient.
    """
    if settings.SECUREBASE_DEMO:
        return True
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    shown = [float(one["at"]) for one in records if one.get("reauthenticated")]
    return bool(shown) and time.time() - shown[-1] < within
