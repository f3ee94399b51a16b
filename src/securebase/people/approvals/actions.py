"""Asking for an act that needs two persons, confirming it, taking it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.people.accounts.models import User
from securebase.people.approvals.models import Approval
from securebase.people.approvals.policies import (
    check_can_ask,
    check_can_confirm,
    check_can_withdraw,
    is_alone,
)
from securebase.people.approvals.queries import WAITS
from securebase.people.approvals.terms import terms
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST_SIGNS = 1000
BY_ONE = "only one host; waited instead of a second person"
"""How the trail says it, where the second person was missing."""
TOO_LATE = "Somebody else was faster: this act does not wait any more."


@transaction.atomic
def ask(
    *,
    kind: Approval.Kind,
    about: UUID,
    reason: str,
    by: User,
    at: datetime,
    detail: str = "",
) -> Approval:
    """Ask for an act; nothing happens before it is confirmed.

    Asking again while it waits is refused; what waited too long makes room.
    """
    check_can_ask(by)
    reason = _checked(reason)
    same = Approval.objects.select_for_update(no_key=True).filter(
        WAITS, kind=kind, about=about, detail=detail
    )
    same.filter(open_until__lte=at).update(withdrawn_at=at)
    if same.filter(withdrawn_at=None).exists():
        raise ValidationError("This was asked for already, and waits for a second person.")
    alone = is_alone(by, at=at)
    approval = Approval.objects.create(
        kind=kind,
        about=about,
        detail=detail,
        reason=reason,
        asked_by=by,
        asked_at=at,
        alone=alone,
        ready_at=at + terms().wait if alone else at,
        open_until=at + terms().open_for,
    )
    trail.record(
        Verb.APPROVAL_ASK, by=by, at=at, patient=_patient(approval), about=approval, reason=kind
    )
    return approval


@transaction.atomic
def confirm(*, approval: Approval, by: User, at: datetime) -> Approval:
    """Confirm an act; of two who confirm at once, one is told that it is done.

    Call it in the transaction that does the act, so that neither is without the other.
    """
    approval = Approval.objects.select_for_update(no_key=True, of=("self",)).get(pk=approval.pk)
    check_can_confirm(by, approval, at=at)
    taken = Approval.objects.filter(WAITS, pk=approval.pk, open_until__gt=at)
    if not taken.update(confirmed_by=by, confirmed_at=at):
        raise PermissionDenied(TOO_LATE)
    approval.confirmed_by, approval.confirmed_at = by, at
    trail.record(
        Verb.APPROVAL_CONFIRM,
        by=by,
        at=at,
        patient=_patient(approval),
        about=approval,
        reason=BY_ONE if by.pk == approval.asked_by_id else str(approval.kind),
    )
    return approval


@transaction.atomic
def withdraw(*, approval: Approval, by: User, at: datetime) -> Approval:
    """Take an act back before it is done; any host may."""
    approval = Approval.objects.select_for_update(no_key=True, of=("self",)).get(pk=approval.pk)
    check_can_withdraw(by, approval, at=at)
    taken = Approval.objects.filter(WAITS, pk=approval.pk)
    if not taken.update(withdrawn_by=by, withdrawn_at=at):
        raise PermissionDenied(TOO_LATE)
    approval.withdrawn_by, approval.withdrawn_at = by, at
    trail.record(
        Verb.APPROVAL_WITHDRAW,
        by=by,
        at=at,
        patient=_patient(approval),
        about=approval,
        reason=str(approval.kind),
    )
    return approval


def _patient(approval: Approval) -> UUID | None:
    """Return whose record it is about, so that the person reads of it too."""
    of_a_record = approval.kind in (Approval.Kind.ERASE, Approval.Kind.EXPORT)
    return approval.about if of_a_record else None


def _checked(reason: str) -> str:
    """Return the reason, or raise where it is no sentence."""
    reason, least = reason.strip(), terms().least_signs
    if not least <= len(reason) <= MOST_SIGNS:
        raise ValidationError(
            {
                "reason": f"The reason has {len(reason)} signs. Write between {least} and "
                f"{MOST_SIGNS}: somebody reads it in a year."
            }
        )
    return reason
