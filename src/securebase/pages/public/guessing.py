"""Links are secrets too: looking one up is a guess, at the pace of its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from securebase.pages.shared.entrance import take_guess
from securebase.people.accounts.guesses import guess_was_right
from securebase.people.accounts.refused import note_link_over

T = TypeVar("T")


def look_up(request: HttpRequest, token: str, find: Callable[[], T | None]) -> T | None:
    """Return what a link leads to; a link that leads nowhere counts as a wrong guess.

    It leaves a row on the trail too; how many come is bounded by the pace of the place.
    """
    guess = take_guess(request, "")
    found = find()
    if found is None:
        note_link_over(token=token, at=timezone.now())
    else:
        guess_was_right(guess, at=timezone.now())
    return found


def slowed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a place that tried too many links with how long to wait."""

    @wraps(view)
    def paced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ValidationError as wait:
            words = {"wait": " ".join(wait.messages)}
            return render(request, "public/wait.html", words, status=429)

    return paced
