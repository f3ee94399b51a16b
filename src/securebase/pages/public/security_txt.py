"""Where to report a security hole of this installation, in the form RFC 9116 gives."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.pages.shared.access import Audience, for_audience

FRESH = timedelta(days=180)
"""The form asks for an end less than a year away, so that nobody writes to a dead address."""


@for_audience(Audience.EVERYONE, impersonal="where to report a security hole")
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Name the address that the host gave; there is no such page without one."""
    contact: str = settings.SECUREBASE_SECURITY_CONTACT
    if not contact:
        raise Http404
    until = (timezone.now() + FRESH).strftime("%Y-%m-%dT00:00:00Z")
    base = settings.SECUREBASE_BASE_URL.rstrip("/")
    lines = [
        f"Contact: {contact}",
        f"Expires: {until}",
        "Preferred-Languages: en",
        f"Canonical: {base}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
