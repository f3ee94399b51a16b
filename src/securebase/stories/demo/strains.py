"""What strains the work of the demo: a rupture whose repair is under way, and a break."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from securebase.clinic.bridge.actions import Over
from securebase.clinic.bridge.words import BREAK, Parts, Span
from securebase.clinic.therapy.actions import How, note_rupture
from securebase.clinic.therapy.repairing import Lines, say_spoken_of, write_log
from securebase.people.accounts.models import User
from securebase.stories.demo.play import Person
from securebase.stories.plan_break import plan_break

NOTICED = timedelta(days=9)
SPOKEN = timedelta(days=2)
LOGGED = {"marker": "noticed", "wish": "wish", "action": "action"}
"""Steps of the log, and the word each has in ``demo.toml``."""


def strain_and_repair(
    person: Person, known: Mapping[str, Any], *, by: User, at: datetime
) -> None:
    """Notice a strain, speak of it a week later, and write the log; it stays open."""
    rupture = person.rupture or note_rupture(
        patient=person.patient,
        kind=known["kind"],
        note=known["note"],
        by=by,
        at=at - NOTICED,
        how=How(known["marker"]),
    )
    words = {step: known[name] for step, name in LOGGED.items()}
    lines = Lines(words, resolved=known["resolved"])
    say_spoken_of(rupture=rupture, by=by, at=at - SPOKEN)
    write_log(rupture=rupture, lines=lines, by=by, at=at - SPOKEN)


def plan_a_break(person: Person, known: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """Write the plan for a break that lies ahead."""
    first = at.date() + timedelta(days=known["starts"])
    last = first + timedelta(days=known["days"] - 1)
    plan_break(
        patient=person.patient,
        span=Span(BREAK, first, last, last + timedelta(days=1)),
        parts=Parts(known["expect"], known["turn_to"], known["note"], known["contact"]),
        over=Over(),
        by=by,
        at=at - SPOKEN,
    )
