"""How the post does: counts, kinds and dates; never to whom or about what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from securebase.people.accounts.models import User
from securebase.people.post.figures import silent_after
from securebase.people.post.models import Letter, RemindersOff, ReminderWishes
from securebase.people.post.wishes import Wishes

State = Letter.State
UNSETTLED = (State.WAITING, State.MAYBE, State.FAILED)


@dataclass(frozen=True, slots=True)
class PostFacts:
    """The post at a glance."""

    last_sent_at: datetime | None
    waiting: int
    overdue_since: datetime | None
    """When the oldest letter was due that should have gone by now."""
    trouble: str
    """Kinds of trouble that letters which wait have met."""
    kinds: tuple[tuple[str, str, int], ...]
    """State, kind and number of the letters that are maybe sent or could not be sent."""


def wants_reminders(account: User) -> bool:
    """Whether a person has not turned reminders off."""
    return not RemindersOff.objects.filter(account=account).exists()


def wishes_of(account: User) -> Wishes:
    """Return when a person wants reminders."""
    kept = ReminderWishes.objects.filter(account=account).first()
    return kept.wishes if kept else Wishes()


def overdue_since(*, at: datetime) -> datetime | None:
    """Return when the oldest letter was due that should have gone by now."""
    late = Letter.objects.filter(state=State.WAITING, due_at__lt=at - silent_after())
    oldest: datetime | None = late.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def post_facts(*, at: datetime, since: datetime) -> PostFacts:
    """Return how the post does; settled letters count from ``since`` on."""
    told = Letter.objects.aggregate(
        last=Max("sent_at"),
        waiting=Count("pk", filter=Q(state=State.WAITING, due_at__lte=at)),
    )
    there = Q(state=State.WAITING) | Q(state__in=UNSETTLED, due_at__gte=since)
    rows = Letter.objects.filter(there).order_by("state", "kind")
    counted = list(rows.values_list("state", "kind", "trouble").annotate(number=Count("pk")))
    kinds: dict[tuple[str, str], int] = {}
    for state, kind, _, number in counted:
        if state != State.WAITING:
            kinds[state, kind] = kinds.get((state, kind), 0) + number
    troubles = {trouble for state, _, trouble, _ in counted if state == State.WAITING}
    return PostFacts(
        last_sent_at=told["last"],
        waiting=told["waiting"],
        overdue_since=overdue_since(at=at),
        trouble=", ".join(sorted(troubles - {""})),
        kinds=tuple((state, kind, number) for (state, kind), number in kinds.items()),
    )


def last_of(kind: str) -> Letter | None:
    """Return the newest letter of a kind; None if there never was one."""
    return Letter.objects.filter(kind=kind).order_by("-due_at").first()
