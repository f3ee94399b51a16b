"""Check-ins from agreement to sending.

What is asked and when is agreed once. Each answer is kept as it is given, apart from
the others, and is for nobody else to see until the patient sends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import (
    complete_checkin,
    keep_answers,
    keep_place,
    plan_rhythm,
    read_draft,
)
from securebase.clinic.checkins.clock import close_missed, open_due
from securebase.clinic.checkins.models import CheckIn, Draft, Rhythm
from securebase.clinic.checkins.queries import current_rhythm, next_checkin, open_checkin
from securebase.clinic.checkins.questions import minutes_of, questions_of, wording_of
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.people.accounts.models import User
from securebase.science.errors import BadInput, UnknownName
from securebase.science.library import instrument
from tests import factories as make

NOW = make.NOW
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> User:
    """Return the clinician of record."""
    return make.a_clinician()


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return a patient in their care."""
    return make.a_patient(of=clinician)


def plan(patient: Patient, clinician: User, **changed: Any) -> Rhythm:
    """Agree Mondays at 19:00 with the PHQ-9, or something a little different."""
    terms = replace(make.terms("phq-9"), **changed)
    return plan_rhythm(patient=patient, terms=terms, by=clinician, at=NOW)


# What is agreed holds until something else is agreed.


def test_a_new_rhythm_ends_the_one_before_on_the_day_before(
    patient: Patient, clinician: User
) -> None:
    old = plan(patient, clinician)

    new = plan(patient, clinician, starts_on=make.TODAY + WEEK)

    old.refresh_from_db()
    assert old.ends_on == make.TODAY + WEEK - DAY
    assert current_rhythm(patient) == new


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("weekdays", []),
        ("weekdays", [7]),
        ("instruments", []),
        ("instruments", [Asked(slug="phq-9", every=2)]),
        ("instruments", [Asked(slug="phq-9", every=1), Asked(slug="phq-9", every=2)]),
        ("instruments", [Asked(slug="phq-9", every=1), Asked(slug="k10", every=-1)]),
        ("starts_on", date(2026, 11, 22)),
        ("every_weeks", 0),
        ("every_weeks", 9),
        ("open_hours", 0),
        ("open_hours", 169),
    ],
)
def test_terms_that_cannot_be_kept_are_refused_by_name(
    patient: Patient, clinician: User, term: str, value: Any
) -> None:
    with pytest.raises(ValidationError) as refused:
        plan(patient, clinician, **{term: value})

    assert set(refused.value.message_dict) == {term}
    assert not Rhythm.objects.exists()


def test_an_instrument_nobody_knows_is_refused(patient: Patient, clinician: User) -> None:
    with pytest.raises(UnknownName):
        plan(patient, clinician, instruments=[Asked(slug="no-such", every=1)])


def test_an_instrument_without_wording_cannot_be_asked() -> None:
    silent = replace(instrument("phq-9"), wordings={})

    with pytest.raises(BadInput, match="no wording in 'de' that may be shown"):
        wording_of(silent, "de")


# The clock opens what is due and closes what is over; twice is the same as once.


def test_it_opens_what_is_due_once(patient: Patient, clinician: User) -> None:
    plan(patient, clinician)

    first, again = open_due(at=NOW + DAY), open_due(at=NOW + DAY)

    assert [checkin.due_at for checkin in first] == [NOW + 10 * HOUR]
    assert again == []


def test_it_catches_up_if_it_stood_still(patient: Patient, clinician: User) -> None:
    plan(patient, clinician)
    open_due(at=NOW + DAY)

    later = open_due(at=NOW + 3 * WEEK)

    assert [checkin.due_at for checkin in later] == [
        NOW + 10 * HOUR + WEEK,
        NOW + 10 * HOUR + 2 * WEEK,
    ]


def test_each_asks_what_is_its_turn(patient: Patient, clinician: User) -> None:
    asked = [Asked(slug="session-check-in", every=1), Asked(slug="phq-9", every=2)]
    plan(patient, clinician, instruments=asked)

    made = open_due(at=NOW + DAY) + open_due(at=NOW + 2 * WEEK)

    assert [checkin.instruments for checkin in made] == [
        ["session-check-in", "phq-9"],
        ["session-check-in"],
    ]


def test_one_closes_before_the_next_one_opens(patient: Patient, clinician: User) -> None:
    plan(patient, clinician, weekdays=range(7))

    first, second = open_due(at=NOW + 2 * DAY)

    assert first.closes_at == second.due_at
    assert open_checkin(patient, at=second.due_at) == second


def test_it_closes_what_nobody_answered(patient: Patient, clinician: User) -> None:
    plan(patient, clinician)
    (checkin,) = open_due(at=NOW + DAY)

    assert close_missed(at=checkin.closes_at - HOUR) == []
    assert close_missed(at=checkin.closes_at) == [checkin]
    assert close_missed(at=checkin.closes_at) == []
    checkin.refresh_from_db()
    assert checkin.state == CheckIn.State.MISSED


def test_a_rhythm_that_ended_opens_nothing_more(patient: Patient, clinician: User) -> None:
    plan(patient, clinician)
    plan(patient, clinician, starts_on=make.TODAY + 9 * WEEK)

    assert len(open_due(at=NOW + 4 * WEEK)) == 4
    assert len(open_due(at=NOW + 9 * WEEK)) == 5
    assert len(open_due(at=NOW + 10 * WEEK)) == 1


