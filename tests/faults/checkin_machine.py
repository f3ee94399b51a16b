"""One patient's check-ins and a few lines that know what each should hold by now.

Two devices answer, skip, go back, keep their place, send, and send again; the clock runs
over the end of a check-in; others try what is not theirs. Besides, keys are renewed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import keep_answers, keep_place, read_draft
from securebase.clinic.checkins.clock import close_missed
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.questions import Question, questions_of
from securebase.clinic.measurement.models import Response
from securebase.people.accounts.models import User
from securebase.people.vault import rotation
from securebase.people.vault.keys import forget_keys
from securebase.science.errors import ScienceError
from securebase.stories.submit_checkin import submit_checkin
from tests import factories as make

ASKED = ("session-check-in", "gad-7")
PAUSES = (timedelta(0), timedelta(seconds=1), timedelta(minutes=7), timedelta(hours=5))
LATE = timedelta(hours=50)
WORDS = ("It was a long week.", "Ça va 😀", "", "<b>no</b>", "zeile\r\nzwei")


@dataclass
class Expected:
    """What one check-in should hold."""

    checkin: CheckIn
    questions: tuple[Question, ...]
    given: dict[str, int | str | None] = field(default_factory=dict)
    key: UUID | None = None
    missed: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether it may be answered now."""
        within = self.checkin.due_at <= at < self.checkin.closes_at
        return within and self.key is None and not self.missed


@dataclass
class World:
    """A patient, somebody else, the clock, and what is expected of each check-in."""

    patient: Patient
    me: User
    other: User
    at: datetime
    expected: list[Expected] = field(default_factory=list)

    @property
    def last(self) -> Expected:
        """The check-in that came due last."""
        return self.expected[-1]


def a_world() -> World:
    """Return a practice with one patient and one check-in."""
    make.a_practice()
    patient = make.a_patient(of=make.a_clinician())
    world = World(patient, make.the_account(patient), make.a_clinician(), make.NOW)
    come_due(world, random.Random(0))  # noqa: S311
    return world


def come_due(world: World, choose: random.Random) -> None:
    """Let the next check-in come due, once the one before is sent or over."""
    if world.expected and world.last.is_open(world.at):
        return
    if world.expected:
        world.at = max(world.at, world.last.checkin.closes_at) + timedelta(minutes=1)
        close(world, choose)
    checkin = make.a_checkin(world.patient, *ASKED, at=world.at)
    world.expected.append(Expected(checkin, tuple(questions_of(checkin))))


def answer(world: World, choose: random.Random) -> None:
    """Answer, change or skip one question on some device, which may be too late."""
    asked = choose.choice(world.last.questions)
    text = asked.kind == "text"
    value: Any = choose.choice(WORDS) if text else choose.choice(asked.values)
    value = None if choose.random() < 0.2 else value
    with _allowed(world.last.is_open(world.at)) as allowed:
        given = {asked.ref: value}
        keep_answers(checkin=_seen(world), given=given, by=world.me, at=world.at)
    if allowed:
        world.last.given[asked.ref] = value or None if text else value


def go_back(world: World, choose: random.Random) -> None:
    """Keep another place; no answer changes by that."""
    place = choose.randrange(-2, len(world.last.questions) + 2)
    with _allowed(world.last.is_open(world.at)):
        keep_place(checkin=_seen(world), place=place, by=world.me, at=world.at)


def send(world: World, choose: random.Random) -> None:
    """Send, send once more under the same key, or under another one from a second device."""
    one = world.last
    again = one.key is not None and choose.random() < 0.6
    key = one.key if again and one.key else uuid4()
    with _allowed(again or one.is_open(world.at)) as allowed:
        submit_checkin(checkin=_seen(world), key=key, by=world.me, at=world.at)
    if allowed:
        one.key = key


def break_a_rule(world: World, choose: random.Random) -> None:
    """Answer for somebody else, out of the scale, or what was not asked."""
    asked = next(one for one in world.last.questions if one.kind != "text")
    by = choose.choice((world.me, world.other))
    item, value = choose.choice(
        ((asked.ref, 10**6), (asked.ref, "words"), ("phq-9.1", 1), ("", None), (asked.ref, 1))
    )
    if by is world.me and (item, value) == (asked.ref, 1):
        return
    with _allowed(False, ScienceError):
        keep_answers(checkin=_seen(world), given={item: value}, by=by, at=world.at)


def close(world: World, choose: random.Random) -> None:
    """Let the clock close what was left open."""
    close_missed(at=world.at)
    for one in world.expected:
        one.missed = one.missed or (one.key is None and world.at >= one.checkin.closes_at)


def wait(world: World, choose: random.Random) -> None:
    """Let time pass, now and then past the end."""
    world.at += LATE if choose.random() < 0.05 else choose.choice(PAUSES)


def renew_keys(world: World, choose: random.Random) -> None:
    """Renew data or practice keys, and forget what this process remembers."""
    if choose.random() < 0.5:
        rotation.rotate_data(at=world.at, settle=rotation.nothing)
    else:
        rotation.rotate_practice(at=world.at)
    forget_keys()


ACTS: tuple[tuple[Callable[[World, random.Random], None], int], ...] = (
    (answer, 50),
    (go_back, 8),
    (send, 8),
    (come_due, 8),
    (wait, 12),
    (close, 4),
    (break_a_rule, 8),
    (renew_keys, 2),
)
"""What may happen next, and how often."""


def violations(world: World) -> list[str]:
    """Return every place where the program holds something else than it should."""
    found = []
    for one in world.expected[-2:]:
        now = CheckIn.objects.get(pk=one.checkin.pk)
        state = "submitted" if one.key else "missed" if one.missed else "open"
        if now.state != state or now.submission != one.key:
            found.append(f"is {now.state}, should be {state}")
        rows = Response.objects.filter(patient=world.patient, answered_at__gte=now.due_at)
        if one is world.last and rows.count() not in ({len(ASKED)} if one.key else {0}):
            found.append(f"{rows.count()} responses of a check-in that is {state}")
    if world.last.key is None and not world.last.missed:
        found += _kept_wrongly(world)
    return found


def _kept_wrongly(world: World) -> list[str]:
    draft = read_draft(checkin=_seen(world), by=world.me)
    held: dict[str, int | str | None] = {**draft["answers"], **draft["texts"]}
    wrong = sorted(
        ref
        for ref in held.keys() | world.last.given
        if held.get(ref) != world.last.given.get(ref)
    )
    return [f"{ref}: held {held.get(ref)!r}" for ref in wrong]


def _seen(world: World) -> CheckIn:
    """Return the check-in as a device has it: as it was when it was opened there."""
    return CheckIn.objects.select_related("patient").get(pk=world.last.checkin.pk)


class _allowed:  # noqa: N801
    """Run an act that must succeed if ``holds``, and otherwise must be refused."""

    def __init__(self, holds: bool, *refusals: type[Exception]) -> None:
        self.holds = holds
        self.refusals: tuple[type[Exception], ...] = (PermissionDenied, *refusals)
        self.inside = transaction.atomic()

    def __enter__(self) -> _allowed:
        self.inside.__enter__()
        return self

    def __exit__(self, kind: Any, problem: Any, trace: Any) -> bool:
        self.inside.__exit__(kind, problem, trace)
        refused = isinstance(problem, self.refusals)
        if problem is not None and not refused:
            return False
        if refused is self.holds:
            raise AssertionError(f"should be {'done' if self.holds else 'refused'}: {problem}")
        return True

    def __bool__(self) -> bool:
        return self.holds
