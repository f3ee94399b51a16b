"""My account: how I sign in, and where I am signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.queries import factors_of
from securebase.people.accounts.visits import end_visits, open_visits
from securebase.people.accounts.ways import Ways, choose_ways

if TYPE_CHECKING:
    from django.http import QueryDict

    from securebase.people.accounts.models import Visit


class WaysForm(forms.Form):
    """Which links by mail may be used; the passphrase and passkeys are always there."""

    link = forms.BooleanField(
        label="A link by mail may open my check-in",
        help_text="It opens the check-in alone, for one hour. "
        "It shows nothing you wrote before.",
        required=False,
    )
    reset = forms.BooleanField(
        label="I may choose a new passphrase by mail",
        help_text="Turn this off if somebody else can read your mail. "
        "Then only a new invitation helps when you forget the passphrase.",
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, account: User) -> None:
        super().__init__(data, initial={"link": account.way_link, "reset": account.way_reset})
        if not account.holds(Role.PATIENT):
            del self.fields["link"]

    def ways(self) -> Ways:
        """Return what was chosen."""
        given = self.cleaned_data
        return Ways(link=given.get("link", False), reset=given["reset"])


class EndForm(forms.Form):
    """Which sign-in to end; all the others if none is named."""

    visit = forms.UUIDField(required=False)


@for_audience(Audience.SIGNED_IN, impersonal="one's own account")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """Show the ways into this account, and keep which of them may be used."""
    me = request.user
    if request.method == "POST":
        form = WaysForm(request.POST, account=me)
        form.full_clean()
        choose_ways(account=me, ways=form.ways(), by=me, at=timezone.now())
        messages.success(request, "Kept.")
        return redirect("account_home")
    held = factors_of(me)
    context = {
        "form": WaysForm(account=me),
        "has_passphrase": me.has_usable_password(),
        "passkeys": held.passkeys,
        "has_factor": bool(held.passkeys or held.others),
    }
    return render(request, "public/account.html", context)


@for_audience(Audience.SIGNED_IN, impersonal="one's own account")
@require_safe
def sessions(request: SignedInRequest) -> HttpResponse:
    """Show every device that is signed in, this one first."""
    here: Visit = request.visit  # type: ignore[attr-defined]
    visits = open_visits(request.user, at=timezone.now())
    others = [visit for visit in visits if visit.pk != here.pk]
    return render(request, "public/sessions.html", {"here": here, "others": others})


@for_audience(Audience.SIGNED_IN, impersonal="one's own account")
@require_POST
def end(request: SignedInRequest) -> HttpResponse:
    """End one other sign-in, or all others; this one stays."""
    here: Visit = request.visit  # type: ignore[attr-defined]
    me, form, ended = request.user, EndForm(request.POST), 0
    if form.is_valid():
        only = form.cleaned_data["visit"]
        ended = end_visits(account=me, by=me, at=timezone.now(), only=only, but=here.pk)
    if ended:
        messages.success(request, "Ended. That device asks for a new sign-in now.")
    return redirect("account_sessions")
