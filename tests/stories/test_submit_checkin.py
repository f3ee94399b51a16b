"""Sending a check-in.

What a patient sends becomes responses, scores, trajectories, reasons to look and
suggestions in one act. All of it happens, or none; and sending twice is sending once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from securebase.clinic.care.actions import promise_reading
from securebase.clinic.care.models import Care, Patient, Practice
from securebase.clinic.checkins.models import CheckIn, Draft
from securebase.clinic.episodes.actions import act_on_signal, open_episode
from securebase.clinic.episodes.models import Episode, Signal, TrajectoryPoint
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.measurement.models import Response, Score, Verdict
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories import submit_checkin as story
from securebase.stories import what_follows
from securebase.stories.submit_checkin import receipt_of, submit_checkin
from tests import factories as make

NOW, WEEK = make.NOW, timedelta(weeks=1)
ALL_NINE: dict[str, int | str | None] = {f"phq-9.{n}": int(n < 9) for n in range(1, 10)}
GOOD_SESSION: dict[str, int | str | None] = {
    f"session-check-in.{item}": 8 for item in ("safe", "understood", "agreed", "said")
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Return a patient in an open episode, in a practice that has switched signals on."""
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW, planned_sessions=16)
    return patient


def everything() -> dict[str, int]:
    """Count what a check-in leaves behind."""
    kept = (Response, Score, Verdict, TrajectoryPoint, Signal, Suggestion, AuditEvent)
    return {one.__name__: one.objects.count() for one in kept}


def test_answers_become_a_response_and_its_scores(patient: Patient) -> None:
    checkin = make.a_checkin(patient, "phq-9", "session-check-in")

    make.send(
        checkin, {**ALL_NINE, **GOOD_SESSION, "session-check-in.matters": "Thank you"}, at=NOW
    )

    phq, session = Response.objects.order_by("instrument")
    assert phq.answers == {str(n): 1 for n in range(1, 9)} | {"9": 0}
    assert session.texts == '{"matters": "Thank you"}'
    assert (phq.answered_at, phq.source, phq.safety) == (NOW, "checkin", [])
    totals = dict(Score.objects.values_list("measure", "value"))
    assert (totals["phq-9.total"], totals["session-check-in.alliance"]) == (8.0, 8.0)
    assert phq.verdicts.exists()


def test_the_check_in_is_sent_and_its_draft_is_gone(patient: Patient) -> None:
    checkin = make.a_checkin(patient)

    receipt = make.send(checkin, ALL_NINE, at=NOW)

    checkin.refresh_from_db()
    assert (checkin.state, checkin.submitted_at) == ("submitted", NOW)
    assert not Draft.objects.exists()
    assert receipt.checkin == checkin


def test_it_may_be_sent_with_every_question_skipped(patient: Patient) -> None:
    checkin = make.a_checkin(patient, "phq-9", "session-check-in")

    submit_checkin(checkin=checkin, key=uuid4(), by=make.the_account(patient), at=NOW)

    assert set(Score.objects.values_list("value", "state")) == {(None, "incomplete")}
    assert not Signal.objects.exists()


def test_measures_with_a_prior_are_followed(patient: Patient) -> None:
    for week in range(3):
        checkin = make.a_checkin(patient, "phq-9", "arousal", at=NOW + week * WEEK)
        make.send(checkin, ALL_NINE, at=NOW + week * WEEK)

    points = TrajectoryPoint.objects.filter(measure="phq-9.total")

    assert [point.value for point in points] == [8.0, 8.0, 8.0]
    assert [point.at for point in points] == [NOW, NOW + WEEK, NOW + 2 * WEEK]
    assert points[0].innovation is not None
    assert points[2].p_improve is not None
    assert not TrajectoryPoint.objects.filter(measure__startswith="arousal").exists()


def test_points_kept_before_are_never_worked_out_again(patient: Patient) -> None:
    make.send(make.a_checkin(patient), ALL_NINE, at=NOW)
    before = TrajectoryPoint.objects.filter(measure="phq-9.total").values().get()

    make.send(make.a_checkin(patient, at=NOW + WEEK), ALL_NINE, at=NOW + WEEK)

    assert TrajectoryPoint.objects.filter(pk=before["id"]).values().get() == before


# A marked safety question.


@pytest.mark.parametrize("signals_on", [True, False])
def test_a_marked_safety_question_is_always_shown(patient: Patient, signals_on: bool) -> None:
    Practice.objects.update(signals_on=signals_on)

    receipt = make.send(make.a_checkin(patient), {"phq-9.9": 1}, at=NOW)

    signal = Signal.objects.get(tier="now")
    assert receipt.safety
    assert (signal.kind, signal.tier, signal.statistic) == ("SAFE", "now", 1.0)
    assert signal.suggestions.exists()


