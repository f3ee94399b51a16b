"""People close to me: whom a patient asked to be there, and what each of them sees."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.consent.actions import grant
from securebase.clinic.consent.supporters import support_in_force, supporters_visible_to
from securebase.clinic.consent.words import SUPPORT, offered
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.sharing import said
from securebase.pages.patient.sharing_forms import AskSupporterForm, SupportForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.safety_plan import shown
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.stories.be_there import ask_supporter, see_as_supporter, take_off

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.clinic.consent.models import Supporter


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Show whom the patient asked, and what each of them sees now."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    grants = list(support_in_force(at=at).filter(patient=patient).order_by("until"))
    rows = [
        (one, [said(g) for g in grants if g.recipient_id == one.account_id])
        for one in supporters_visible_to(request.user, at=at)
    ]
    context = {"rows": rows, "back": Link("What I share", reverse("me_sharing"))}
    return show(request, "patient/people.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest) -> HttpResponse:
    """Ask somebody close by their address; it shows them nothing yet."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = AskSupporterForm(request.POST or None, initial={"called": patient.name})
    if form.took(
        lambda: ask_supporter(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Asked. They see nothing yet. You choose what, below.")
        return redirect("me_people")
    context = {"back": _back()}
    return show(request, "patient/people_ask.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="consent.Supporter")
@require_http_methods(["GET", "HEAD", "POST"])
def show_something(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose what somebody close sees, look at it as they do, and agree."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    one = get_object_or_404(supporters_visible_to(request.user, at=at), pk=pk)
    form = SupportForm(request.POST or None, at=at, zone=ZoneInfo(patient.time_zone))

    def agree() -> object:
        text = request.POST.get("text", "")
        terms = form.terms(purpose=SUPPORT, text_version=text)
        by, to = request.user, one.account
        return grant(patient=patient, recipient=to, terms=terms, by=by, at=at)

    if "agree" in request.POST and form.took(agree):
        messages.success(request, "They can see it now. You can stop it here at any time.")
        return redirect("me_people")
    looks = form.is_bound and form.is_valid() and "change" not in request.POST
    return _show(request, form, patient, one, looks=looks)


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE, of="consent.Supporter")
@require_POST
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take somebody off, and close all they saw; nobody tells them."""
    at = timezone.now()
    one = get_object_or_404(supporters_visible_to(request.user, at=at), pk=pk)
    take_off(supporter=one, by=request.user, at=at)
    messages.success(request, "Taken off. They see nothing here any more.")
    return redirect("me_people")


def _show(
    request: SignedInRequest,
    form: SupportForm,
    patient: Patient,
    one: Supporter,
    *,
    looks: bool,
) -> HttpResponse:
    context = {"one": one, "looks": looks, "back": _back()}
    if looks:
        seen = see_as_supporter(patient, form.categories, at=form.at)
        sent = request.POST
        context |= {
            "seen": seen,
            "steps": shown(seen.steps),
            "text": offered().text_for(form.categories, SUPPORT),
            "until": form.cleaned_data["until"],
            "kept": [(n, v) for n in ("kinds", "until") for v in sent.getlist(n)],
        }
    return show(request, "patient/people_show.html", context, patient=patient, form=form)


def _back() -> Link:
    return Link("People close to me", reverse("me_people"))
