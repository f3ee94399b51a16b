"""Who may make accounts, invite people and grant roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.accounts.permits import granted

CLINICIANS_INVITE = ({Role.PATIENT.value}, {Role.PARTNER.value})
"""Roles of the accounts a clinician may make: a patient's, or a care-team partner's."""


def check_can_make_account(user: User | None, roles: Iterable[Role]) -> None:
    """Raise unless this person may make an account that holds these roles.

    Nobody is signed in before the first host exists; from then on somebody must be.
    """
    if user is None:
        if RoleHeld.objects.filter(role=Role.HOST).exists():
            raise PermissionDenied("This practice is set up already. Ask its host to add you.")
        return
    if user.holds(Role.HOST):
        return
    if user.holds(Role.CLINICIAN) and set(roles) in CLINICIANS_INVITE:
        return
    raise PermissionDenied("Only a host can add staff; clinicians add patients and partners.")


def can_make_account(user: User | None, roles: Iterable[Role]) -> bool:
    """Whether this person may make an account that holds these roles."""
    return granted(check_can_make_account, user, roles)


def check_can_invite(user: User, account: User) -> None:
    """Raise unless this person may send this account a link that opens it."""
    if not account.is_active:
        raise PermissionDenied("This account is closed; it cannot be invited.")
    if user.holds(Role.HOST):
        return
    if user.holds(Role.CLINICIAN) and account.roles in CLINICIANS_INVITE:
        return
    raise PermissionDenied(
        "Only a host can invite staff; clinicians invite patients and partners."
    )


def can_invite(user: User, account: User) -> bool:
    """Whether this person may send this account a link that opens it."""
    return granted(check_can_invite, user, account)


def check_can_grant_role(user: User, account: User) -> None:
    """Raise unless this person may grant roles to this account; never to their own."""
    if not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can grant roles.")
    if user.pk == account.pk:
        raise PermissionDenied("Nobody grants a role to themselves; ask another host.")


def can_grant_role(user: User, account: User) -> bool:
    """Whether this person may grant roles to this account."""
    return granted(check_can_grant_role, user, account)
