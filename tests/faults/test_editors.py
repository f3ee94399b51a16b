"""Eight clinicians at one form.

They agree check-ins, promise when they read, move the phase, change the interval, decide
on a suggestion and act on a signal, all at the same moment. Nobody writes over what they
have not read. Notes have a test of their own beside those of their room.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.db import connection

from securebase.clinic.care.actions import promise_reading
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.together import let_treat_too
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.episodes.actions import act_on_signal, change_phase, open_episode
from securebase.clinic.episodes.models import Episode
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.therapy.actions import agree_interval, note_rupture
from securebase.people.accounts.models import User
from securebase.people.audit.trail import breaks
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from securebase.stories.write_over import (
    Look,
    acts_on,
    decision_on,
    interval_of,
    phase_of,
    reading_of,
    rhythm_of,
)
from tests.doors import a_database_with_many_doors
from tests.factories import NOW, a_clinician, a_patient, a_practice, terms
from tests.faults.editors import EDITS, WRITERS, Act, write_at_once

pytestmark = pytest.mark.django_db(transaction=True)

PHASES = list(Episode.Phase)
SOME_DAY = date(2999, 1, 1)


@pytest.fixture(autouse=True)
def _many_doors(tmp_path: Path) -> Iterator[None]:
    with a_database_with_many_doors(tmp_path):
        yield


@dataclass(frozen=True, slots=True)
class Room:
    """One patient and everybody who treats them."""

    patient: Patient
    writers: list[User]

    @property
    def bond(self) -> Care:
        """The bond of the clinician of record."""
        return Care.objects.get(patient=self.patient, part=Care.Part.OF_RECORD)

    @property
    def suggestion(self) -> Suggestion:
        """What is decided on."""
        return Suggestion.objects.get(patient=self.patient, rank=99)


@pytest.fixture
def room() -> Room:
    a_practice()
    writers = [a_clinician(f"Dr {name} Marsh") for name in "ABCDEFGH"]
    patient = a_patient(of=writers[0])
    for colleague in writers[1:]:
        let_treat_too(patient=patient, colleague=colleague, by=writers[0], at=NOW)
    if not patient.episodes.exists():
        open_episode(patient=patient, by=writers[0], at=NOW)
    note_rupture(patient=patient, kind="unclear", note="", by=writers[0], at=NOW)
    (signal,) = notice_open_ruptures(at=NOW + timedelta(weeks=6))
    Suggestion.objects.create(
        signal=signal,
        patient=patient,
        strategy="not-of-the-library",
        strategy_version="1",
        rank=99,
        because="A strain is open.",
        offered_at=NOW,
    )
    return Room(patient, writers)


def at(number: int) -> time:
    """Return a time of day that no other edit has."""
    return time(number // 60 % 24, number % 60)


def reading(room: Room) -> tuple[Look, Act]:
    bond = room.bond
    return lambda: reading_of(bond), lambda by, n: promise_reading(
        care=bond, days=[n // 1440 % 7, n % 6], reading_by=at(n), by=by, at=NOW
    )


def rhythm(room: Room) -> tuple[Look, Act]:
    agreed = terms("phq-9", starts_on=SOME_DAY)
    return lambda: rhythm_of(room.patient), lambda by, n: plan_rhythm(
        patient=room.patient, terms=agreed, by=by, at=NOW + timedelta(seconds=n)
    )


def phase(room: Room) -> tuple[Look, Act]:
    episode = room.patient.episodes.get()
    return lambda: phase_of(episode), lambda by, n: change_phase(
        episode=episode, phase=PHASES[n % len(PHASES)], by=by, at=NOW
    )


def interval(room: Room) -> tuple[Look, Act]:
    return lambda: interval_of(room.patient), lambda by, n: agree_interval(
        patient=room.patient, days=1 + n % 365, by=by, at=NOW
    )


def decision(room: Room) -> tuple[Look, Act]:
    moments = iter(range(10**6))
    return lambda: decision_on(room.suggestion), lambda by, n: decide(
        suggestion=room.suggestion,
        choice="accept",
        by=by,
        at=NOW + timedelta(seconds=next(moments)),
    )


def signal(room: Room) -> tuple[Look, Act]:
    one = room.suggestion.signal
    return lambda: acts_on(one), lambda by, n: act_on_signal(
        signal=one, act="disagreed", by=by, at=NOW, reason=f"reason {n}"
    )


@pytest.mark.parametrize("of", [reading, rhythm, phase, interval, decision, signal])
def test_eight_writers_write_over_nothing_they_have_not_read(
    room: Room, of: Callable[[Room], tuple[Look, Act]]
) -> None:
    look, act = of(room)

    tally = write_at_once(room.patient, room.writers, look, act)

    sys.stdout.write(
        f"\n{connection.vendor}: {of.__name__}: {len(tally.over)} edits kept, "
        f"{tally.lost} lost, {tally.overtaken} shown both\n"
    )
    assert (len(tally.over), tally.lost) == (WRITERS * EDITS, 0)
    assert list(breaks()) == []
