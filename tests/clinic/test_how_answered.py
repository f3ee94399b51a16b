"""How it was answered.

With each response the record keeps what the questions asked about and in which version,
the order they came in where it is drawn, how long each took, whether all were answered
alike, and totals that came from elsewhere: facts about the data, told in words.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.asking import too_often
from securebase.clinic.checkins.at_once import ask_at_once
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn, Rhythm
from securebase.clinic.checkins.pace import took_ms
from securebase.clinic.checkins.questions import questions_of
from securebase.clinic.checkins.terms import Asked, Terms
from securebase.clinic.episodes.around import forms_of
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.clinic.measurement.wordings import attach_wording
from securebase.pages.clinician.how_answered import disagreements, how_answered
from securebase.people.accounts.models import User
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.wordings import Declared
from securebase.science.words import Wording
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
WEEK = timedelta(weeks=1)


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in their care."""
    return make.a_patient(of=clinician)


@pytest.fixture
def worded(clinician: User) -> None:
    """Attach invented words to ECR-R, whose items come in random order."""
    asked = instrument("ecr-r")
    wording = Wording(
        language="en",
        title="Invented",
        instruction="",
        items={item.id: f"Invented question {item.id}" for item in asked.items},
        answers={"agree": {n: f"answer {n}" for n in range(1, 8)}},
    )
    attach_wording(
        instrument_slug="ecr-r",
        wording=wording,
        declared=Declared(words="Invented.", source="a test"),
        by=clinician,
        at=NOW,
    )


def sheet(slug: str, value: int, **totals: float) -> AnswerSheet:
    """Return a paper form with every answer the same, and totals that came with it."""
    return AnswerSheet(
        instrument=slug,
        answers={item.id: value for item in instrument(slug).items},
        source="paper",
        key=uuid4(),
        answered_at=NOW,
        given_totals=totals,
    )


def kept(patient: Patient, by: User, one: AnswerSheet) -> Response:
    """Keep a form with its scores."""
    responses = record_responses(patient=patient, sheets=[one], by=by, at=NOW)
    keep_scores(responses)
    return responses[0]


# What the questions asked about


def test_the_time_asked_about_and_the_version_are_kept(
    patient: Patient, clinician: User
) -> None:
    asked = instrument("phq-9")

    response = kept(patient, clinician, sheet("phq-9", 1))

    assert (response.recall, response.version) == (asked.recall, asked.version)
    assert asked.recall in how_answered(response)[0]


# A drawn order


def test_items_come_in_a_new_stored_order_where_the_authors_ask(
    patient: Patient, worded: None
) -> None:
    first = make.a_checkin(patient, "ecr-r")
    open_due(at=NOW + WEEK)
    second = CheckIn.objects.latest("due_at")

    asked = [question.item for question in questions_of(first)]

    assert asked == [question.item for question in questions_of(first)]
    assert sorted(asked, key=int) == [item.id for item in instrument("ecr-r").items]
    assert len({tuple(asked), tuple(second.orders["ecr-r"]), tuple(sorted(asked))}) == 3


def test_the_order_is_kept_with_the_answers_and_changes_no_score(
    patient: Patient, worded: None
) -> None:
    checkin = make.a_checkin(patient, "ecr-r")
    given: dict[str, int | str | None] = {q.ref: 2 for q in questions_of(checkin)}

    make.send(checkin, given, at=NOW)

    response = Response.objects.get(instrument="ecr-r")
    assert response.item_order == checkin.orders["ecr-r"]
    anxiety = Score.objects.get(measure="ecr-r.anxiety").value
    assert anxiety == pytest.approx((16 * 2 + 2 * 6) / 18)


# How long it took


def test_the_time_from_one_answer_to_the_next_is_kept(patient: Patient) -> None:
    checkin = make.a_checkin(patient, "phq-9")
    for number in range(1, 10):
        make.answer(checkin, {f"phq-9.{number}": 1}, at=NOW + number * SECOND)

    make.send(checkin, {}, at=NOW + 60 * SECOND)

    response = Response.objects.get(instrument="phq-9")
    assert response.took_ms == {str(n): 1000 for n in range(2, 10)}
    assert "Half of the answers took less than 1 seconds each." in how_answered(response)
    assert forms_of([response])[0].seconds == pytest.approx(9.0)


def test_an_answer_changed_later_keeps_its_first_time() -> None:
    first, second = NOW.isoformat(), (NOW + 2 * SECOND).isoformat()

    assert took_ms({"a.1": first, "a.2": second}) == {"a.2": 2000}


