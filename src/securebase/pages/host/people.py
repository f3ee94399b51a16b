"""The people who work here, for the host: who holds which role, who comes and who leaves.

Patients are numbers on these pages. What shuts a door takes one host; what opens one
waits for a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.host.people_forms import (
    CloseForm,
    EndRoleForm,
    InviteForm,
    ReasonForm,
    RoleForm,
)
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.step_up import asked_again
from securebase.people.accounts.actions import close_account, end_role
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.visits import end_visits, open_visits
from securebase.people.approvals.queries import waiting
from securebase.stories.keep_people import (
    Member,
    ask_for_factor,
    ask_for_role,
    counts,
    invite_staff,
    member,
    members,
    people_in_care_of,
    send_link,
    staff_visible_to,
)

ABOUT = "people who work here; patients as numbers only"
WAITS = "Asked for. It is done when a second person confirms it."


@dataclass(frozen=True, slots=True)
class Act:
    """Something a host does about one person."""

    title: str
    says: str
    do: str
    """What the button says."""
    form: type[AskingForm]
    run: Callable[..., Any]
    done: str
    fits: Callable[[Member], bool]
    """Whether there is anything to do for this person."""


def _is_open(one: Member) -> bool:
    return one.account.is_active


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "role": Act(
            "Give a role",
            "What opens records, or runs the practice, waits for a second person.",
            "Ask for the role",
            RoleForm,
            ask_for_role,
            "Done. A role that opens records waits for a second person.",
            _is_open,
        ),
        "end": Act(
            "End a role",
            "It ends at once, and every sign-in of theirs with it.",
            "End the role",
            EndRoleForm,
            end_role,
            "The role has ended.",
            lambda one: _is_open(one) and bool(one.roles),
        ),
        "sign-ins": Act(
            "End their sign-ins",
            "Every device is signed out at its next request; they sign in again themselves.",
            "End them all",
            AskingForm,
            end_visits,
            "Ended. Every device of theirs is signed out.",
            lambda one: _is_open(one) and one.opened,
        ),
        "factor": Act(
            "New second factor",
            "For a lost phone or key. The old one goes when they open the link.",
            "Ask for it",
            ReasonForm,
            ask_for_factor,
            WAITS,
            lambda one: _is_open(one) and one.opened,
        ),
        "link": Act(
            "Send the link again",
            "The link that opens the account; older links stop working.",
            "Send the link",
            AskingForm,
            send_link,
            "The link is on its way.",
            lambda one: _is_open(one) and not one.opened and bool(one.roles),
        ),
        "close": Act(
            "Close the account",
            "Every sign-in, role and link of theirs ends at this moment.",
            "Close it now",
            CloseForm,
            close_account,
            "Closed. Nothing opens this account any more.",
            _is_open,
        ),
    }
)
"""Every act by the last part of its address."""


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_safe
@in_practice_time
def people(request: SignedInRequest) -> HttpResponse:
    """Show who works here, and how many patients there are."""
    at = timezone.now()
    found = members(request.user)
    context = {
        "open": [one for one in found if one.account.is_active],
        "closed": [one for one in found if not one.account.is_active],
        "counts": counts(at=at),
        "waiting": waiting(request.user, at=at).count(),
    }
    return render(request, "host/people.html", context)


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def invite(request: SignedInRequest) -> HttpResponse:
    """Invite somebody who comes to work here."""
    form = InviteForm(request.POST or None)
    at = timezone.now()
    if form.took(lambda: invite_staff(by=request.user, at=at, **form.cleaned_data)):
        messages.success(request, "Done. With a role that opens records, the link waits.")
        return redirect("host_people")
    return form_page(request, "host/people_invite.html", form, {})


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_safe
@in_practice_time
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one person and what can be done."""
    account = get_object_or_404(staff_visible_to(request.user), pk=pk)
    one = member(request.user, account)
    own = account.pk == request.user.pk
    acts = [] if own else [(slug, act) for slug, act in ACTS.items() if act.fits(one)]
    here = open_visits(one.account, at=timezone.now()).count()
    context = {"one": one, "acts": acts, "own": own, "here": here}
    return render(request, "host/person.html", context)


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def act(request: SignedInRequest, pk: UUID, slug: str) -> HttpResponse:
    """Ask once more, and do it."""
    account, at = get_object_or_404(staff_visible_to(request.user), pk=pk), timezone.now()
    one, chosen = member(request.user, account), ACTS.get(slug)
    if chosen is None or account.pk == request.user.pk or not chosen.fits(one):
        raise Http404
    form = chosen.form(request.POST if request.method == "POST" else None)
    if isinstance(form, EndRoleForm):
        _offer_held_roles(form, account)
    whom = {"user" if chosen.run is end_role else "account": account}
    if form.took(lambda: chosen.run(**whom, **form.cleaned_data, by=request.user, at=at)):
        messages.success(request, chosen.done)
        return redirect("host_person", pk=pk)
    context = {
        "one": one,
        "act": chosen,
        "left": people_in_care_of(account, at=at) if slug in ("close", "end") else 0,
    }
    return form_page(request, "host/person_act.html", form, context)


def _offer_held_roles(form: EndRoleForm, account: User) -> None:
    held = [role for role in Role if account.holds(role)]
    form.fields["role"].choices = [(role.value, role.label) for role in held]  # type: ignore[attr-defined]
