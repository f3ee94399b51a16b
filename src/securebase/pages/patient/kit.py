"""My kit: what steadies me, in my order; what helped so far; who may see that."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.actions import (
    change_entry,
    keep_in_kit,
    move_entry,
    share_help,
    take_out,
    want_back,
)
from securebase.clinic.practice.entries import Kept
from securebase.clinic.practice.models import KitEntry
from securebase.clinic.practice.queries import (
    by_help,
    exercises_aside,
    help_of,
    kit_visible_to,
    shares_help,
)
from securebase.pages.patient.kit_forms import EntryForm
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.language.content import spoken
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.science import exercises as shelf
from securebase.science.kit_terms import kit_terms

OWN_KINDS = [kind for kind in KitEntry.Kind if kind != KitEntry.Kind.EXERCISE]
WITH_MICROPHONE = (
    "camera=(), microphone=(self), geolocation=(), payment=(), usb=(), browsing-topics=()"
)
"""The one page that may ask for the microphone: where a voice is recorded."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One exercise as it is offered to this person."""

    exercise: shelf.Exercise
    says: str
    """How it has helped, in words."""
    in_kit: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the kit, with its exercise if it is one."""

    entry: KitEntry
    exercise: shelf.Exercise | None
    says: str


def back_to_kit() -> Link:
    """Return the link back to the kit."""
    return Link("My kit", reverse("me_kit"))


def own_entry(request: SignedInRequest, pk: UUID, *, at: datetime) -> KitEntry:
    """Return an entry of the person who asks; 404 for anybody else's."""
    return get_object_or_404(kit_visible_to(request.user, at=at), pk=pk)


def lines_of(kit: list[KitEntry], patient: Patient, *, at: datetime) -> list[Line]:
    """Return the kit in its order; an exercise that is gone from the shelf is left out."""
    known = {one.slug: one for one in spoken(shelf.exercises())}
    says = help_of(patient, until=at)
    return [
        Line(
            entry,
            known.get(entry.exercise),
            says[entry.exercise].in_words(gettext) if entry.exercise in known else "",
        )
        for entry in kit
        if not entry.exercise or entry.exercise in known
    ]


@for_audience(Audience.PATIENT, Category.MESSAGE)
@require_safe
def kit(request: SignedInRequest) -> HttpResponse:
    """Show the kit in its order, and all exercises with those first that helped most."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    entries = list(kit_visible_to(request.user, at=at))
    aside, says = exercises_aside(patient), help_of(patient, until=at)
    in_kit = {entry.exercise for entry in entries}
    offers = [
        (
            words,
            [
                Offer(one, says[one.slug].in_words(gettext), one.slug in in_kit)
                for one in by_help(spoken(shelf.exercises(need)), says)
                if one.slug not in aside
            ],
        )
        for need, words in spoken(shelf.NEEDS).items()
    ]
    context = {
        "lines": lines_of(entries, patient, at=at),
        "needs": offers,
        "aside": [one for one in spoken(shelf.exercises()) if one.slug in aside],
        "shared": shares_help(patient),
        "kinds": OWN_KINDS,
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/kit.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, kind: str) -> HttpResponse:
    """Put something of one's own into the kit."""
    if kind not in OWN_KINDS:
        raise Http404
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = EntryForm(request.POST or None, request.FILES or None, kind=kind)
    if form.took(
        lambda: keep_in_kit(patient=patient, kept=form.kept(), by=request.user, at=at)
    ):
        messages.success(request, "Kept. It is the last one in your kit.")
        return redirect("me_kit")
    context = {
        "kind": kind,
        "seconds": kit_terms().sound_seconds,
        "back": back_to_kit(),
    }
    page = show(request, "patient/kit_add.html", context, patient=patient, form=form)
    if kind == KitEntry.Kind.SOUND:
        page["Permissions-Policy"] = WITH_MICROPHONE
    return page


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="practice.KitEntry")
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one thing of the kit, and change its name and words."""
    at = timezone.now()
    one = own_entry(request, pk, at=at)
    if one.kind == KitEntry.Kind.EXERCISE:
        return redirect("me_do", slug=one.exercise)
    form = EntryForm(request.POST or None, kind=one.kind, entry=one)

    def change_it() -> None:
        version = form.cleaned_data["version"] or 0
        change_entry(entry=one, kept=form.kept(), version=version, by=request.user, at=at)

    if form.took(change_it):
        messages.success(request, "Kept.")
        return redirect("me_kit")
    context = {"entry": one, "back": back_to_kit()}
    return show(request, "patient/kit_entry.html", context, patient=one.patient, form=form)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="practice.KitEntry")
@require_POST
def change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Move one thing up or down, or take it out."""
    at = timezone.now()
    one, wish = own_entry(request, pk, at=at), request.POST.get("do", "")
    if wish in {"up", "down"}:
        move_entry(entry=one, up=wish == "up", by=request.user, at=at)
    elif wish == "out":
        take_out(entry=one, by=request.user, at=at)
        messages.success(request, "Taken out.")
    return redirect("me_kit")


@for_audience(Audience.PATIENT, Category.MESSAGE, of="practice.KitEntry")
@require_safe
def file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Return the picture or the sound of one's own entry, and nothing else."""
    one = own_entry(request, pk, at=timezone.now())
    if not hasattr(one, "file"):
        raise Http404
    answer = HttpResponse(b64decode(one.file.content), content_type=one.file.media_type)
    answer["Content-Disposition"] = "inline"
    return answer


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_POST
def exercise(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put an exercise into the kit, or let one be suggested again."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    if slug not in {one.slug for one in shelf.exercises()}:
        raise Http404
    if request.POST.get("do") == "back":
        want_back(patient=patient, exercise=slug, by=request.user, at=at)
        return redirect("me_kit")
    kept = Kept(kind=KitEntry.Kind.EXERCISE, exercise=slug)
    try:
        keep_in_kit(patient=patient, kept=kept, by=request.user, at=at)
    except ValidationError as refused:
        messages.info(request, " ".join(refused.messages))
    return redirect("me_kit")


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_POST
def share(request: SignedInRequest) -> HttpResponse:
    """Share which exercises help, or keep it to oneself again."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    share_help(
        patient=patient, wanted=request.POST.get("wanted") == "yes", by=request.user, at=at
    )
    return redirect("me_kit")
