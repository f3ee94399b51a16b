"""Naming a feeling: a word from wide to near, where it is felt, and what it may ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.said.feelings import drop_feeling, name_feeling
from securebase.clinic.said.queries import feelings_visible_to
from securebase.pages.patient.feelings_forms import FeelingForm, LikeForm
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.feelings import NOT_YET, named_in_words
from securebase.pages.shared.language.content import spoken
from securebase.pages.shared.shapes import Link
from securebase.people.access.words import Action, Category
from securebase.science.feelings import Word, vocabulary

MOST = 12
LOOKED_BACK = timedelta(days=28)
OFTEN = 3
"""How many words and places are said back."""


@for_audience(Audience.PATIENT, Category.MESSAGE)
@require_safe
def feelings(request: SignedInRequest) -> HttpResponse:
    """Offer the widest words, and show back what was named lately."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = feelings_visible_to(request.user, at=at).filter(patient=patient)
    lately = own.filter(named_at__gt=at - LOOKED_BACK)
    named = [named_in_words(one.told) for one in lately]
    context = {
        "families": vocabulary().nearer(),
        "named": [(one, named_in_words(one.told)) for one in own[:MOST]],
        "words": _often(one.name for one in named if one.name != spoken(NOT_YET)),
        "places": _often(place for one in named for place in one.places),
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/feelings.html", context, patient=patient)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: SignedInRequest, word: str) -> HttpResponse:
    """Show nearer words, and keep the one that fits with whatever else was said."""
    known = vocabulary().words.get(word)
    if known is None:
        raise Http404
    back = Link("All words", reverse("me_feelings"))
    if known.above:
        above = vocabulary().words[known.above]
        back = Link(above.name, reverse("me_feeling", args=[above.slug]))
    return _naming(request, known, LikeForm(), back=back)


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def not_yet(request: SignedInRequest) -> HttpResponse:
    """Take "I don't know yet" as an answer, and offer words near to where it lies."""
    like = LikeForm(request.POST or request.GET or None, label_suffix="")
    return _naming(request, None, like, back=Link("All words", reverse("me_feelings")))


@for_audience(Audience.PATIENT, Category.MESSAGE, Action.WRITE, of="said.Feeling")
@require_POST
def drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take back a feeling that was named."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    own = feelings_visible_to(request.user, at=at).filter(patient=patient)
    drop_feeling(feeling=get_object_or_404(own, pk=pk), by=request.user, at=at)
    messages.success(request, "It is gone.")
    return redirect("me_feelings")


def _naming(
    request: SignedInRequest, word: Word | None, like: LikeForm, *, back: Link
) -> HttpResponse:
    at = timezone.now()
    patient = own_record(request.user, at=at)
    form = FeelingForm(request.POST or None, likely=word.needs if word else ())

    def keep() -> None:
        named = form.named(word.slug if word else "", like)
        shown = form.cleaned_data["shown"]
        name_feeling(patient=patient, named=named, shown=shown, by=request.user, at=at)

    if form.took(keep):
        messages.success(request, "Kept.")
        return redirect("me_feelings")
    context = {
        "word": word,
        "path": vocabulary().path(word.slug) if word else (),
        "nearer": vocabulary().nearer(word.slug) if word else (),
        "like": like,
        "near": _near(like) if word is None else (),
        "back": back,
    }
    return show(request, "patient/feeling.html", context, patient=patient, form=form)


def _near(like: LikeForm) -> tuple[Word, ...]:
    """Return the words closest to where it lies; none before anything was said of that."""
    if not like.is_bound or not like.is_valid():
        return ()
    said = like.cleaned_data
    if said["pleasant"] is None and said["energy"] is None:
        return ()
    near = vocabulary().families_near(pleasant=said["pleasant"], energy=said["energy"])
    return near[:OFTEN]


def _often(found: Iterable[str]) -> list[str]:
    return [name for name, _ in Counter(found).most_common(OFTEN)]
