"""Doors of the account library that this program keeps shut."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from securebase.pages.shared.access import Audience, for_audience


@for_audience(Audience.EVERYONE, impersonal="a door kept shut")
def closed(request: HttpRequest, **rest: str) -> HttpResponse:
    """Answer as for an address that does not exist.

    Whoever signs in does so with the address they were invited by; a page that changes
    it without a word to anybody would move an account to another mailbox.
    """
    raise Http404