def test_answers_kept_at_one_moment_tell_no_time() -> None:
    first, second = NOW.isoformat(), (NOW + SECOND).isoformat()

    assert took_ms({"a.1": first, "a.2": second, "a.3": second}) == {}


# All alike


def test_a_straight_line_is_told_and_not_judged(patient: Patient, clinician: User) -> None:
    response = kept(patient, clinician, sheet("ecr-r", 4))

    assert response.straight_lined
    assert any("Every answer is the same" in line for line in how_answered(response))


# A total that came from elsewhere


def test_a_total_that_came_is_kept_beside_ours_and_a_difference_is_shown(
    patient: Patient, clinician: User
) -> None:
    response = kept(patient, clinician, sheet("gad-7", 1, total=9))

    assert response.given_totals == {"total": 9}
    assert Score.objects.get(response=response, measure="gad-7.total").value == 7.0
    (line,) = disagreements(response)
    assert "came with it is 9; these answers give 7" in line


def test_a_total_that_agrees_is_said_to_agree(patient: Patient, clinician: User) -> None:
    response = kept(patient, clinician, sheet("gad-7", 1, total=7))

    assert disagreements(response) == []
    assert "agree with ours" in how_answered(response)[-1]


def test_a_total_of_a_score_there_is_not_is_refused(patient: Patient, clinician: User) -> None:
    with pytest.raises(BadInput, match="GAD-7 has no score 'sum'"):
        kept(patient, clinician, sheet("gad-7", 1, sum=7))


# How often


def planned(patient: Patient, by: User, *asked: Asked, at: datetime = NOW) -> Terms:
    """Agree on a weekly rhythm that asks these."""
    first = date(2026, 11, 23) + (at - NOW)
    terms = Terms(weekdays=[0], at_time=time(19), instruments=asked, starts_on=first)
    plan_rhythm(patient=patient, terms=terms, by=by, at=at)
    return terms


def test_what_is_asked_too_often_is_warned_of_and_not_refused(
    patient: Patient, clinician: User, worded: None
) -> None:
    terms = planned(patient, clinician, Asked(slug="ecr-r", every=1))

    (warning,) = too_often(terms)
    assert warning.says == (
        "ECR-R is asked about every 7 days; its authors leave 84 days between."
    )


def test_every_twelfth_week_is_not_too_often(
    patient: Patient, clinician: User, worded: None
) -> None:
    asked = Asked(slug="phq-9", every=1), Asked(slug="ecr-r", every=12)

    assert too_often(planned(patient, clinician, *asked)) == []


def test_what_is_asked_once_comes_in_the_first_check_in_only(
    patient: Patient, clinician: User
) -> None:
    once = Asked(slug="ace", every=0, cautioned=True)
    planned(patient, clinician, Asked(slug="phq-9", every=1), once)

    open_due(at=NOW + 8 * timedelta(days=1))

    asked = [checkin.instruments for checkin in CheckIn.objects.order_by("due_at")]
    assert asked == [["phq-9", "ace"], ["phq-9"]]


def test_what_is_asked_once_cannot_be_asked_each_time(
    patient: Patient, clinician: User
) -> None:
    with pytest.raises(ValidationError, match="asked once"):
        planned(patient, clinician, Asked(slug="ace", every=1, cautioned=True))


def test_what_asks_about_childhood_waits_for_its_caution(
    patient: Patient, clinician: User
) -> None:
    asked = Asked(slug="phq-9", every=1), Asked(slug="ace", every=0)

    with pytest.raises(ValidationError, match="only after its caution was read"):
        planned(patient, clinician, *asked)


def test_that_a_caution_was_confirmed_stays_with_the_plan(
    patient: Patient, clinician: User
) -> None:
    once = Asked(slug="ace", every=0, cautioned=True)

    planned(patient, clinician, Asked(slug="phq-9", every=1), once)

    rhythm = Rhythm.objects.get(patient=patient)
    assert rhythm.instruments[1] == {"slug": "ace", "every": 0, "cautioned": True}
    assert rhythm.planned_by == clinician


def test_handed_over_it_needs_no_caution_because_somebody_is_there(
    patient: Patient, clinician: User
) -> None:
    checkin = ask_at_once(patient=patient, entry="ace", by=clinician, at=NOW)

    assert checkin.instruments == ["ace"]


def test_what_was_answered_once_is_not_planned_again(patient: Patient, clinician: User) -> None:
    kept(patient, clinician, sheet("bce", 1))
    once = Asked(slug="bce", every=0, cautioned=True)
    again = Asked(slug="phq-9", every=1), once

    with pytest.raises(ValidationError, match=r"BCE was answered on 23 Nov 2026"):
        planned(patient, clinician, *again, at=NOW + WEEK)
