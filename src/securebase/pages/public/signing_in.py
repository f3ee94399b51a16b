"""Signing somebody in who has just shown who they are, and where they go from there."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from securebase.pages.shared.entrance import VISIT
from securebase.pages.shared.visits import start_visit
from securebase.people.accounts.models import Role, User, Visit

HOMES = (
    (Role.CLINICIAN, "/desk/"),
    (Role.PARTNER, "/with/"),
    (Role.PATIENT, "/me/"),
    (Role.HOST, "/keep/"),
    (Role.SUPERVISOR, "/desk/supervision/"),
    (Role.SUPPORTER, "/with/support/"),
)
"""First pages, the busiest role first: a clinician who also hosts starts at the desk."""


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign in somebody who has just chosen their passphrase: it is not asked for again."""
    request.session.pop(VISIT, None)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="password", reauthenticated=True)


def sign_in_by_link(request: HttpRequest, user: User) -> None:
    """Sign in somebody who pressed a link from their mailbox: to the check-in alone."""
    logout(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    start_visit(request, user, Visit.Scope.CHECK_IN)


def home_of_person(user: User) -> str | None:
    """Return the first page of a person's first role; None if they hold none with pages."""
    return next((home for role, home in HOMES if user.holds(role)), None)
