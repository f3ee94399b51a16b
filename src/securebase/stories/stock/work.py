"""The worker: whether it turns the clock, and what came of the duties of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps

from securebase.clinic.care.queries import the_practice
from securebase.people.post.figures import late_after, silent_after
from securebase.people.post.queries import overdue_since
from securebase.stories.stock.fact import Fact, day, figures

SHOWN = timedelta(days=7)
"""How far back the duties of the day are shown."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a duty the last time it was done, or how far it got."""

    work: str
    due_at: datetime
    done_at: datetime | None
    worker: str
    says: str
    well: bool
    seconds: float | None
    trouble: str

    @property
    def state(self) -> str:
        """Settled, or worth a look."""
        return "settled" if self.done_at and self.well else "look"


def worker_fact(*, at: datetime) -> Fact:
    """Say whether the worker turns the clock."""
    last = last_beat()
    if last is None:
        then = "Check-ins open and mail leaves only while it runs. Start with securebase serve."
        return Fact("Worker", "now", "The worker has never run.", then)
    if at - last > late_after():
        then = "Check-ins do not open and mail waits. Start securebase serve again."
        return Fact("Worker", "now", f"Silent since {day(last)}.", then)
    seconds = max(0, int((at - last).total_seconds()))
    return Fact("Worker", "settled", f"At work; last seen {seconds} seconds ago.")


def last_beat() -> datetime | None:
    """Return when the clock was last turned; None if it never was.

    The table belongs to the jobs, one floor up; it is asked for by name, because a
    stopped worker must be seen without one, and a story may not lean on the room above.
    """
    beats: Any = apps.get_model("jobs", "Heartbeat")
    moments = list(beats.objects.values_list("at", flat=True))
    return max(moments, default=None)


def reminders_stopped(*, at: datetime) -> datetime | None:
    """Return since when no letter goes out; None while all do.

    Worked out when a page is drawn, so that it needs no worker to be told.
    """
    last = last_beat()
    if last is None:
        practice = the_practice()
        last = practice.set_up_at if practice else at
    silent = last if at - last > silent_after() else None
    found = [moment for moment in (silent, overdue_since(at=at)) if moment is not None]
    return min(found, default=None)


def last_receipts(*, at: datetime) -> list[Receipt]:
    """Return the newest receipt of each duty, by name."""
    duties: Any = apps.get_model("jobs", "Duty")
    rows = duties.objects.filter(due_at__gte=at - SHOWN).order_by("due_at")
    names = ("work", "due_at", "done_at", "worker", "says", "well", "seconds", "trouble")
    newest = {values[0]: Receipt(*values) for values in rows.values_list(*names)}
    return [newest[work] for work in sorted(newest)]


def looked_through_fact(receipts: list[Receipt], *, at: datetime) -> Fact:
    """Say when database, trail and keys were last looked through, and what was found."""
    name = "Trail and database"
    last = next((one for one in receipts if one.work == "look through"), None)
    if last is None or last.done_at is None:
        then = "The worker does it once a day; securebase verify does it now."
        return Fact(name, "look", "Not looked through lately.", then)
    if not last.well:
        then = "Type securebase verify on the machine, and keep every backup."
        return Fact(name, "now", f"{day(last.done_at)}: {last.says}.", then)
    if at - last.done_at > timedelta(hours=figures("duties")["look_after_hours"]):
        then = "Look whether the worker runs."
        return Fact(name, "look", f"Last looked through on {day(last.done_at)}.", then)
    return Fact(name, "settled", f"{day(last.done_at)}: {last.says}.")
