"""Partners of a care team: who was proposed, inviting them, and what is shared with whom.

Inviting opens nothing. What a partner may see is the patient's decision; here it is
only read, or entered from paper that the patient signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from securebase.clinic.consent.policies import can_invite_partner
from securebase.clinic.consent.queries import proposals_visible_to
from securebase.clinic.consent.words import offered
from securebase.pages.clinician.finding import find_patient
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.sharing import PLAIN
from securebase.people.access.words import Action, Category
from securebase.stories.share_with_partner import add_partner, invite_partner
from securebase.stories.who_sees import WhoSees, who_sees

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.clinic.consent.models import Entry


class PartnerForm(AskingForm):
    """Who is to join the care team."""

    name = forms.CharField(
        max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="E-mail at work",
        help_text="The link goes here. The mail names no patient and no practice.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    profession = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profession"].choices = list(offered().professions.items())  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """One partner with what is shared, in a professional's words."""

    name: str
    profession: str
    consents: list[dict[str, Any]]


def shares(who: WhoSees) -> list[Row]:
    """Return what a person shares and with whom, the partners who see nothing last."""
    return [
        Row(
            name=(name := one.account.get_full_name()),
            profession=one.proposal.profession_words,
            consents=[_said(consent, name=name) for consent in one.consents],
        )
        for one in (*who.sharing, *who.seeing_nothing)
    ]


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def partners(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the care team's partners; the clinician of record proposes and invites at once."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    form = PartnerForm(request.POST or None, label_suffix="")
    invited = form.made(
        lambda: add_partner(patient=patient, by=request.user, at=at, **form.cleaned_data)
    )
    if invited is not None:
        return _told(request, patient, invited.link)
    context = {
        "patient": patient,
        "rows": shares(who_sees(patient=patient, user=request.user, at=at)),
        "waiting": proposals_visible_to(request.user, at=at).filter(
            patient=patient, account__isnull=True
        ),
        "may_invite": can_invite_partner(request.user, patient, at=at),
        "back": _back(patient),
    }
    return form_page(request, "clinician/partners.html", form, context)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="consent.Proposal")
@require_POST
@in_practice_time
def invite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Invite a partner whom the patient proposed."""
    at = timezone.now()
    visible = proposals_visible_to(request.user, at=at).select_related("patient")
    proposal = get_object_or_404(visible, pk=pk)
    patient = find_patient(request, proposal.patient_id, at=at)
    try:
        invited = invite_partner(proposal=proposal, by=request.user, at=at)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("desk_partners", pk=patient.pk)
    return _told(request, patient, invited.link)


def _told(request: SignedInRequest, patient: Patient, link: str) -> HttpResponse:
    """Show the link once; a partner with an account needs none."""
    if not link:
        messages.success(
            request, "On the care team. They have an account here; nothing is shared yet."
        )
        return redirect("desk_partners", pk=patient.pk)
    context = {"patient": patient, "link": link, "back": _back(patient)}
    return render(request, "clinician/partner_invited.html", context)


def _back(patient: Patient) -> Link:
    return Link(patient.name, reverse("desk_person", args=[patient.pk]))


def _said(consent: Entry, *, name: str) -> dict[str, Any]:
    kinds = [word for kind, word in PLAIN.items() if kind in consent.scope]
    return {
        "kinds": kinds,
        "purpose": offered().purposes[consent.purpose],
        "until": consent.last_moment,
        "method": consent.get_method_display(),
        "stop_url": reverse("desk_consent_stop", args=[consent.pk]),
        "stop_label": f"Taken back: {name}, {', '.join(kinds)}",
    }
