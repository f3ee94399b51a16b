"""Being there for a patient: asked by them, shown what they chose, and taken off again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.models import Supporter
from securebase.clinic.consent.supporters import (
    add_supporter,
    asked_by_others,
    check_can_ask,
    note_support_list_read,
    note_support_read,
    remove_supporter,
)
from securebase.clinic.consent.words import offered
from securebase.clinic.safety.queries import current_plan
from securebase.people.access.words import Category
from securebase.people.accounts.actions import (
    invite,
    let_support,
    let_support_no_more,
    make_account,
)
from securebase.people.accounts.models import Role, User
from securebase.stories.send_invitation import send_invitation
from securebase.stories.share_with_partner import see

CLOSED = "This address cannot be used here. Ask them for another one."


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody close is shown; what is not open is not even fetched."""

    kinds: frozenset[Category]
    steps: dict[str, list[str]]
    """Lines of the crisis steps by part of the plan."""
    sessions: tuple[datetime, ...]


@transaction.atomic
def ask_supporter(
    *, patient: Patient, name: str, email: str, called: str, by: User, at: datetime
) -> Supporter:
    """Ask somebody by their address; they get a link, unless they sign in here already.

    Whoever asks learns nothing about the address: each time it looks the same to them.
    """
    check_can_ask(by, patient)
    email = email.strip().lower()
    account = User.objects.filter(email=email).first()
    if account is not None and not account.is_active:
        raise ValidationError({"email": CLOSED})
    if account is None:
        account = make_account(email=email, name=name, roles=[Role.SUPPORTER], by=by, at=at)
    asked = add_supporter(
        patient=patient, account=account, name=name, called=called, by=by, at=at
    )
    let_support(account=account, by=by, at=at)
    if not account.has_usable_password() and account.roles == {Role.SUPPORTER.value}:
        send_invitation(*invite(account=account, by=by, at=at))
    return asked


@transaction.atomic
def take_off(*, supporter: Supporter, by: User, at: datetime) -> None:
    """Take somebody off and close all they saw; the role ends once nobody asks them."""
    remove_supporter(supporter=supporter, by=by, at=at)
    account = supporter.account
    if not Supporter.objects.filter(account=account, removed_at__isnull=True).exists():
        let_support_no_more(account=account, by=by, at=at)


def see_as_supporter(patient: Patient, kinds: frozenset[Category], *, at: datetime) -> Shown:
    """Return what somebody sees to whom these kinds are open; also the preview."""
    plan = current_plan(patient) if Category.PLAN in kinds else None
    lines = plan.lines if plan else {}
    timed = kinds & {Category.SCHEDULE}
    return Shown(
        kinds=kinds,
        steps={slug: lines.get(slug, []) for slug in offered().support.plan_parts},
        sessions=see(patient, timed, at=at).sessions,
    )


@transaction.atomic
def list_support(*, by: User, at: datetime) -> list[Supporter]:
    """Return through whom something is open to this supporter now, and note the look."""
    note_support_list_read(by=by, at=at)
    return list(asked_by_others(by, at=at))


@transaction.atomic
def open_support(*, asked: Supporter, by: User, at: datetime) -> Shown:
    """Open what somebody shares with this supporter now; the trail says which kinds."""
    kinds = note_support_read(patient=asked.patient, by=by, at=at)
    return see_as_supporter(asked.patient, kinds, at=at)
