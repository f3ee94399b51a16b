"""One patient as far as a host may see: found by the exact address, with a reason.

Who was found is kept in the session for some minutes; no address of a page names them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.care.models import Patient
from securebase.pages.host.people_forms import ReasonForm, SearchForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.step_up import asked_again
from securebase.people.access.words import Action, Category
from securebase.people.approvals.terms import terms
from securebase.stories.erase_subject.erase import ask_to_erase, is_erased
from securebase.stories.erase_subject.plan import plan_erasure
from securebase.stories.export_subject.for_somebody import ask_to_export
from securebase.stories.find_subject import find_subject, subject_open_to
from securebase.stories.keep_people import ask_for_factor, send_link

FOUND = "subject"
"""Where the session keeps who was found, and until when it shows them."""


@for_audience(Audience.HOST, Category.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SignedInRequest) -> HttpResponse:
    """Look for one person by the exact address, with a reason."""
    form, at = SearchForm(request.POST or None), timezone.now()
    if form.is_bound and form.is_valid():
        patient = find_subject(by=request.user, at=at, **form.cleaned_data)
        if patient is not None:
            until = at + terms().search
            request.session[FOUND] = [str(patient.pk), until.isoformat()]
            return redirect("host_subject")
        form.add_error("called", "Nobody here is called so. The search is on the trail.")
    return form_page(request, "host/subjects.html", form, {})


@for_audience(Audience.HOST, Category.IDENTITY)
@require_safe
def subject(request: SignedInRequest) -> HttpResponse:
    """Show name, account and what can be done; nothing of the record."""
    patient = _found(request, at=timezone.now())
    if patient is None:
        return redirect("host_subjects")
    account = patient.account
    context = {
        "patient": patient,
        "account": account,
        "opened": account is not None and account.has_usable_password(),
        "minutes": int(terms().search.total_seconds() // 60),
    }
    return render(request, "host/subject.html", context)


@for_audience(Audience.HOST, Category.IDENTITY, Action.ERASE)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
@in_practice_time
def erase(request: SignedInRequest) -> HttpResponse:
    """Show the plan of an erasure, table by table, and ask for it."""
    at = timezone.now()
    patient = _found(request, at=at)
    if patient is None:
        return redirect("host_subjects")
    form = ReasonForm(request.POST or None)
    if form.took(
        lambda: ask_to_erase(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Asked for. Nothing is erased before it is confirmed.")
        return redirect("host_approvals")
    context = {"plan": plan_erasure(patient, at=at), "patient": patient}
    return form_page(request, "host/subject_erase.html", form, context)


@for_audience(Audience.HOST, Category.IDENTITY, Action.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def copy(request: SignedInRequest) -> HttpResponse:
    """Ask for the copy of a record, for somebody who cannot make it themselves."""
    at = timezone.now()
    patient = _found(request, at=at)
    if patient is None:
        return redirect("host_subjects")
    form = ReasonForm(request.POST or None)
    if form.took(
        lambda: ask_to_export(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Asked for. It can be taken once it is confirmed.")
        return redirect("host_approvals")
    return form_page(request, "host/subject_copy.html", form, {"patient": patient})


@for_audience(Audience.HOST, Category.IDENTITY)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def let_in(request: SignedInRequest) -> HttpResponse:
    """Let a person who cannot sign in find the way again."""
    at = timezone.now()
    patient = _found(request, at=at)
    if patient is None or patient.account is None or not patient.account.is_active:
        return redirect("host_subjects")
    account = patient.account
    if not account.has_usable_password():
        if request.method == "POST":
            send_link(account=account, by=request.user, at=at)
            messages.success(request, "The link is on its way.")
            return redirect("host_subject")
        return render(request, "host/subject_let_in.html", {"patient": patient})
    form = ReasonForm(request.POST or None)
    if form.took(
        lambda: ask_for_factor(account=account, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, "Asked for. It is done when a second person confirms.")
        return redirect("host_approvals")
    return form_page(request, "host/subject_let_in.html", form, {"patient": patient})


def _found(request: SignedInRequest, *, at: datetime) -> Patient | None:
    """Return who was found a few minutes ago and is not erased; None otherwise."""
    record, until = request.session.get(FOUND, ("", ""))
    if not record or datetime.fromisoformat(until) <= at or is_erased(UUID(record)):
        request.session.pop(FOUND, None)
        return None
    return subject_open_to(request.user, UUID(record))