def test_it_is_shown_again_each_time_it_is_marked(patient: Patient) -> None:
    for week in range(2):
        checkin = make.a_checkin(patient, at=NOW + week * WEEK)
        make.send(checkin, {"phq-9.9": 1}, at=NOW + week * WEEK)

    assert Signal.objects.filter(kind="SAFE").count() == 2


def test_it_has_a_place_even_if_no_span_of_care_was_begun(patient: Patient) -> None:
    Episode.objects.update(closed_at=NOW)

    make.send(make.a_checkin(patient), {"phq-9.9": 1}, at=NOW)

    assert Signal.objects.get(tier="now").episode.closed_at is None


# Other reasons to look.


@pytest.mark.parametrize("signals_on", [True, False])
def test_a_fall_of_the_alliance_is_noticed_where_signals_are_on(
    patient: Patient, signals_on: bool
) -> None:
    Practice.objects.update(signals_on=signals_on)
    for week, rating in enumerate([8, 8, 8, 8, 2]):
        at = NOW + week * WEEK
        checkin = make.a_checkin(patient, "session-check-in", at=at)
        make.send(checkin, dict.fromkeys(GOOD_SESSION, rating), at=at)

    rules = list(Signal.objects.values_list("rule", flat=True))

    assert rules == (["RUP.R1"] if signals_on else [])
    assert TrajectoryPoint.objects.filter(measure="session-check-in.alliance").count() == 5


@pytest.mark.parametrize(("tension", "rule"), [(2, "RUP.R2"), (3, "RUP.R4")])
def test_tension_that_is_named_is_noticed_at_once(
    patient: Patient, tension: int, rule: str
) -> None:
    checkin = make.a_checkin(patient, "session-check-in")

    make.send(checkin, {**GOOD_SESSION, "session-check-in.tension": tension}, at=NOW)

    signal = Signal.objects.get()
    assert (signal.rule, signal.state) == (rule, "open")
    first = signal.suggestions.order_by("rank")[0]
    assert first.because
    assert first.strategy_version


def test_the_same_kind_waits_while_one_is_open_and_then_rests(patient: Patient) -> None:
    tense = {**GOOD_SESSION, "session-check-in.tension": 4}

    def told(week: int) -> int:
        at = NOW + week * WEEK
        make.send(make.a_checkin(patient, "session-check-in", at=at), tense, at=at)
        return Signal.objects.count()

    assert [told(0), told(5)] == [1, 1]
    clinician = Care.objects.get().clinician
    act_on_signal(signal=Signal.objects.get(), act="closed", by=clinician, at=NOW + 5 * WEEK)
    assert [told(6), told(7)] == [2, 2]


def test_a_card_that_waits_is_not_offered_again_but_the_talk_about_safety_is(
    patient: Patient,
) -> None:
    for week in range(2):
        at = NOW + week * WEEK
        make.send(make.a_checkin(patient, at=at), {"phq-9.9": 1}, at=at)

    offered = list(Suggestion.objects.values_list("strategy", flat=True))

    twice = {strategy for strategy in offered if offered.count(strategy) > 1}
    assert twice == {"talk-today-about-safety"}


# What the patient is told.


def test_the_patient_is_told_when_it_will_be_read(patient: Patient) -> None:
    bond = Care.objects.get()
    promise_reading(care=bond, days=[3], reading_by=bond.reading_by, by=bond.clinician, at=NOW)

    receipt = make.send(make.a_checkin(patient), ALL_NINE, at=NOW)

    assert receipt.read_by == NOW + timedelta(days=3, hours=9)
    assert not receipt.safety


def test_nothing_is_promised_when_nobody_is_there_to_read(patient: Patient) -> None:
    checkin = make.a_checkin(patient)
    Care.objects.update(until=NOW)

    assert make.send(checkin, ALL_NINE, at=NOW).read_by is None


def test_the_receipt_can_be_shown_again(patient: Patient) -> None:
    receipt = make.send(make.a_checkin(patient), {"phq-9.9": 2}, at=NOW)

    again = receipt_of(receipt.checkin, at=NOW + timedelta(days=1))

    assert again == receipt


def test_what_was_not_sent_has_no_receipt(patient: Patient) -> None:
    with pytest.raises(ValueError, match="not sent"):
        receipt_of(make.a_checkin(patient), at=NOW)


# Sending twice, too late, or somebody else's.


def test_sending_again_with_the_same_key_changes_nothing(patient: Patient) -> None:
    checkin, key = make.a_checkin(patient), uuid4()
    first = make.send(checkin, {"phq-9.9": 1}, at=NOW, key=key)
    before = everything()

    again = submit_checkin(
        checkin=checkin, key=key, by=make.the_account(patient), at=NOW + timedelta(minutes=1)
    )

    assert again == first
    assert everything() == before


