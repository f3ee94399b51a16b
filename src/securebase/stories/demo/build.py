"""Living the score: every moment goes through the story a real one would go through.

Nothing is written behind the stories' back. What is lent to speed is the database's
patience with power cuts, and only while a demo is built: see ``quick_database``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from securebase.people.accounts.actions import accept_invitation, invite, make_account
from securebase.people.accounts.models import Role, User
from securebase.stories.demo.attachment import measure_attachment
from securebase.stories.demo.cast import Part, cast, told
from securebase.stories.demo.close_by import bring_in_a_supporter, keep_a_colleague_out
from securebase.stories.demo.colleagues import (
    bring_in_a_colleague,
    bring_in_a_supervisor,
    talk_in_supervision,
)
from securebase.stories.demo.desk import Desk
from securebase.stories.demo.needs import name_needs
from securebase.stories.demo.partner import share_with_a_partner
from securebase.stories.demo.play import Person, Play
from securebase.stories.demo.score import Moment, score_of
from securebase.stories.demo.words import write_words
from securebase.stories.demo.work import write_work
from securebase.stories.set_up_practice import Founder, Place, set_up_practice

COVERED = 2
"""People for whom a colleague covers next week."""


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who may be entered in the demo."""

    role: str
    user: User
    note: str = ""


@dataclass(slots=True)
class Told:
    """How far the building is, said now and then."""

    say: Callable[[str], None]
    said: set[str] = field(default_factory=set)

    def month(self, at: datetime) -> None:
        """Say the month that is being lived, once."""
        words = f"{at:%B %Y}"
        if words not in self.said:
            self.said.add(words)
            self.say(f"  {words}")


def build_demo(
    patients: int, seed: int, *, now: datetime, say: Callable[[str], None]
) -> list[Invented]:
    """Make the practice, live its months, and return who may be entered."""
    parts = cast(patients, seed, now=now)
    score = score_of(parts, now=now)
    with quick_database():
        clinician, host = _found(score[0].at - timedelta(days=1))
        play = Play(clinician=clinician, desk=Desk(clinician, until=now))
        progress = Told(say)
        for moment in score:
            progress.month(moment.at)
            _live(play, moment)
        play.clock(now)
        people = _by_turn(parts, play)
        measured = [person.patient for person in people]
        measure_attachment(measured, clinician=clinician, at=now)
        name_needs(measured, clinician=clinician, at=now)
        write_words(people, clinician=clinician, at=now)
        write_work(people, clinician=clinician, at=now)
        partner = share_with_a_partner(people, clinician=clinician, at=now)
        supervisor = bring_in_a_supervisor(clinician=clinician, host=host, at=now)
        talk_in_supervision(people, supervisor=supervisor, at=now)
        covered = [person.patient for person in people[:COVERED]]
        colleague = bring_in_a_colleague(covered, clinician=clinician, host=host, at=now)
        keep_a_colleague_out(people, colleague=colleague, at=now)
        supporter = bring_in_a_supporter(people, at=now)
    return [
        Invented("clinician", clinician, "something waits today"),
        *_patients(parts, play),
        *([Invented("partner", partner, "sees what two people share")] if partner else []),
        *([Invented("supporter", supporter, "close to a patient")] if supporter else []),
        Invented("supervisor", supervisor, "sees the work by initials"),
        Invented("clinician", colleague, "a colleague on call, who covers next week"),
        Invented("host", host, "is the house well?"),
    ]


@contextmanager
def quick_database() -> Iterator[None]:
    """Let SQLite write without waiting for the disk; a failed build is begun afresh."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA journal_mode=MEMORY")
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            connection.close()


@transaction.atomic
def _live(play: Play, moment: Moment) -> None:
    play.live(moment)


def _found(at: datetime) -> tuple[User, User]:
    """Set up the practice, with a clinician who treats and a host who keeps it."""
    names = told()
    place = Place(**names["practice"], signals_on=True)
    founder = Founder(**names["clinician"], password=secrets.token_urlsafe(24))
    _, clinician = set_up_practice(place=place, founder=founder, at=at)
    host = make_account(**names["host"], roles=[Role.HOST], by=clinician, at=at)
    _, token = invite(account=host, by=clinician, at=at)
    accept_invitation(token=token, password=secrets.token_urlsafe(24), at=at)
    return clinician, host


def _patients(parts: list[Part], play: Play) -> Iterator[Invented]:
    """Return the patients, those for whom a check-in waits first."""
    for part in sorted(parts, key=lambda part: not part.waits):
        yield Invented("patient", play.people[part.person.number].account, part.hint)


def _by_turn(parts: list[Part], play: Play) -> list[Person]:
    """Return the people of the demo in the order of the cast."""
    return [play.people[part.person.number] for part in parts]
