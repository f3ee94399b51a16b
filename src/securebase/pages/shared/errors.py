"""The pages for when something does not go on: calm, and with a way back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read."""
    return render(request, "shared/errors/400.html", status=400)


def no_permission(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this may not be done, and why if the policy gave a reason."""
    context = {"reason": str(exception or "")}
    return render(request, "shared/errors/403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say the same for what is not there and for what is not yours."""
    return render(request, "shared/errors/404.html", status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours and that nothing acknowledged is lost."""
    return render(request, "shared/errors/500.html", status=500)
