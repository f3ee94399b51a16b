"""Who may make accounts, invite people and grant roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.accounts.permits import granted

CLINICIANS_INVITE = ({Role.PATIENT.value}, {Role.PARTNER.value})
"""Roles of the accounts a clinician may make: a patient's, or a care-team partner's."""
SUPPORTERS = {Role.SUPPORTER.value}
"""Roles of the accounts a patient may make: somebody close, who is shown what they choose."""


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
    if user.holds(Role.PATIENT) and set(roles) == SUPPORTERS:
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
    if user.holds(Role.PATIENT) and account.roles == SUPPORTERS:
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


def check_can_let_support(user: User) -> None:
    """Raise unless this is a patient, who alone asks somebody close to be there for them."""
    if not user.holds(Role.PATIENT):
        raise PermissionDenied("Only a patient asks somebody to support them.")


def can_let_support(user: User) -> bool:
    """Whether this person may ask somebody close to be there for them."""
    return granted(check_can_let_support, user)


def check_can_end_role(user: User, account: User) -> None:
    """Raise unless this person may end roles of this account; never their own."""
    if not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can end a role.")
    if user.pk == account.pk:
        raise PermissionDenied("Nobody ends a role of their own; ask another host.")


def can_end_role(user: User, account: User) -> bool:
    """Whether this person may end roles of this account."""
    return granted(check_can_end_role, user, account)


def check_can_end_visits(user: User, account: User) -> None:
    """Raise unless this person may end sign-ins of this account: their own, or as host."""
    if user.pk != account.pk and not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can end the sign-ins of somebody else.")


def can_end_visits(user: User, account: User) -> bool:
    """Whether this person may end sign-ins of this account."""
    return granted(check_can_end_visits, user, account)


def check_can_close_account(user: User, account: User) -> None:
    """Raise unless this person may close this account; never their own."""
    if not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can close an account.")
    if user.pk == account.pk:
        raise PermissionDenied("Nobody closes their own account; ask another host.")


def can_close_account(user: User, account: User) -> bool:
    """Whether this person may close this account."""
    return granted(check_can_close_account, user, account)


def check_can_renew_access(user: User, account: User) -> None:
    """Raise unless this person may let this account choose a new second factor."""
    if not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can ask for a new second factor.")
    if user.pk == account.pk:
        raise PermissionDenied("Nobody renews their own second factor; ask another host.")
    if not account.is_active:
        raise PermissionDenied("This account is closed; there is nothing to renew.")


def can_renew_access(user: User, account: User) -> bool:
    """Whether this person may let this account choose a new second factor."""
    return granted(check_can_renew_access, user, account)


def check_can_choose_ways(user: User, account: User) -> None:
    """Raise unless this is the person's own account."""
    if user.pk != account.pk:
        raise PermissionDenied("Only the person themselves chooses how they sign in.")


def can_choose_ways(user: User, account: User) -> bool:
    """Whether this person may choose how this account is opened."""
    return granted(check_can_choose_ways, user, account)
