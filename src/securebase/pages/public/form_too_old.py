"""A form that comes without its token: the page was open too long, or another site sent it."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from securebase.pages.shared.entrance import take_guess
from securebase.pages.shared.visits import keep_what_was_sent, whose_words
from securebase.people.accounts.models import User
from securebase.people.accounts.refused import Trouble, note_form_refused


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say calmly that nothing was sent, keep what was written, and say how to go on."""
    _note(request)
    kept = keep_what_was_sent(request, whose_words(request))
    return render(request, "public/form_too_old.html", {"kept": kept}, status=403)


def _note(request: HttpRequest) -> None:
    """Leave a row, at the pace of the place: a flood of such forms must not fill the trail."""
    by = request.user if isinstance(request.user, User) else None
    with suppress(ValidationError):
        take_guess(request, "")
        note_form_refused(trouble=Trouble.NO_MARK, by=by, at=timezone.now())
