"""A form that comes without its token: the page was open too long, or another site sent it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from securebase.pages.shared.visits import keep_what_was_sent, whose_words


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say calmly that nothing was sent, keep what was written, and say how to go on."""
    kept = keep_what_was_sent(request, whose_words(request))
    return render(request, "public/form_too_old.html", {"kept": kept}, status=403)