def test_the_patient_knows_when_the_next_one_comes(patient: Patient, clinician: User) -> None:
    assert next_checkin(patient, at=NOW) is None

    plan(patient, clinician)

    assert next_checkin(patient, at=NOW) == NOW + 10 * HOUR
    assert open_checkin(patient, at=NOW) is None


# Each answer is kept at once and alone; every question may be skipped.


@pytest.fixture
def checkin(patient: Patient) -> CheckIn:
    """Return an open check-in with choices, sliders and words."""
    return make.a_checkin(patient, "phq-9", "session-check-in")


def test_the_questions_come_in_order_and_all_can_be_skipped(checkin: CheckIn) -> None:
    questions = questions_of(checkin)

    assert [q.ref for q in questions[:2]] == ["phq-9.1", "phq-9.2"]
    assert questions[-1].ref == "session-check-in.mended"
    assert all(q.optional for q in questions)
    assert [q.ref for q in questions if q.safety] == ["phq-9.9"]
    assert minutes_of(checkin) >= 1


def test_a_question_says_which_answer_makes_it_needless(patient: Patient) -> None:
    checkin = make.a_checkin(patient, "pc-ptsd-5", at=NOW)

    first, *others = questions_of(checkin)

    assert {q.asked_if for q in others} == {first.ref}


def test_what_was_answered_waits_for_the_patient(checkin: CheckIn) -> None:
    given = {"phq-9.1": 2, "phq-9.2": None, "session-check-in.matters": "Slower, please."}
    make.answer(checkin, dict(given), at=NOW)
    user = make.the_account(checkin.patient)
    keep_place(checkin=checkin, place=4, by=user, at=NOW)

    assert read_draft(checkin=checkin, by=user) == {
        "answers": {"phq-9.1": 2, "phq-9.2": None},
        "texts": {"session-check-in.matters": "Slower, please."},
        "place": 4,
        "times": dict.fromkeys(given, NOW.isoformat()),
    }


def test_words_that_are_taken_back_are_gone(checkin: CheckIn) -> None:
    user = make.the_account(checkin.patient)
    for value in ("Too much.", None):
        draft = keep_answers(
            checkin=checkin, given={"session-check-in.matters": value}, by=user, at=NOW
        )

    assert read_draft(checkin=checkin, by=user)["texts"] == {}
    assert draft.version == 2


def test_two_devices_do_not_overwrite_each_other(checkin: CheckIn) -> None:
    telephone = CheckIn.objects.get(pk=checkin.pk)
    make.answer(checkin, {"phq-9.1": 1}, at=NOW)
    make.answer(telephone, {"phq-9.2": 2}, at=NOW)

    kept = read_draft(checkin=checkin, by=make.the_account(checkin.patient))

    assert kept["answers"] == {"phq-9.1": 1, "phq-9.2": 2}


def test_no_answer_lies_readable_in_the_database(checkin: CheckIn) -> None:
    make.answer(checkin, {"session-check-in.matters": "my own words"}, at=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM checkins_draft")
        (stored,) = cursor.fetchone()

    assert b"my own words" not in bytes(stored)
    assert b"answers" not in bytes(stored)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("phq-9.1", 4),
        ("phq-9.1", -1),
        ("phq-9.1", "2"),
        ("phq-9.1", True),
        ("phq-9.10", 1),
        ("gad-7.1", 1),
        ("nonsense", 1),
        ("session-check-in.matters", 3),
        ("session-check-in.matters", "x" * 5001),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    checkin: CheckIn, item: str, value: Any
) -> None:
    with pytest.raises(BadInput, match=item.partition(".")[0]):
        make.answer(checkin, {item: value}, at=NOW)

    assert not Draft.objects.exists()


def test_another_patient_cannot_answer_it(checkin: CheckIn, clinician: User) -> None:
    other = make.the_account(make.a_patient(of=clinician))

    for user in (other, clinician):
        with pytest.raises(PermissionDenied):
            keep_answers(checkin=checkin, given={"phq-9.1": 1}, by=user, at=NOW)
        with pytest.raises(PermissionDenied):
            read_draft(checkin=checkin, by=user)


def test_one_key_sends_one_check_in(checkin: CheckIn) -> None:
    key, user = uuid4(), make.the_account(checkin.patient)
    complete_checkin(checkin=checkin, key=key, by=user, at=NOW)
    second = make.a_checkin(checkin.patient, at=NOW + WEEK)

    with pytest.raises(PermissionDenied, match="new one"):
        complete_checkin(checkin=second, key=key, by=user, at=NOW + WEEK)


def test_terms_are_wall_time_where_the_patient_lives(clinician: User) -> None:
    patient = make.a_patient(of=clinician)
    Patient.objects.filter(pk=patient.pk).update(time_zone="Pacific/Auckland")
    patient.refresh_from_db()
    terms = Terms(
        weekdays=[1], at_time=time(8), instruments=make.terms().instruments,
        starts_on=date(2026, 11, 24),
    )  # fmt: skip

    rhythm = plan_rhythm(patient=patient, terms=terms, by=clinician, at=NOW)

    assert rhythm.time_zone == "Pacific/Auckland"
    assert next_checkin(patient, at=NOW) == NOW + 10 * HOUR
