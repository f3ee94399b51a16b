"""Silence.

Check-ins that nobody answered are closed, and two in a row are a reason to look: once,
lightly, and only where the practice has switched signals on.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode, Signal
from securebase.stories.notice_silence import notice_silence
from tests import factories as make

NOW, WEEK = make.NOW, timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Return a patient who agreed to a check-in every Monday evening."""
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW)
    plan_rhythm(patient=patient, terms=make.terms(), by=clinician, at=NOW)
    return patient


def weeks_go_by(weeks: int, *, answered: set[int]) -> list[Signal]:
    """Let weeks pass; return the signals of the last one."""
    signals: list[Signal] = []
    for week in range(weeks):
        for checkin in open_due(at=NOW + week * WEEK + timedelta(hours=11)):
            if week in answered:
                make.send(checkin, {"phq-9.1": 1}, at=checkin.due_at)
        signals = notice_silence(at=NOW + week * WEEK + timedelta(days=6))
    return signals


def test_one_missed_check_in_is_closed_and_says_nothing(patient: Patient) -> None:
    assert weeks_go_by(1, answered=set()) == []

    assert CheckIn.objects.get().state == "missed"


def test_two_in_a_row_are_a_reason_to_look_with_a_next_step(patient: Patient) -> None:
    (signal,) = weeks_go_by(3, answered={0})

    assert (signal.rule, signal.kind, signal.tier) == ("ENG.TWO", "ENG", "look")
    assert signal.suggestions.exists()


def test_an_answer_between_them_breaks_the_silence(patient: Patient) -> None:
    assert weeks_go_by(3, answered={1}) == []


def test_it_is_said_once_while_it_is_open(patient: Patient) -> None:
    weeks_go_by(5, answered=set())

    assert Signal.objects.count() == 1


def test_the_same_moment_twice_changes_nothing(patient: Patient) -> None:
    weeks_go_by(2, answered=set())

    assert notice_silence(at=NOW + WEEK + timedelta(days=6)) == []
    assert Signal.objects.count() == 1


def test_nothing_is_said_where_signals_are_off_but_check_ins_are_closed(
    patient: Patient,
) -> None:
    Practice.objects.update(signals_on=False)

    assert weeks_go_by(2, answered=set()) == []
    assert set(CheckIn.objects.values_list("state", flat=True)) == {"missed"}


def test_nothing_is_said_of_somebody_whose_care_has_ended(patient: Patient) -> None:
    Episode.objects.update(closed_at=NOW)

    assert weeks_go_by(2, answered=set()) == []


def test_before_there_is_a_practice_nothing_happens(db: None) -> None:
    assert notice_silence(at=NOW) == []
