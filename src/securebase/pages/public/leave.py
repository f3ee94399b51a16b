"""The address behind "Leave this page": out, and on to somewhere that says nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.leaving import FORGET, end_visit, leaving
from securebase.pages.shared.visits import open_when_locked


@for_audience(Audience.EVERYONE, impersonal="leaving at once")
@open_when_locked
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out. A page with its script says so in passing; without one this leads away.

    A plain link must be able to sign out, so this takes no token; that another site may
    not do it to somebody, their browser tells us. Nothing is lost by it in any case.
    """
    if request.method != "HEAD" and request.headers.get("Sec-Fetch-Site") != "cross-site":
        end_visit(request)
    response = HttpResponse(status=204) if request.method == "POST" else redirect(leaving().to)
    response["Clear-Site-Data"] = FORGET
    response["Referrer-Policy"] = "no-referrer"
    return response