def test_sending_again_with_another_key_is_refused(patient: Patient) -> None:
    checkin = make.a_checkin(patient)
    make.send(checkin, ALL_NINE, at=NOW)

    with pytest.raises(PermissionDenied, match="sent already"):
        submit_checkin(checkin=checkin, key=uuid4(), by=make.the_account(patient), at=NOW)


def test_the_key_of_another_check_in_is_refused(patient: Patient) -> None:
    key = uuid4()
    make.send(make.a_checkin(patient), ALL_NINE, at=NOW, key=key)
    second = make.a_checkin(patient, at=NOW + WEEK)
    make.answer(second, {"phq-9.1": 3}, at=NOW + WEEK)
    before = everything()

    with pytest.raises(PermissionDenied, match="new key"):
        submit_checkin(checkin=second, key=key, by=make.the_account(patient), at=NOW + WEEK)

    assert everything() == before
    assert Draft.objects.get().checkin == second


def test_a_key_alone_does_not_open_the_receipt_of_another_person(patient: Patient) -> None:
    checkin, key = make.a_checkin(patient), uuid4()
    make.send(checkin, ALL_NINE, at=NOW, key=key)
    other = make.the_account(make.a_patient(of=Care.objects.get().clinician))

    with pytest.raises(PermissionDenied):
        submit_checkin(checkin=checkin, key=key, by=other, at=NOW)


@pytest.mark.parametrize("state", ["missed", "submitted"])
def test_a_check_in_that_is_over_is_not_sent(patient: Patient, state: str) -> None:
    checkin = make.a_checkin(patient)
    over: dict[str, Any] = {"state": state}
    if state == "submitted":
        over |= {"submitted_at": NOW, "submission": str(uuid4())}
    CheckIn.objects.filter(pk=checkin.pk).update(**over)
    before = everything()

    with pytest.raises(PermissionDenied):
        submit_checkin(checkin=checkin, key=uuid4(), by=make.the_account(patient), at=NOW)

    assert everything() == before


@pytest.mark.parametrize("who", ["clinician", "another patient", "host"])
def test_nobody_sends_the_check_in_of_somebody_else(patient: Patient, who: str) -> None:
    clinician = Care.objects.get().clinician
    checkin = make.a_checkin(patient)
    other = make.a_patient(of=clinician)
    users = {
        "clinician": clinician,
        "another patient": make.the_account(other),
        "host": make.a_host(),
    }

    with pytest.raises(PermissionDenied):
        submit_checkin(checkin=checkin, key=uuid4(), by=users[who], at=NOW)


# Faults and speed.


@pytest.mark.parametrize(
    "step",
    ["record_responses", "keep_scores", "raise_signals", "suggest_for", "complete_checkin"],
)
def test_a_fault_anywhere_leaves_nothing_behind(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    checkin = make.a_checkin(patient)
    make.answer(checkin, {"phq-9.9": 1}, at=NOW)
    before = everything()
    told = story if hasattr(story, step) else what_follows
    real = getattr(told, step)

    def breaks_down(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr(told, step, breaks_down)
    with pytest.raises(RuntimeError):
        submit_checkin(checkin=checkin, key=uuid4(), by=make.the_account(patient), at=NOW)

    checkin.refresh_from_db()
    assert everything() == before
    assert checkin.state == "open"
    assert Draft.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_history(patient: Patient) -> None:
    Practice.objects.update(signals_on=False)
    counts = []
    for week in range(6):
        checkin = make.a_checkin(patient, "phq-9", "gad-7", at=NOW + week * WEEK)
        make.answer(checkin, ALL_NINE, at=NOW + week * WEEK)
        with CaptureQueriesContext(connection) as queries:
            submit_checkin(
                checkin=checkin,
                key=uuid4(),
                by=make.the_account(patient),
                at=NOW + week * WEEK,
            )
        counts.append(len(queries))

    assert len(set(counts[1:])) == 1
    assert max(counts) <= 45


def test_the_trail_tells_what_was_sent_and_what_was_raised(patient: Patient) -> None:
    checkin = make.a_checkin(patient)
    make.answer(checkin, {**ALL_NINE, "phq-9.9": 1}, at=NOW)
    last = AuditEvent.objects.count()

    submit_checkin(checkin=checkin, key=uuid4(), by=make.the_account(patient), at=NOW)

    rows = AuditEvent.objects.filter(number__gt=last)
    assert [(row.verb, row.actor) for row in rows] == [
        (Verb.RESPONSE_RECORD.value, patient.account_id),
        (Verb.SIGNAL_RAISE.value, None),
        (Verb.CHECKIN_SUBMIT.value, patient.account_id),
    ]
    assert {row.patient for row in rows} == {patient.pk}
