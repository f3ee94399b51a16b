"""Entering a paper form.

What is entered by hand is kept, scored and followed like a check-in, on the day that
stands on the paper. A form too old to say anything about today raises no signal, except
for a safety question that was marked: that is always shown.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Practice
from securebase.clinic.episodes.models import Signal, TrajectoryPoint
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.targets import name_target
from securebase.people.audit.models import AuditEvent
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.stories.enter_answers import PaperForm, days_late, enter_answers, enterable
from tests.factories import (
    NOW,
    TODAY,
    a_checkin,
    a_clinician,
    a_patient,
    send,
    the_account,
)

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

KEY = UUID("00000000-0000-4000-8000-000000000001")
LOW = {str(n): 1 for n in range(1, 9)} | {"9": 0}
PAPER = PaperForm(instrument="phq-9", answers=LOW, filled_on=TODAY, key=KEY)


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=30))


def test_it_is_kept_as_paper_with_who_entered_it(sam: Patient, clinician: User) -> None:
    response = enter_answers(patient=sam, form=PAPER, by=clinician, at=NOW)

    assert response.source == Response.Source.PAPER
    assert response.recorded_by == clinician
    assert Score.objects.get(response=response, measure="phq-9.total").value == 8
    assert AuditEvent.objects.filter(verb="measurement.response.record").count() == 1


def test_it_counts_on_the_day_that_stands_on_the_paper(sam: Patient, clinician: User) -> None:
    monday = TODAY - timedelta(days=7)

    response = enter_answers(
        patient=sam, form=replace(PAPER, filled_on=monday), by=clinician, at=NOW
    )

    assert (response.answered_at.date(), response.answered_at.hour) == (monday, 12)
    assert days_late(response, zone="Europe/London") == 7


def test_a_paper_of_this_morning_is_not_of_this_noon(sam: Patient, clinician: User) -> None:
    response = enter_answers(patient=sam, form=PAPER, by=clinician, at=NOW)

    assert response.answered_at == NOW


def test_it_joins_the_trajectory_in_its_place(sam: Patient, clinician: User) -> None:
    send(a_checkin(sam, "phq-9", at=NOW), {f"phq-9.{n}": 2 for n in range(1, 9)}, at=NOW)
    before = replace(PAPER, filled_on=TODAY - timedelta(days=14))

    enter_answers(patient=sam, form=before, by=clinician, at=NOW)

    points = TrajectoryPoint.objects.filter(measure="phq-9.total").order_by("at")
    assert [point.value for point in points] == [8, 18]


def test_a_paper_from_before_care_began_is_followed_too(sam: Patient, clinician: User) -> None:
    form = replace(PAPER, filled_on=TODAY - timedelta(days=300))

    enter_answers(patient=sam, form=form, by=clinician, at=NOW)

    assert TrajectoryPoint.objects.filter(measure="phq-9.total").count() == 1


def test_a_marked_safety_question_is_shown_however_old_the_paper(
    sam: Patient, clinician: User
) -> None:
    form = replace(PAPER, answers=LOW | {"9": 1}, filled_on=TODAY - timedelta(days=90))

    enter_answers(patient=sam, form=form, by=clinician, at=NOW)

    assert [signal.tier for signal in Signal.objects.all()] == ["now"]


@pytest.mark.parametrize(("days", "told"), [(1, True), (60, False)])
def test_only_a_paper_of_the_last_weeks_says_how_things_are_now(
    sam: Patient, clinician: User, days: int, told: bool
) -> None:
    answers = {"safe": 2, "understood": 2, "agreed": 3, "said": 2, "tension": 4}
    form = PaperForm(
        instrument="session-check-in",
        answers=answers,
        filled_on=TODAY - timedelta(days=days),
        key=KEY,
    )

    enter_answers(patient=sam, form=form, by=clinician, at=NOW)

    assert Signal.objects.filter(kind="RUP").exists() is told


def test_where_signals_are_off_nothing_is_noticed(sam: Patient, clinician: User) -> None:
    Practice.objects.update(signals_on=False)
    form = PaperForm(
        instrument="session-check-in", answers={"tension": 4}, filled_on=TODAY, key=KEY
    )

    enter_answers(patient=sam, form=form, by=clinician, at=NOW)

    assert not Signal.objects.exists()


def test_the_same_key_twice_keeps_one(sam: Patient, clinician: User) -> None:
    first = enter_answers(patient=sam, form=PAPER, by=clinician, at=NOW)
    again = enter_answers(patient=sam, form=PAPER, by=clinician, at=NOW)

    assert first == again
    assert (
        Response.objects.count()
        == TrajectoryPoint.objects.filter(measure="phq-9.total").count()
        == 1
    )


def test_the_same_key_with_other_answers_is_refused(sam: Patient, clinician: User) -> None:
    enter_answers(patient=sam, form=PAPER, by=clinician, at=NOW)

    with pytest.raises(PermissionDenied, match="new key"):
        enter_answers(
            patient=sam, form=replace(PAPER, answers=LOW | {"1": 3}), by=clinician, at=NOW
        )


def test_a_form_about_one_person_says_who(sam: Patient, clinician: User) -> None:
    mum = name_target(patient=sam, kind="mother", name="Mum", by=clinician, at=NOW)
    answers = {str(n): 4 for n in range(1, 10)}
    form = PaperForm(instrument="ecr-rs", answers=answers, filled_on=TODAY, key=KEY)

    with pytest.raises(BadInput, match="Say who"):
        enter_answers(patient=sam, form=form, by=clinician, at=NOW)
    response = enter_answers(patient=sam, form=replace(form, target=mum), by=clinician, at=NOW)

    assert response.target == mum


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answers": {"1": 4}}, "phq-9, item 1: 4"),
        ({"answers": {"10": 1}}, "no question 10"),
        ({"answers": {"1": None}}, "at least one answer"),
        ({"filled_on": TODAY + timedelta(days=1)}, "24 Nov 2026"),
        ({"filled_on": date(1926, 11, 23)}, "once more"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(
    sam: Patient, clinician: User, change: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        enter_answers(
            patient=sam,
            form=replace(PAPER, **change),  # type: ignore[arg-type]
            by=clinician,
            at=NOW,
        )

    assert not Response.objects.exists()


def test_words_are_kept_sealed_and_not_without_end(sam: Patient, clinician: User) -> None:
    form = PaperForm(
        instrument="session-check-in",
        answers={"safe": 5},
        texts={"matters": "The window."},
        filled_on=TODAY,
        key=KEY,
    )

    response = enter_answers(patient=sam, form=form, by=clinician, at=NOW)
    with pytest.raises(BadInput, match="5000 characters"):
        enter_answers(
            patient=sam,
            form=replace(form, texts={"matters": "x" * 5001}, key=uuid4()),
            by=clinician,
            at=NOW,
        )

    assert "The window." in response.texts


@pytest.mark.parametrize("who", ["patient", "another clinician"])
def test_only_somebody_who_treats_enters(sam: Patient, who: str) -> None:
    by = the_account(sam) if who == "patient" else a_clinician()

    with pytest.raises(PermissionDenied):
        enter_answers(patient=sam, form=PAPER, by=by, at=NOW)


def test_what_is_asked_in_a_set_is_not_entered_from_paper() -> None:
    assert enterable(instrument("phq-9"))
    assert enterable(instrument("ecr-rs"))
    assert not enterable(instrument("sud"))
