"""A form that comes without its token: the page was open too long, or another site sent it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say calmly that nothing was sent, and how to go on."""
    return render(request, "public/form_too_old.html", status=403)
