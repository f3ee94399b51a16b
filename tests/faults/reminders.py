"""Reminders over fourteen months: ``python -m tests.faults.reminders --kills 50``.

Six people in six time zones agreed on three check-ins a week, some at hours that the
clocks skip or repeat, some at night; one moves to another zone half way. Every reminder
is due on a date that is counted here by the calendar alone. The worker is killed at named
points, its clock jumps by two hours, and two workers run at once now and then.

A kill in the moment of handing over leaves a letter of which nobody can know whether it
was accepted: it has to be shown as "maybe sent". Those are counted apart, and so is how
many of them never arrived. Missed is what neither arrived nor is shown.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time as clock
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient

FIRST = date(2026, 1, 5)
"""A Monday."""
PEOPLE = (
    ("Europe/London", time(1, 30), (0, 3, 6)),
    ("America/New_York", time(2, 30), (1, 4, 6)),
    ("Asia/Kolkata", time(19, 0), (0, 2, 4)),
    ("Australia/Lord_Howe", time(2, 15), (2, 4, 6)),
    ("Pacific/Auckland", time(22, 30), (1, 3, 5)),
    ("America/Sao_Paulo", time(8, 0), (0, 2, 5)),
)
"""Zone, wall time and weekdays of each person; clocks change on Sundays at night."""
MOVES_TO = "America/Vancouver"
"""Where the third person lives from the middle on."""
MINUTE = timedelta(minutes=1)
AFTER = 3
"""Days that are lived through afterwards, so that whatever waits can still go."""


@dataclass
class Figures:
    """What was due, and what became of it."""

    due: int = 0
    arrived: int = 0
    unsure: int = 0
    unsure_and_lost: int = 0
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[str]:
        """Everything that must not be."""
        return [*self.missed, *self.doubled, *self.unasked]

    def __str__(self) -> str:
        points = "; ".join(f"{point}: {count}" for point, count in sorted(self.kills.items()))
        return (
            f"{self.due} reminders due, {sum(self.kills.values())} kills ({points}): "
            f"{self.arrived} arrived, {len(self.missed)} missed, {len(self.doubled)} doubled, "
            f"{len(self.unasked)} never due; {self.unsure} shown as maybe sent, "
            f"of which {self.unsure_and_lost} did not arrive"
        )


def dates(weekdays: Sequence[int], *, days: int) -> Iterator[date]:
    """Yield the dates of these weekdays, by the calendar alone."""
    for number in range(days):
        day = FIRST + timedelta(days=number)
        if day.weekday() in weekdays:
            yield day


def simulate(*, days: int, kills: int, seed: int) -> Figures:
    """Live through that many days; needs a database and undoes what it wrote there."""
    from django.db import transaction
    from django.test import override_settings

    from securebase.people.vault.keys import forget_keys
    from tests.faults.mail_server import BACKEND, Server

    Server.begin()
    with transaction.atomic(), override_settings(EMAIL_BACKEND=BACKEND):
        forget_keys()
        people = _begin()
        _live(people, days=days, kills=kills, chance=random.Random(seed))  # noqa: S311
        figures = _judge(people, days=days)
        transaction.set_rollback(True)
    forget_keys()
    return figures


def _begin() -> list[Patient]:
    from securebase.clinic.episodes.actions import open_episode
    from tests import factories as make

    eve = datetime.combine(FIRST, time(12, 0), UTC) - timedelta(days=3)
    make.a_practice()
    clinician = make.a_clinician()
    people = []
    for zone, at_time, weekdays in PEOPLE:
        patient = make.a_patient(of=clinician, at=eve)
        account = make.the_account(patient)
        account.set_password("four quiet herons stand")
        account.save()
        open_episode(patient=patient, by=clinician, at=eve)
        _agree(patient, zone, at_time, weekdays, begins=FIRST, at=eve)
        people.append(patient)
    return people


def _agree(
    patient: Patient,
    zone: str,
    at_time: time,
    weekdays: Sequence[int],
    *,
    begins: date,
    at: datetime,
) -> None:
    from securebase.clinic.checkins.actions import plan_rhythm
    from tests import factories as make

    patient.time_zone = zone
    patient.save(update_fields=["time_zone"])
    terms = replace(make.terms(starts_on=begins, at_time=at_time), weekdays=list(weekdays))
    by = patient.bonds.get().clinician
    plan_rhythm(patient=patient, terms=terms, by=by, at=at)


def _moments(days: int) -> list[datetime]:
    """Return when something is due or a night ends, a minute later, in order."""
    zones = [(zone, at_time, weekdays) for zone, at_time, weekdays in PEOPLE]
    zones += [(zone, time(8, 0), weekdays) for zone, _, weekdays in PEOPLE]
    zones += [(MOVES_TO, PEOPLE[2][1], PEOPLE[2][2])]
    found = {
        datetime.combine(day, at_time, ZoneInfo(zone)).astimezone(UTC) + MINUTE
        for zone, at_time, _ in zones
        for day in dates(range(7), days=days + AFTER)
    }
    return sorted(found)


def _live(people: list[Patient], *, days: int, kills: int, chance: random.Random) -> None:
    from tests.faults.mail_server import POINTS, Server

    moments = _moments(days)
    killed_at = Counter(chance.choices(range(len(moments) * 9 // 10), k=kills))
    waiting: list[str] = []
    middle = datetime.combine(FIRST + timedelta(days=_middle(days)), time(12, 0), UTC)
    points = (POINTS * (kills // len(POINTS) + 1))[:kills]
    order = iter(chance.sample(points, k=kills))
    moved = False
    for number, at in enumerate(moments):
        if not moved and at >= middle:
            moved = True
            begins = middle.date() + timedelta(days=1)
            _agree(people[2], MOVES_TO, PEOPLE[2][1], PEOPLE[2][2], begins=begins, at=middle)
        waiting += [next(order) for _ in range(killed_at[number])]
        if waiting and not Server.kill_at:
            Server.kill_at = waiting.pop(0)
        _some_turns(at, chance)


def _middle(days: int) -> int:
    """Return a Saturday near the middle: no check-in of who moves is near it."""
    return days // 14 * 7 + 5


def _some_turns(at: datetime, chance: random.Random) -> None:
    """Turn the clock as a restless machine would: killed, restarted, jumping, twice at once."""
    jump = chance.choices([-120, 0, 120], [1, 18, 1])[0]
    turn(at + jump * MINUTE)
    turn(at + MINUTE)
    if chance.random() < 1 / 4:
        turn(at + MINUTE)
    turn(at + 7 * MINUTE)


def turn(at: datetime) -> bool:
    """Let a worker make one round as far as reminders go; return whether it survived."""
    from django.db import transaction

    from securebase.clinic.checkins.clock import close_missed, open_due
    from securebase.jobs.letters import WRITERS
    from securebase.jobs.remind import KIND, enter_reminders
    from securebase.people.post.delivery import deliver
    from tests.faults.mail_server import CLAIMED, OPENED, Killed, Server

    def write(letter: Any, at: datetime) -> Any:
        Server.pass_by(CLAIMED)
        return WRITERS[KIND](letter, at)

    try:
        with transaction.atomic():
            opened = open_due(at=at)
            enter_reminders(opened)
            if opened:
                Server.pass_by(OPENED)
        close_missed(at=at)
        deliver({KIND: write}, at=at)
    except Killed:
        return False
    return True


def _judge(people: list[Patient], *, days: int) -> Figures:
    from securebase.people.post.models import Letter
    from tests.faults.mail_server import Server

    figures = Figures(kills=Counter(Server.kills))
    maybe = set(Letter.objects.filter(state="maybe").values_list("key", flat=True))
    due, later = _due(people, days=days), _due(people, days=days + AFTER + 1)
    for number, key in due.items():
        times = Server.accepted[number]
        figures.arrived += times > 0
        figures.unsure += key in maybe
        figures.unsure_and_lost += key in maybe and not times
        figures.missed += [key] if not times and key not in maybe else []
        figures.doubled += [key] if times > 1 else []
    figures.due = len(due)
    figures.unasked = [number for number in Server.accepted if number not in later]
    return figures


def _due(people: list[Patient], *, days: int) -> dict[str, str]:
    """Return the key of every reminder due in these days, by the number of its letter."""
    from securebase.people.post.delivery import message_id
    from securebase.people.post.models import Letter

    keys = [
        f"reminder {patient.pk} {day} {at_time:%H:%M}"
        for patient, (_, at_time, weekdays) in zip(people, PEOPLE, strict=True)
        for day in dates(weekdays, days=days)
    ]
    return {message_id(Letter(key=key)): key for key in keys}


def main(words: Sequence[str] | None = None) -> int:
    """Make a throw-away database, live through the months, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=425)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(words)
    os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.testing"
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, serialize=False)
    began = clock.monotonic()
    try:
        figures = simulate(days=args.days, kills=args.kills, seed=args.seed)
    finally:
        connection.creation.destroy_test_db(":memory:", verbosity=0)
    took = clock.monotonic() - began
    sys.stdout.write("".join(f"PROBLEM {one}\n" for one in figures.problems[:50]))
    sys.stdout.write(f"{connection.vendor}, seed {args.seed}: {figures} ({took:.0f} s)\n")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
