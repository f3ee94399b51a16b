"""Accepting an invitation: who invites, what this is and is not, a passphrase, and in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from securebase.pages.public.forms import PassphraseForm
from securebase.pages.public.guessing import look_up, slowed
from securebase.pages.public.signing_in import sign_in
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.asking import form_page
from securebase.people.accounts.actions import accept_invitation, open_invitation
from securebase.people.accounts.models import Role


@for_audience(Audience.EVERYONE, impersonal="opening an account by invitation")
@never_cache
@slowed
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Open the account of an invitation; a link used, expired or unknown looks the same."""
    now = timezone.now()
    invitation = look_up(request, token, lambda: open_invitation(token=token, at=now))
    if invitation is None:
        return render(request, "public/link_over.html", status=404)
    form = PassphraseForm(request.POST or None, account=invitation.account)
    if request.method == "POST" and form.is_valid():
        person = accept_invitation(token=token, password=form.cleaned_data["password"], at=now)
        sign_in(request, person)
        is_patient = person.holds(Role.PATIENT) and not person.needs_second_factor
        return redirect("me_discreet_first" if is_patient else "front_door")
    context = {
        "person": invitation.account,
        "inviter": invitation.made_by,
        "is_staff": invitation.account.needs_second_factor,
    }
    return form_page(request, "public/welcome.html", form, context)
