"""Headers that every answer carries and Django has no setting for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SAID = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""No other site may embed an answer, and no page of ours asks for camera, place or ads."""


class HeadersMiddleware:
    """Say on every answer what other sites and the browser may do with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers; a view that said one itself is left alone."""
        response = self.get_response(request)
        for name, value in SAID.items():
            response.headers.setdefault(name, value)
        return response
