"""Closing a session.

How a session went is noted in a minute, and what that tells is looked at at once: distress
at its end, two views of its tension, sessions missed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.episodes.actions import act_on_signal, open_episode
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.therapy.actions import Minute, plan_session
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.stories.close_session import close_session
from tests import factories as make

NOW, WEEK, HOUR = make.NOW, timedelta(weeks=1), timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW, planned_sessions=16)
    return patient


def closed(
    patient: Patient,
    state: str = "held",
    *,
    at: datetime = NOW,
    minute: Minute | None = None,
) -> list[Signal]:
    """Plan a session at a moment and close it an hour later."""
    by = patient.bonds.get().clinician
    session = plan_session(patient=patient, clinician=by, starts_at=at, by=by, at=at)
    return close_session(session=session, state=state, by=by, at=at + HOUR, minute=minute)


def answered(patient: Patient, *, at: datetime, **given: int) -> None:
    """Let the patient send a session check-in; ratings are 8 unless they are given."""
    ratings = {"safe": 8, "understood": 8, "agreed": 8, "said": 8, **given}
    checkin = make.a_checkin(patient, "session-check-in", at=at)
    make.send(checkin, {f"session-check-in.{k}": v for k, v in ratings.items()}, at=at)


def test_the_minute_is_kept_with_the_session(patient: Patient) -> None:
    closed(patient, minute=Minute(tension=1, distress=3, processed=True))

    kept = TherapySession.objects.get()
    assert (kept.state, kept.tension, kept.distress, kept.processed) == ("held", 1, 3, True)


def test_it_may_be_left_out(patient: Patient) -> None:
    assert closed(patient) == []
    assert TherapySession.objects.get().tension is None


def test_a_session_that_was_missed_has_nothing_to_rate(patient: Patient) -> None:
    with pytest.raises(ValidationError, match="nothing to rate"):
        closed(patient, "missed", minute=Minute(tension=0))

    assert TherapySession.objects.get().state == "planned"


@pytest.mark.parametrize("given", [{"tension": 5}, {"distress": 11}, {"tension": -1}])
def test_a_rating_outside_its_scale_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError, match="it goes from 0 to"):
        Minute(**given)


def test_another_clinician_closes_nothing(patient: Patient, clinician: User) -> None:
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=NOW, by=clinician, at=NOW
    )

    with pytest.raises(PermissionDenied):
        close_session(session=session, state="held", by=make.a_clinician("Dr Else"), at=NOW)


def test_much_distress_at_the_end_opens_a_next_step(patient: Patient) -> None:
    (signal,) = closed(patient, minute=Minute(distress=6))

    assert (signal.rule, signal.statistic, signal.tier) == ("OVER.END", 6, "look")
    assert signal.suggestions.exists()


@pytest.mark.parametrize("off", ["signals", "care"])
def test_nothing_is_said_where_signals_are_off_or_care_has_ended(
    patient: Patient, off: str
) -> None:
    if off == "signals":
        Practice.objects.update(signals_on=False)
    else:
        Episode.objects.update(closed_at=NOW)

    assert closed(patient, minute=Minute(distress=9)) == []
    assert TherapySession.objects.get().distress == 9


def test_two_missed_of_the_last_sessions_are_a_reason_to_reach_out(patient: Patient) -> None:
    assert closed(patient) == []
    assert closed(patient, "missed", at=NOW + WEEK) == []

    (signal,) = closed(patient, "missed", at=NOW + 2 * WEEK)

    assert (signal.rule, signal.statistic) == ("ENG.MISS", 2)


def test_cancelled_sessions_do_not_count_as_missed(patient: Patient) -> None:
    for week in range(3):
        told = closed(patient, "cancelled", at=NOW + week * WEEK)

    assert told == []


def test_two_views_are_compared_when_the_answer_came_first(patient: Patient) -> None:
    session = NOW + WEEK
    answered(patient, at=session + HOUR / 2, tension=0)

    (signal,) = closed(patient, at=session, minute=Minute(tension=3))

    assert (signal.rule, signal.statistic) == ("RUP.GAP", 3)


def test_and_when_the_answer_comes_later(patient: Patient) -> None:
    assert closed(patient, minute=Minute(tension=3)) == []

    answered(patient, at=NOW + timedelta(hours=9), tension=0)

    assert Signal.objects.get().rule == "RUP.GAP"


def test_an_answer_to_an_earlier_session_is_not_compared(patient: Patient) -> None:
    answered(patient, at=NOW, tension=0)

    assert closed(patient, at=NOW + WEEK, minute=Minute(tension=3)) == []


def test_what_was_noticed_is_compared_once(patient: Patient) -> None:
    closed(patient, minute=Minute(tension=3))
    answered(patient, at=NOW + timedelta(hours=9), tension=2)

    answered(patient, at=NOW + WEEK, tension=0)

    assert list(Signal.objects.values_list("rule", flat=True)) == ["RUP.R2"]


def test_tension_where_the_clinician_noticed_none_is_strong(patient: Patient) -> None:
    closed(patient, minute=Minute(tension=0))

    answered(patient, at=NOW + timedelta(hours=9), tension=2)

    signal = Signal.objects.get()
    assert (signal.rule, signal.data["also"]) == ("RUP.R4", "RUP.R2, RUP.GAP")
    assert "your own sense of tension" not in signal.not_assessed


def test_a_low_rating_after_a_missed_session_is_strong(patient: Patient) -> None:
    for week in range(4):
        answered(patient, at=NOW + week * WEEK)
    closed(patient, "missed", at=NOW + 3 * WEEK + HOUR)

    answered(patient, at=NOW + 4 * WEEK, safe=2, understood=2, agreed=2, said=2)

    signal = Signal.objects.get()
    assert (signal.rule, signal.data["also"]) == ("RUP.R4", "RUP.R1")


def low_mood(patient: Patient, *levels: int) -> list[str]:
    """Let the patient answer the PHQ-9 week by week; return what the last one raised."""
    for week, level in enumerate(levels):
        at = NOW + week * WEEK + 2 * HOUR
        checkin = make.a_checkin(patient, "phq-9", at=at)
        make.send(checkin, {f"phq-9.{n}": level if n < 9 else 0 for n in range(1, 10)}, at=at)
    return list(Signal.objects.filter(raised_at=at).values_list("rule", flat=True))


def test_in_the_days_after_processing_worse_symptoms_are_told_of(patient: Patient) -> None:
    for week in range(4):
        minute = Minute(processed=week == 3)
        closed(patient, at=NOW + week * WEEK, minute=minute)

    assert low_mood(patient, 1, 1, 1, 3) == ["DIP.14"]
    signal = Signal.objects.get(rule="DIP.14")
    assert (signal.tier, signal.suggestions.exists()) == ("info", False)
    assert "DET." in signal.data["held"]


def test_without_processing_they_are_prompted(patient: Patient) -> None:
    for week in range(4):
        closed(patient, at=NOW + week * WEEK)

    assert low_mood(patient, 1, 1, 1, 3)[0].startswith("DET.")


def test_distress_that_rises_the_day_after_is_noticed(patient: Patient) -> None:
    closed(patient, minute=Minute(distress=2))
    at = NOW + timedelta(hours=20)

    make.send(make.a_checkin(patient, "sud", at=at), {"sud.1": 6}, at=at)

    signal = Signal.objects.get()
    assert (signal.rule, signal.statistic) == ("OVER.DAY", 4)


def test_a_signal_that_was_closed_says_what_it_said(patient: Patient, clinician: User) -> None:
    (signal,) = closed(patient, minute=Minute(distress=6))
    said = (signal.statistic, signal.threshold, signal.rule_version, signal.because)

    act_on_signal(signal=signal, act="closed", by=clinician, at=NOW + WEEK)

    signal.refresh_from_db()
    assert (signal.statistic, signal.threshold, signal.rule_version, signal.because) == said
