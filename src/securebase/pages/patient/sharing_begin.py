"""Beginning to share: choose, look at what will be seen, read the text, agree."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.consent.actions import grant
from securebase.clinic.consent.words import offered
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.sharing import back
from securebase.pages.patient.sharing_forms import BeginForm, described
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.sharing import sections
from securebase.people.access.words import Action, Category
from securebase.stories.share_with_partner import see
from securebase.stories.who_sees import who_sees

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from securebase.clinic.care.models import Patient


@for_audience(Audience.PATIENT, Category.IDENTITY, Action.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: SignedInRequest, *, substance: bool = False) -> HttpResponse:
    """Choose, then see and read, then agree; nothing is shared before the last step."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = _form(request, patient, substance=substance, at=at)
    if not form.team:
        return redirect("me_sharing")
    if not form.is_valid() or "change" in request.POST:
        return _choose(request, form, patient, substance=substance)
    if "agree" not in request.POST:
        return _look(request, form, patient)

    def agree() -> None:
        purpose, text = form.cleaned_data["purpose"], request.POST.get("text", "")
        terms = form.terms(purpose=purpose, text_version=text)
        grant(patient=patient, recipient=form.recipient, terms=terms, by=request.user, at=at)

    if not form.took(agree):
        return _look(request, form, patient)
    messages.success(request, "It is shared now. You can stop it here at any time.")
    return redirect("me_sharing")


def _form(
    request: SignedInRequest, patient: Patient, *, substance: bool, at: datetime
) -> BeginForm:
    return BeginForm(
        request.POST or None,
        initial={"person": request.GET.get("with", "")},
        team=who_sees(patient=patient, user=request.user, at=at).partners,
        substance=substance,
        at=at,
        zone=ZoneInfo(patient.time_zone),
    )


def _choose(
    request: SignedInRequest, form: BeginForm, patient: Patient, *, substance: bool
) -> HttpResponse:
    context = {"substance": substance, "back": back()}
    return show(request, "patient/sharing_begin.html", context, patient=patient, form=form)


def _look(request: SignedInRequest, form: BeginForm, patient: Patient) -> HttpResponse:
    """Show what would be seen and the text that is agreed to."""
    chosen = form.cleaned_data
    with timezone.override(ZoneInfo(patient.time_zone)):
        seen = sections(see(patient, form.categories, at=form.at))
    context = {
        "person": described(form.team[chosen["person"]]),
        "kinds": [k for slug, k in offered().kinds.items() if slug in form.categories],
        "purpose": offered().purposes[chosen["purpose"]],
        "until": chosen["until"],
        "text": offered().text_for(form.categories),
        "sections": seen,
        "kept": [
            (name, value)
            for name in ("person", "kinds", "purpose", "until")
            for value in request.POST.getlist(name)
        ],
        "back": back(),
    }
    return show(request, "patient/sharing_look.html", context, patient=patient, form=form)
