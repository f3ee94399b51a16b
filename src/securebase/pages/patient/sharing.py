"""What I share: who can see what now, one sharing, and what was agreed before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.consent.actions import narrow, propose_partner, withdraw
from securebase.clinic.consent.models import Entry
from securebase.clinic.consent.queries import (
    consents_in_force,
    entries_visible_to,
    partners_of,
)
from securebase.clinic.consent.words import SUPPORT, Kind, offered
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.sharing_forms import LessForm, ProposeForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.sharing import sections
from securebase.people.access.words import Action, Category
from securebase.stories.revoke_consent import revoke_everything
from securebase.stories.share_with_partner import see
from securebase.stories.who_sees import who_sees


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the ledger in the words of the person it belongs to."""

    entry: Entry
    kinds: list[Kind]
    purpose: str
    url: str


def said(entry: Entry) -> Said:
    """Return a line of the ledger in plain words."""
    return Said(
        entry=entry,
        kinds=[k for c, k in offered().kinds_for(entry.purpose).items() if c in entry.scope],
        purpose=offered().purpose_in_words(entry.purpose),
        url=reverse("me_sharing_one", args=[entry.pk]),
    )


def back() -> Link:
    """Return the way back to the first of these pages."""
    return Link("What I share", reverse("me_sharing"))


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Show who can see what now, and the ways to change it."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    who = who_sees(patient=patient, user=request.user, at=at)
    context = {
        "who": who,
        "of_record": Care.Part.OF_RECORD,
        "home": Link("Home", reverse("me_home")),
        "sharing": [(one, list(map(said, one.consents))) for one in who.sharing],
    }
    return show(request, "patient/sharing.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="consent.Entry")
@require_safe
def one(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one sharing as the other person sees it, and the ways to end it."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    consent = _in_force(request, patient, pk, at=at)
    return _one(request, consent, _less_form(consent, None, at=at), at=at)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="consent.Entry")
@require_POST
def stop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Stop one sharing at once."""
    at = timezone.now()
    mine = entries_visible_to(request.user, at=at).filter(patient__account=request.user)
    consent = get_object_or_404(mine, pk=pk, act=Entry.Act.GRANT)
    withdraw(consent=consent, by=request.user, at=at)
    messages.success(request, "Stopped. They can see nothing of this any more.")
    return redirect("me_people" if consent.purpose == SUPPORT else "me_sharing")


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="accounts.User")
@require_POST
def stop_all(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Stop everything that is shared with one person, at once."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    partner = get_object_or_404(partners_of(patient), pk=pk)
    revoke_everything(patient=patient, recipient=partner, by=request.user, at=at)
    messages.success(request, "Stopped. They can see nothing here any more.")
    return redirect("me_sharing")


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="consent.Entry")
@require_POST
def less(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Share less, or for less long, with the same person."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    consent = _in_force(request, patient, pk, at=at)
    form = _less_form(consent, request.POST, at=at)

    def share_less() -> Entry:
        text = request.POST.get("text", "")
        terms = form.terms(purpose=consent.purpose, text_version=text)
        terms = replace(terms, until=min(terms.until, consent.until))
        return narrow(consent=consent, terms=terms, by=request.user, at=at)

    smaller = form.made(share_less)
    if smaller is None:
        return _one(request, consent, form, at=at)
    messages.success(request, "Done. From now on they see only this.")
    return redirect("me_sharing_one", pk=smaller.pk)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest) -> HttpResponse:
    """Say who should be on the care team; the therapist invites them."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = ProposeForm(request.POST or None)
    if form.took(
        lambda: propose_partner(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Kept. Your therapist can invite them now.")
        return redirect("me_sharing")
    context = {"back": back()}
    return show(request, "patient/sharing_propose.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_safe
def history(request: SignedInRequest) -> HttpResponse:
    """Show every line of the ledger with the text that was agreed to."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    entries = entries_visible_to(request.user, at=at).filter(patient=patient)
    lines = [said(e) for e in entries.select_related("recipient", "by").reverse()]
    texts = {line.entry.text.version + line.entry.text.kind: line.entry.text for line in lines}
    context = {"lines": lines, "texts": list(texts.values()), "back": back()}
    return show(request, "patient/sharing_history.html", context, patient=patient)


def _in_force(request: SignedInRequest, patient: Patient, pk: UUID, *, at: datetime) -> Entry:
    """Return one of the person's own consents that holds now; 404 for any other."""
    own = entries_visible_to(request.user, at=at).filter(patient__account=request.user)
    consent = get_object_or_404(own.select_related("recipient", "patient"), pk=pk)
    if not consents_in_force(at=at, patient=patient).filter(pk=pk).exists():
        raise Http404
    return consent


def _less_form(consent: Entry, data: Any, *, at: datetime) -> LessForm:
    zone = ZoneInfo(consent.patient.time_zone)
    last = consent.last_moment.astimezone(zone).date()
    return LessForm(data, scope=consent.scope, last=last, at=at, zone=zone)


def _one(
    request: SignedInRequest, consent: Entry, form: LessForm, *, at: datetime
) -> HttpResponse:
    patient = consent.patient
    text = offered().text_for(consent.scope)
    with timezone.override(ZoneInfo(patient.time_zone)):
        seen = sections(see(patient, consent.scope, at=at))
    context = {
        "said": said(consent),
        "person": consent.recipient.get_full_name(),
        "sections": seen,
        "text": text,
        "back": back(),
    }
    return show(request, "patient/sharing_one.html", context, patient=patient, form=form)
