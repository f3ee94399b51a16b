"""Doing an exercise, signed in: how it was before and after, and what comes next."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.practice.actions import keep_doing
from securebase.clinic.practice.queries import doings_visible_to, help_of, shares_help
from securebase.pages.patient.kit import back_to_kit
from securebase.pages.patient.kit_forms import DoingForm
from securebase.pages.patient.moments import own_record, show
from securebase.pages.patient.steady import exercise_words
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.language.content import spoken
from securebase.people.access.words import Action, Category
from securebase.science import exercises as shelf


@for_audience(Audience.PATIENT, Category.MEASURE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show one exercise with how it was before and after; keep what is given of that."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    words = exercise_words(slug)
    form = DoingForm(request.POST or None)
    worse = request.POST.get("do") == "worse"
    doing = form.made(
        lambda: keep_doing(
            patient=patient, done=form.done(slug, worse=worse), by=request.user, at=at
        )
    )
    if doing is not None:
        return redirect("me_done", pk=doing.pk)
    context = words | {"shared": shares_help(patient), "back": back_to_kit()}
    return show(request, "patient/doing.html", context, patient=patient, form=form)


@for_audience(Audience.PATIENT, Category.MEASURE, of="practice.Doing")
@require_safe
def done(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say what was kept; if it made things worse, lead back to the room first."""
    at = timezone.now()
    doing = get_object_or_404(doings_visible_to(request.user, at=at), pk=pk)
    words = exercise_words(doing.exercise)
    context = words | {
        "doing": doing,
        "says": help_of(doing.patient, until=at)[doing.exercise].in_words(gettext),
        "orienting": spoken(shelf.exercise(words["exercise"].worse)),
        "back": back_to_kit(),
    }
    return show(request, "patient/done.html", context, patient=doing.patient)
