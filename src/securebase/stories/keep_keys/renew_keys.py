"""A new key for the practice: asked for on the host's pages, confirmed, done by the worker.

What was confirmed is the order to the worker. A rotation that was cut off goes on where
it stopped, so the worker may begin it as often as it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from securebase.people.accounts.models import User
from securebase.people.approvals.actions import ask
from securebase.people.approvals.models import Approval
from securebase.people.vault import homes
from securebase.people.vault.keys import PRACTICE
from securebase.people.vault.models import DataKey, PracticeKey, Rotation
from securebase.stories.keep_keys.care_for_keys import check_can_keep_keys, rotate

IN_GOOD_TIME = timedelta(days=1)
"""After this the worker begins nothing that was agreed; it is asked for anew."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a new practice key has come: data keys wrapped with it, of how many."""

    done: int
    of: int


def renewable() -> tuple[str, ...]:
    """Return the kinds of key the worker can renew: the root key only where it is a file.

    Under a passphrase, or as a credential of the system, a person has to be there.
    """
    root = (str(Rotation.Kind.ROOT),) if homes.kind() == "file" else ()
    return (str(Rotation.Kind.PRACTICE), *root)


@transaction.atomic
def ask_to_renew(*, kind: str, reason: str, by: User, at: datetime) -> Approval:
    """Ask for a new key; it waits for a second person."""
    check_can_keep_keys(by)
    _check_renewable(kind)
    return ask(
        kind=Approval.Kind.RENEW_KEYS, about=PRACTICE, detail=kind, reason=reason, by=by, at=at
    )


def renew_as_agreed(approval: Approval, *, by: User, at: datetime) -> None:
    """Leave the new key to the worker; refused where it could not be made by now."""
    check_can_keep_keys(by)
    _check_renewable(approval.detail)


def agreed(*, at: datetime) -> QuerySet[Approval]:
    """Return what was confirmed lately, for the worker."""
    return Approval.objects.filter(
        kind=Approval.Kind.RENEW_KEYS, confirmed_at__gt=at - IN_GOOD_TIME, confirmed_at__lte=at
    )


def renew(approval: Approval, *, at: datetime) -> int:
    """Renew the key two people agreed on, or go on where it stopped; return how many."""
    done = rotate(kind=approval.detail, by=approval.confirmed_by, at=at)
    return done.keys


def progress_of_practice_key() -> Progress:
    """Return how many data keys the newest practice key wraps."""
    newest = PracticeKey.objects.latest("number")
    return Progress(
        done=DataKey.objects.filter(practice_key=newest).count(), of=DataKey.objects.count()
    )


def _check_renewable(kind: str) -> None:
    if kind not in renewable():
        raise ValidationError(
            f"A new {kind} key is not made here, but with securebase keys rotate. "
            f"Here: {', '.join(renewable())}."
        )
