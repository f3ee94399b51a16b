"""What is refused, and why.

An act that makes no sense is refused with a sentence that says what is allowed, and it
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.actions import begin_care, promise_reading
from securebase.clinic.care.models import Care
from securebase.clinic.episodes.actions import act_on_signal, change_phase
from securebase.clinic.episodes.models import Episode, PhaseChange, Signal, SignalAct
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.clinic.therapy import actions as therapy
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.accounts.models import User
from tests import factories as make
from tests.clinic.conftest import LATER, World

HOUR = timedelta(hours=1)


@pytest.fixture
def clinician(world: World) -> User:
    """Return the clinician of record."""
    return world["clinician of record"]


@pytest.fixture
def signal(world: World) -> Signal:
    """Return an open signal with suggestions."""
    checkin = make.a_checkin(world.patient, at=make.NOW)
    make.send(checkin, {"phq-9.9": 1}, at=make.NOW)
    return Signal.objects.get(tier="now")


# Care.


def test_a_record_opens_only_to_clinicians(world: World, clinician: User) -> None:
    with pytest.raises(PermissionDenied, match="not one"):
        begin_care(patient=world.patient, clinician=world["host"], by=clinician, at=LATER)


@pytest.mark.parametrize("days", [[], [7], [-1, 2]])
def test_a_promise_to_read_needs_days_of_the_week(
    world: World, clinician: User, days: list[int]
) -> None:
    bond = Care.objects.get(patient=world.patient, part="of_record")

    with pytest.raises(ValidationError, match="Monday 0 to Sunday 6"):
        promise_reading(care=bond, days=days, reading_by=time(9), by=clinician, at=LATER)


# Sessions and ruptures.


def a_session(world: World, clinician: User, **changed: Any) -> TherapySession:
    """Plan a session for the day that is today in these tests."""
    usual = {"patient": world.patient, "clinician": clinician, "starts_at": LATER}
    return therapy.plan_session(**{**usual, **changed}, by=clinician, at=make.NOW)


@pytest.mark.parametrize("minutes", [0, 241])
def test_a_session_has_some_minutes_and_not_too_many(
    world: World, clinician: User, minutes: int
) -> None:
    with pytest.raises(ValidationError, match="1 to 240"):
        a_session(world, clinician, minutes=minutes)


def test_a_session_is_with_a_clinician_who_treats_the_patient(
    world: World, clinician: User
) -> None:
    stranger = world["clinician of somebody else"]

    with pytest.raises(PermissionDenied, match="not in your care"):
        therapy.plan_session(
            patient=world.patient, clinician=stranger, starts_at=LATER, by=clinician, at=LATER
        )


def test_how_a_session_ended_is_said_once(world: World, clinician: User) -> None:
    session = a_session(world, clinician)
    closed = therapy.close_session(session=session, state="missed", by=clinician, at=LATER)

    assert closed.state == "missed"
    with pytest.raises(PermissionDenied, match="noted already"):
        therapy.close_session(session=session, state="held", by=clinician, at=LATER)


def test_a_session_does_not_end_as_planned(world: World, clinician: User) -> None:
    with pytest.raises(ValidationError, match="held, missed or cancelled"):
        therapy.close_session(
            session=a_session(world, clinician), state="planned", by=clinician, at=LATER
        )


def test_a_session_still_to_come_was_not_held(world: World, clinician: User) -> None:
    session = a_session(world, clinician, starts_at=LATER + HOUR)

    with pytest.raises(PermissionDenied, match="not begun yet"):
        therapy.close_session(session=session, state="held", by=clinician, at=LATER)
    assert therapy.close_session(session=session, state="cancelled", by=clinician, at=LATER)


def test_a_rupture_is_repaired_once_and_never_edited_away(
    world: World, clinician: User
) -> None:
    rupture = therapy.note_rupture(
        patient=world.patient, kind="withdrawal", note="Quiet.", by=clinician, at=make.NOW
    )
    therapy.repair_rupture(rupture=rupture, because=make.TALKED, by=clinician, at=LATER)

    with pytest.raises(PermissionDenied, match="already repaired"):
        therapy.repair_rupture(
            rupture=rupture, because=make.TALKED, by=clinician, at=LATER + HOUR
        )
    kept = Rupture.objects.get()
    assert (kept.repaired_at, kept.note) == (LATER, "Quiet.")


# Spans of care.


def test_each_phase_leaves_a_mark(world: World, clinician: User) -> None:
    change_phase(episode=world.episode, phase="process", by=clinician, at=LATER)

    marks = list(PhaseChange.objects.values_list("phase", "at"))
    assert marks == [("stabilize", make.NOW), ("process", LATER)]
    assert Episode.objects.get().phase == "process"


def test_a_phase_nobody_knows_is_refused(world: World, clinician: User) -> None:
    with pytest.raises(ValueError, match="phase four"):
        change_phase(episode=world.episode, phase="phase four", by=clinician, at=LATER)


# Signals.


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        (["seen"],                         "seen"),
        (["later"],                        "later"),
        (["disagreed"],                    "seen"),
        (["closed"],                       "closed"),
        (["later", "seen", "later"],       "later"),
        (["seen", "disagreed", "closed"],  "closed"),
        (["closed", "reopened"],           "open"),
        (["closed", "reopened", "closed"], "closed"),
    ],
)  # fmt: skip
def test_a_signal_goes_from_state_to_state(
    signal: Signal, clinician: User, acts: list[str], state: str
) -> None:
    for act in acts:
        until = LATER + HOUR if act == "later" else None
        signal = act_on_signal(
            signal=signal, act=act, by=clinician, at=LATER, later_until=until
        )

    assert signal.state == state
    assert (signal.later_until is not None) == (state == "later")
    assert sorted(SignalAct.objects.values_list("act", flat=True)) == sorted(acts)


@pytest.mark.parametrize("act", ["seen", "later", "disagreed", "closed"])
def test_a_closed_signal_can_only_be_opened_again(
    signal: Signal, clinician: User, act: str
) -> None:
    act_on_signal(signal=signal, act="closed", by=clinician, at=LATER)

    with pytest.raises(PermissionDenied, match="closed"):
        act_on_signal(signal=signal, act=act, by=clinician, at=LATER, later_until=LATER + HOUR)


def test_an_open_signal_is_not_opened_again(signal: Signal, clinician: User) -> None:
    with pytest.raises(PermissionDenied):
        act_on_signal(signal=signal, act="reopened", by=clinician, at=LATER)


@pytest.mark.parametrize("until", [None, LATER, LATER - HOUR])
def test_what_is_put_off_comes_back_some_day(
    signal: Signal, clinician: User, until: Any
) -> None:
    with pytest.raises(ValidationError, match="still to come"):
        act_on_signal(signal=signal, act="later", by=clinician, at=LATER, later_until=until)


def test_what_a_signal_says_never_changes(signal: Signal, clinician: User) -> None:
    said = {k: v for k, v in vars(signal).items() if k not in ("_state", "state")}

    act_on_signal(signal=signal, act="seen", by=clinician, at=LATER, reason="I asked.")

    now = vars(Signal.objects.get(tier="now"))
    assert {key: now[key] for key in said} == said
    assert SignalAct.objects.get().reason == "I asked."


# Suggestions.


@pytest.mark.parametrize(
    "decision",
    [
        {"choice": "no"},
        {"choice": "no", "reason_code": "because"},
        {"choice": "perhaps"},
        {"choice": "later"},
        {"choice": "later", "return_at": LATER},
    ],
)
def test_a_no_needs_a_reason_and_a_later_a_day(
    signal: Signal, clinician: User, decision: dict[str, Any]
) -> None:
    suggestion = signal.suggestions.all()[0]

    with pytest.raises(ValidationError):
        decide(suggestion=suggestion, by=clinician, at=LATER, **decision)

    assert not Decision.objects.exists()


def test_a_later_decision_is_added_to_the_earlier_one(signal: Signal, clinician: User) -> None:
    suggestion = signal.suggestions.all()[0]
    back = LATER + HOUR
    decide(suggestion=suggestion, choice="later", by=clinician, at=LATER, return_at=back)
    decide(suggestion=suggestion, choice="accept", by=clinician, at=back)

    choices = [one.choice for one in Decision.objects.order_by("at")]
    assert choices == ["later", "accept"]


@pytest.mark.parametrize(
    ("reason_code", "again"), [("not_fit", False), ("doing", False), ("not_now", True)]
)
def test_a_card_that_does_not_fit_is_not_offered_again(
    world: World, signal: Signal, clinician: User, reason_code: str, again: bool
) -> None:
    for suggestion in signal.suggestions.all():
        decide(
            suggestion=suggestion,
            choice="no",
            by=clinician,
            at=LATER,
            reason_code=reason_code,
        )
    refused = set(signal.suggestions.values_list("strategy", flat=True))
    act_on_signal(signal=signal, act="closed", by=clinician, at=LATER)

    make.send(make.a_checkin(world.patient, at=LATER), {"phq-9.9": 1}, at=LATER)

    new = set(Suggestion.objects.exclude(signal=signal).values_list("strategy", flat=True)) - {
        "talk-today-about-safety"
    }
    assert bool(new & refused) is again


# Responses.


@pytest.fixture
def sheet() -> AnswerSheet:
    """Return a PHQ-9 filled in on paper."""
    answers = {str(number): 1 for number in range(1, 10)}
    return AnswerSheet(
        instrument="phq-9", answers=answers, source="paper", key=uuid4(), answered_at=LATER
    )


def test_the_same_key_with_the_same_answers_keeps_one(
    world: World, clinician: User, sheet: AnswerSheet
) -> None:
    kept = [
        record_responses(patient=world.patient, sheets=[sheet], by=clinician, at=LATER)
        for _ in range(2)
    ]

    assert kept[0] == kept[1]
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: replace(sheet, answers={**sheet.answers, "9": 2}),
        lambda sheet: replace(sheet, texts={"matters": "more"}),
        lambda sheet: replace(sheet, instrument="gad-7", answers={"1": 1}),
    ],
)
def test_the_same_key_with_other_answers_is_refused(
    world: World,
    clinician: User,
    sheet: AnswerSheet,
    change: Callable[[AnswerSheet], AnswerSheet],
) -> None:
    record_responses(patient=world.patient, sheets=[sheet], by=clinician, at=LATER)

    with pytest.raises(PermissionDenied, match="new key"):
        record_responses(patient=world.patient, sheets=[change(sheet)], by=clinician, at=LATER)


def test_a_key_of_another_record_is_refused(
    world: World, clinician: User, sheet: AnswerSheet
) -> None:
    record_responses(patient=world.patient, sheets=[sheet], by=clinician, at=LATER)

    with pytest.raises(PermissionDenied, match="new key"):
        record_responses(
            patient=world.other,
            sheets=[sheet],
            by=world["clinician of somebody else"],
            at=LATER,
        )


def test_answers_on_paper_are_scored_like_any_others(
    world: World, clinician: User, sheet: AnswerSheet
) -> None:
    responses = record_responses(patient=world.patient, sheets=[sheet], by=clinician, at=LATER)
    keep_scores(responses)

    assert Score.objects.get(measure="phq-9.total").value == 9
    assert Response.objects.get().safety == ["9"]
