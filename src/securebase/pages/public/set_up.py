"""The first set-up: practice and first person, asked once, behind a one-time link."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from securebase.pages.public.forms import SetUpForm
from securebase.pages.public.signing_in import sign_in
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.asking import form_page
from securebase.stories.set_up_link import end_link, link_is_open
from securebase.stories.set_up_practice import set_up_practice


@for_audience(Audience.EVERYONE, impersonal="setting up the practice, once")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Ask about the practice and its first person, make both, and sign the person in."""
    if not link_is_open(token):
        raise Http404
    start = {
        "country": settings.SECUREBASE_COUNTRY,
        "signals": "on" if settings.SECUREBASE_SIGNALS else "off",
    }
    form = SetUpForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        _, person = set_up_practice(
            place=form.place(), founder=form.founder(), at=timezone.now()
        )
        end_link()
        sign_in(request, person)
        return redirect("mfa_index")
    context = {"steps": ["Practice and you", "Second factor", "Recovery codes"]}
    return form_page(request, "public/set_up.html", form, context)
