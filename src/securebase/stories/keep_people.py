"""Staff come, are given roles, lose a phone, and leave; what is dangerous takes two.

A role that opens records or runs the practice, and a new second factor, are asked for by
one host and confirmed by another. Closing an account takes one: it only shuts doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import open_bonds
from securebase.people.accounts.actions import grant_role, invite, make_account, renew_access
from securebase.people.accounts.models import STAFF_ROLES, Role, User
from securebase.people.accounts.policies import (
    check_can_grant_role,
    check_can_make_account,
    check_can_renew_access,
)
from securebase.people.approvals.actions import ask
from securebase.people.approvals.models import Approval
from securebase.people.approvals.policies import can_ask
from securebase.people.approvals.queries import WAITS
from securebase.people.vault.keys import hold_keys
from securebase.stories.send_invitation import send_invitation

NEEDS_TWO = frozenset({Role.CLINICIAN, Role.SUPERVISOR, Role.HOST})
"""Roles that open records, or decide who does."""
OFFERED = (Role.CLINICIAN, Role.SUPERVISOR, Role.HOST, Role.LEARNER)
"""Roles a host gives; a partner is invited by a clinician, a patient is welcomed."""
WORK = frozenset({*STAFF_ROLES, Role.LEARNER})


@dataclass(frozen=True, slots=True)
class Member:
    """One person who works here, as a host sees them."""

    account: User
    roles: tuple[str, ...]
    asked: tuple[str, ...]
    """Roles that wait for a second person."""
    factor: bool
    lacks_factor: bool
    """Whether a role asks for a second factor that is not there."""
    opened: bool
    """Whether the person ever chose a passphrase."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Patients, as numbers only."""

    records: int
    in_care: int
    accounts: int
    """Accounts of patients that are open."""
    unopened: int
    """Of these, those whose invitation was not used yet."""


def staff_visible_to(user: User) -> QuerySet[User]:
    """Return everybody who works here or did, for a host; patients are not among them."""
    if not can_ask(user):
        return User.objects.none()
    works = Q(roles_held__role__in=[role.value for role in WORK])
    return User.objects.filter(works | Q(roles_held=None, patient=None)).distinct()


def members(user: User) -> list[Member]:
    """Return everybody who works here, open accounts first, in the order they joined."""
    accounts = list(
        staff_visible_to(user)
        .prefetch_related("roles_held")
        .order_by("-is_active", "joined_at", "pk")
    )
    ids = [account.pk for account in accounts]
    hold_keys(ids)
    secured = set(Authenticator.objects.filter(user__in=ids).values_list("user_id", flat=True))
    asked = _asked(ids)
    return [_member(account, secured, asked) for account in accounts]


def member(user: User, account: User) -> Member:
    """Return one of them."""
    secured = set(Authenticator.objects.filter(user=account).values_list("user_id", flat=True))
    return _member(account, secured, _asked([account.pk]))


def counts(*, at: datetime) -> Counts:
    """Return how many patients there are, in which state; nothing else about them."""
    accounts = User.objects.filter(patient__isnull=False, is_active=True)
    return Counts(
        records=Patient.objects.count(),
        in_care=Care.objects.filter(open_bonds(at), part=Care.Part.OF_RECORD)
        .values("patient")
        .distinct()
        .count(),
        accounts=accounts.count(),
        unopened=accounts.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).count(),
    )


def people_in_care_of(account: User, *, at: datetime) -> int:
    """Return how many people would be without their clinician if this one left."""
    held = Care.objects.filter(open_bonds(at), clinician=account, part=Care.Part.OF_RECORD)
    return held.count()


@transaction.atomic
def invite_staff(
    *, email: str, name: str, role: Role, reason: str, by: User, at: datetime
) -> User:
    """Make an account for somebody who comes to work here.

    With a role that needs two persons the link leaves when a second person confirmed it.
    """
    _check_offered(role)
    check_can_make_account(by, [role])
    if not name.strip():
        raise ValidationError({"name": "The name is empty. Write what they want to be called."})
    roles = [] if role in NEEDS_TWO else [role]
    account = make_account(email=email, name=name, roles=roles, by=by, at=at)
    if role in NEEDS_TWO:
        ask_for_role(account=account, role=role, reason=reason, by=by, at=at)
    else:
        send_link(account=account, by=by, at=at)
    return account


@transaction.atomic
def ask_for_role(
    *, account: User, role: Role, reason: str, by: User, at: datetime
) -> Approval | None:
    """Ask for a role of somebody who works here; one that opens nothing is given at once."""
    _check_offered(role)
    check_can_grant_role(by, account)
    if account.holds(role):
        raise ValidationError({"role": f"They hold the role {role.label} already."})
    if role not in NEEDS_TWO:
        grant_role(user=account, role=role, by=by, at=at)
        return None
    kind = Approval.Kind.GRANT_ROLE
    return ask(kind=kind, about=account.pk, detail=role.value, reason=reason, by=by, at=at)


@transaction.atomic
def ask_for_factor(*, account: User, reason: str, by: User, at: datetime) -> Approval:
    """Ask for a new second factor of somebody who lost theirs."""
    check_can_renew_access(by, account)
    kind = Approval.Kind.RENEW_FACTOR
    return ask(kind=kind, about=account.pk, reason=reason, by=by, at=at)


@transaction.atomic
def send_link(*, account: User, by: User, at: datetime) -> None:
    """Send the link that opens an account; links sent before stop working."""
    invitation, token = invite(account=account, by=by, at=at)
    send_invitation(invitation, token)


def give_role(approval: Approval, *, by: User, at: datetime) -> None:
    """Give the role that two persons agreed on, and the link to who never came in."""
    account = User.objects.get(pk=approval.about)
    # Whoever was asked about may confirm; then it is the other of the two who gives.
    giver = approval.asked_by if by.pk == account.pk else by
    grant_role(user=account, role=Role(approval.detail), by=giver, at=at)
    if not account.has_usable_password() and account.is_active:
        send_link(account=account, by=giver, at=at)


def renew_factor(approval: Approval, *, by: User, at: datetime) -> None:
    """Send the link by which somebody chooses a new passphrase and second factor."""
    account = User.objects.get(pk=approval.about)
    giver = approval.asked_by if by.pk == account.pk else by
    invitation, token = renew_access(account=account, by=giver, at=at)
    send_invitation(invitation, token)


def _check_offered(role: Role) -> None:
    if role not in OFFERED:
        names = ", ".join(one.label for one in OFFERED)
        raise ValidationError({"role": f"{role.label} is not given here; choose from {names}."})


def _asked(ids: Iterable[UUID]) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    kind = Approval.Kind.GRANT_ROLE
    rows = Approval.objects.filter(WAITS, kind=kind, about__in=list(ids))
    for about, role in rows.values_list("about", "detail"):
        found.setdefault(about, []).append(Role(role).label)
    return found


def _member(account: User, secured: set[UUID], asked: Mapping[UUID, list[str]]) -> Member:
    held = [one.role for one in account.roles_held.all() if one.until is None]
    return Member(
        account=account,
        roles=tuple(Role(role).label for role in held),
        asked=tuple(asked.get(account.pk, ())),
        factor=account.pk in secured,
        lacks_factor=account.pk not in secured and bool(STAFF_ROLES & {Role(r) for r in held}),
        opened=account.has_usable_password(),
    )
