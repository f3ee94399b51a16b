"""Visits: one signing-in on one device; locked when its person is away, ended from afar.

A lock is not a log-out. The visit stays, its person shows once more who they are, and
goes on where they were.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from securebase.people.accounts.figures import hand_over_lock, link_visit_for, lock_of
from securebase.people.accounts.models import User, Visit
from securebase.people.accounts.policies import check_can_end_visits
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

PRESENCE_EVERY = timedelta(seconds=30)
"""How often presence is written down; a page locks at most this much early."""

SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)


class Standing(StrEnum):
    """How a visit stands at one moment."""

    OPEN = "open"
    LOCKED = "locked"
    OVER = "over"
    """Everything is asked again: the visit is too old, or it was ended."""


def device_words(agent: str) -> str:
    """Return a browser in plain words: ``Firefox on Windows``; nothing finer is kept."""
    browser = next((word for mark, word in BROWSERS if re.search(mark, agent)), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    return " on ".join(filter(None, (browser or "A browser", system)))


def standing_of(
    visit: Visit, *, is_staff: bool, at: datetime, is_shared: bool = False
) -> Standing:
    """Return how a visit stands, on a device that may be shared with others; pure."""
    lock = lock_of(is_staff=is_staff, is_shared=is_shared)
    if visit.scope == Visit.Scope.HAND_OVER:
        lock = hand_over_lock()
    limited = visit.scope != Visit.Scope.WHOLE
    longest = link_visit_for() if visit.scope == Visit.Scope.CHECK_IN else lock.again
    if visit.ended_at is not None or at - visit.began_at >= longest:
        return Standing.OVER
    if visit.locked_at is not None or at - visit.seen_at >= lock.idle:
        # A link by mail is no secret that could open a lock: another link is asked for.
        # Nor is a device in one's hand: whoever handed it over signs in.
        return Standing.OVER if limited else Standing.LOCKED
    return Standing.OPEN


@transaction.atomic
def begin_visit(
    *,
    account: User,
    agent: str,
    at: datetime,
    scope: Visit.Scope = Visit.Scope.WHOLE,
    only: UUID | None = None,
) -> Visit:
    """Write down that somebody signed in; on the trail, of those who work here.

    Who works here answers for what they opened, so when they were here is kept for good.
    When a patient was here is nobody's business but theirs.
    """
    visit = Visit.objects.create(
        account=account,
        scope=scope,
        only=only,
        device=device_words(agent),
        began_at=at,
        seen_at=at,
    )
    if account.needs_second_factor:
        trail.record(Verb.ACCOUNT_VISIT_BEGIN, by=account, at=at, about=account)
    return visit


def visit_of(*, key: UUID, account: UUID) -> Visit | None:
    """Return a visit of this account; None for anybody else's."""
    return Visit.objects.filter(pk=key, account_id=account).first()


def note_presence(visit: Visit, *, at: datetime) -> None:
    """Write down that the person is still there; a lock set meanwhile stays."""
    if at - visit.seen_at >= PRESENCE_EVERY:
        Visit.objects.filter(pk=visit.pk, locked_at=None, ended_at=None).update(seen_at=at)


def lock_visit(visit: Visit, *, at: datetime) -> None:
    """Lock a visit until its person shows again who they are."""
    Visit.objects.filter(pk=visit.pk, locked_at=None).update(locked_at=at)


def unlock_visit(visit: Visit, *, at: datetime) -> None:
    """Open a locked visit for its person, who has just shown who they are."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(locked_at=None, seen_at=at)


def leave_visit(visit: Visit, *, at: datetime) -> None:
    """Write down that the person signed out."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=at)


def open_visits(account: User, *, at: datetime) -> QuerySet[Visit]:
    """Return the visits of an account that may still be gone on with, latest first."""
    oldest = at - lock_of(is_staff=account.needs_second_factor).again
    return account.visits.filter(ended_at=None, began_at__gt=oldest).order_by("-seen_at")


@transaction.atomic
def end_visits(
    *,
    account: User,
    by: User,
    at: datetime,
    only: UUID | None = None,
    but: UUID | None = None,
) -> int:
    """End the visits of an account: one, all but one, or all. Returns how many ended.

    They are refused at their next request. Each device shows the sign-in page, and what
    was being written there is kept.
    """
    check_can_end_visits(by, account)
    ending = account.visits.filter(ended_at=None)
    if only is not None:
        ending = ending.filter(pk=only)
    if but is not None:
        ending = ending.exclude(pk=but)
    ended = ending.update(ended_at=at)
    if ended:
        trail.record(Verb.ACCOUNT_VISIT_END, by=by, at=at, about=account)
    return ended


def forget_old_visits(*, at: datetime) -> int:
    """Delete visits that were over a month ago; nobody needs a history of movements."""
    return Visit.objects.filter(seen_at__lt=at - timedelta(days=30)).delete()[0]
