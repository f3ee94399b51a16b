"""Consent on paper: what a patient signed, or took back, entered by the clinician of record.

For people who have no account, or who would rather hold a pen. The ledger says that it
was on paper and who entered it; the patient sees both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.consent.actions import grant, withdraw
from securebase.clinic.consent.models import Entry
from securebase.clinic.consent.policies import check_can_record
from securebase.clinic.consent.queries import entries_visible_to
from securebase.clinic.consent.terms import Terms, latest_end
from securebase.clinic.consent.words import offered
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.forms import DateInput
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.sharing import PLAIN
from securebase.people.access.words import Action, Category
from securebase.people.accounts.models import User
from securebase.stories.who_sees import OnTheTeam, who_sees

A_DAY = timedelta(days=1)
SUBSTANCE = frozenset({Category.SUBSTANCE})


class PaperForm(AskingForm):
    """What stands on the paper."""

    kinds = forms.MultipleChoiceField(
        label="What is shared",
        choices=[(kind.value, name) for kind, name in PLAIN.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="Substance use needs a paper of its own.",
    )
    purpose = forms.ChoiceField(widget=forms.RadioSelect)
    until = forms.DateField(label="Until and including", widget=DateInput())
    signed = forms.BooleanField(label="I have the paper, signed, with exactly this text")

    def __init__(self, *args: Any, team: Sequence[OnTheTeam], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.team = {str(one.account.pk): one.account for one in team}
        people = [(pk, account.get_full_name()) for pk, account in self.team.items()]
        self.fields["partner"] = forms.ChoiceField(choices=people, widget=forms.RadioSelect)
        self.fields["purpose"].choices = list(offered().purposes.items())  # type: ignore[attr-defined]
        self.order_fields(["partner", "kinds", "purpose", "until", "signed"])

    @property
    def recipient(self) -> User:
        """The partner who was chosen."""
        return self.team[self.cleaned_data["partner"]]

    def terms(self, *, at: datetime) -> Terms:
        """Return what stands on the paper as the terms of a consent, from now on."""
        scope = frozenset(map(Category, self.cleaned_data["kinds"]))
        last: date = self.cleaned_data["until"]
        return Terms(
            categories=scope,
            purpose=self.cleaned_data["purpose"],
            since=at,
            until=timezone.make_aware(datetime.combine(last + A_DAY, time())),
            text_version=offered().text_for(scope).version,
        )


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def enter(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the texts to sign, and enter a consent that was signed."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    check_can_record(request.user, patient, Entry.Method.PAPER, at=at)
    team = who_sees(patient=patient, user=request.user, at=at).partners
    form = PaperForm(request.POST or None, team=team)
    if form.took(
        lambda: grant(
            patient=patient,
            recipient=form.recipient,
            terms=form.terms(at=at),
            by=request.user,
            at=at,
            method=Entry.Method.PAPER,
        )
    ):
        messages.success(request, "Entered. It is shared from now on.")
        return redirect("desk_partners", pk=pk)
    texts = [offered().text_for(scope) for scope in (offered().general, SUBSTANCE)]
    context = {
        "patient": patient,
        "team": team,
        "texts": texts,
        "last": (latest_end(at) - A_DAY).date(),
        "back": Link("Care team partners", reverse("desk_partners", args=[pk])),
    }
    return form_page(request, "clinician/paper.html", form, context)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="consent.Entry")
@require_POST
@in_practice_time
def stop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enter that the patient took a consent back; it holds at once."""
    at = timezone.now()
    grants = entries_visible_to(request.user, at=at).filter(act=Entry.Act.GRANT)
    consent = get_object_or_404(grants.select_related("patient"), pk=pk)
    patient = find_patient(request, consent.patient_id, at=at)
    withdraw(consent=consent, by=request.user, at=at, method=Entry.Method.PAPER)
    messages.success(request, "Entered. Nothing of it is shared any more.")
    return redirect("desk_partners", pk=patient.pk)
