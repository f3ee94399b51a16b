"""A strain still open.

A strain that was noted and not mended is called to mind: after four sessions held, or
four weeks where none is recorded; once, and only where signals are switched on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.therapy.actions import note_rupture, repair_rupture
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.jobs.tick import tick
from securebase.people.accounts.models import User
from securebase.science.strategies import strategy
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from tests import factories as make

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

NOW, WEEK, TALKED = make.NOW, timedelta(weeks=1), make.TALKED
LATER = NOW + 4 * WEEK
QUERIES_WHILE_NOTHING_IS_DUE = 6
"""Savepoint and release, the practice, strains with their sessions, who was reminded."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> User:
    """Return the clinician of a practice."""
    make.a_practice()
    return make.a_clinician()


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return a patient with whom a strain was noted now."""
    return strained(clinician, "Sam Reed")


def strained(clinician: User, name: str) -> Patient:
    patient = make.a_patient(of=clinician, name=name)
    open_episode(patient=patient, by=clinician, at=NOW)
    note_rupture(patient=patient, kind="withdrawal", note="", by=clinician, at=NOW)
    return patient


def held(patient: Patient, clinician: User, *times: datetime, state: str = "held") -> None:
    for starts_at in times:
        TherapySession.objects.create(
            patient=patient, clinician=clinician, starts_at=starts_at, state=state
        )


def weekly(count: int) -> list[datetime]:
    return [NOW + n * WEEK / 2 for n in range(1, count + 1)]


def test_after_four_sessions_it_is_a_reason_to_look(patient: Patient, clinician: User) -> None:
    held(patient, clinician, NOW - WEEK, *weekly(4))

    (signal,) = notice_open_ruptures(at=NOW + 2 * WEEK)

    assert (signal.rule, signal.kind, signal.tier) == ("OPEN", "OPEN", "look")
    assert (signal.statistic, signal.unit) == (4, "sessions")


def test_it_comes_with_the_log_of_repairs_and_with_supervision(patient: Patient) -> None:
    (signal,) = notice_open_ruptures(at=LATER)

    offered = signal.suggestions.order_by("rank").values_list("strategy", flat=True)
    assert [strategy(slug).code for slug in offered] == ["C9", "C10", "C1"]


@pytest.mark.parametrize(("days", "count"), [(27, 0), (28, 1)])
def test_weeks_count_where_no_session_is_recorded(
    patient: Patient, days: int, count: int
) -> None:
    assert len(notice_open_ruptures(at=NOW + timedelta(days=days))) == count


def test_only_sessions_held_since_then_count(patient: Patient, clinician: User) -> None:
    held(patient, clinician, NOW - WEEK, *weekly(3), NOW + 9 * WEEK)
    held(patient, clinician, NOW + 2 * WEEK, state="missed")

    assert notice_open_ruptures(at=LATER) == []


def test_what_was_repaired_is_not_called_to_mind(patient: Patient, clinician: User) -> None:
    repair_rupture(rupture=Rupture.objects.get(), because=TALKED, by=clinician, at=NOW + WEEK)

    assert notice_open_ruptures(at=LATER) == []


def test_the_clock_says_it_once(patient: Patient) -> None:
    turns = [tick(at=LATER).signals, tick(at=LATER).signals, tick(at=LATER + 9 * WEEK).signals]

    assert turns == [1, 0, 0]


def test_once_closed_it_rests_for_four_sessions_and_comes_back(patient: Patient) -> None:
    notice_open_ruptures(at=LATER)
    Signal.objects.update(state="closed")

    assert notice_open_ruptures(at=LATER + 3 * WEEK) == []
    assert len(notice_open_ruptures(at=LATER + 4 * WEEK)) == 1


def test_it_waits_its_turn_behind_another_prompt(patient: Patient) -> None:
    Signal.objects.create(
        episode=Episode.objects.get(),
        patient=patient,
        kind="NOT",
        rule="NOT.P",
        tier="look",
        raised_at=LATER - WEEK,
    )

    assert notice_open_ruptures(at=LATER) == []
    assert len(notice_open_ruptures(at=LATER + 2 * WEEK)) == 1


@pytest.mark.parametrize("reason", ["signals off", "care has ended"])
def test_nothing_is_said_where_nobody_asked_for_it(patient: Patient, reason: str) -> None:
    if reason == "signals off":
        Practice.objects.update(signals_on=False)
    else:
        Episode.objects.update(closed_at=LATER)

    assert notice_open_ruptures(at=LATER) == []


@pytest.mark.parametrize("people", [1, 4])
def test_queries_do_not_grow_with_strains_that_wait(
    clinician: User, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(people):
        strained(clinician, f"Sam Reed {n}")
    notice_open_ruptures(at=LATER)

    with django_assert_num_queries(QUERIES_WHILE_NOTHING_IS_DUE):
        notice_open_ruptures(at=LATER)


def test_before_there_is_a_practice_nothing_happens(db: None) -> None:
    assert notice_open_ruptures(at=NOW) == []
