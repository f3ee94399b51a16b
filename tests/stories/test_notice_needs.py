"""A need, and help that is wanted.

What gets in the way outside therapy is told to the clinician only where the person wants
help with it, whether it was asked in a check-in or on paper, and at most once in thirty
days.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.models import Suggestion
from securebase.stories.enter_answers import PaperForm, enter_answers
from securebase.stories.open_today import open_today
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    send,
    the_clinician,
)

if TYPE_CHECKING:
    from datetime import datetime

    from securebase.clinic.care.models import Patient

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
WANTS, LATER, NO = 2, 1, 0


@pytest.fixture
def sam() -> Patient:
    a_practice()
    return a_patient(of=a_clinician(), at=NOW - 90 * A_DAY)


def asked(patient: Patient, help_: int | None, *, at: datetime = NOW, **named: int) -> None:
    """Let the patient answer the questions on everyday needs."""
    said = dict.fromkeys(("home", "food", "bills", "way", "papers"), 0) | named
    answers = {f"everyday-needs.{item}": value for item, value in said.items()}
    if help_ is not None:
        answers["everyday-needs.help"] = help_
    send(a_checkin(patient, "everyday-needs", at=at), answers, at=at)


def on_paper(patient: Patient, form: str, days_ago: int = 0, **answers: int) -> None:
    """Enter a paper form that was filled in some days ago."""
    paper = PaperForm(
        instrument=form,
        answers={item.removeprefix("q"): value for item, value in answers.items()},
        filled_on=(NOW - days_ago * A_DAY).date(),
        key=uuid4(),
    )
    by = the_clinician(patient)
    enter_answers(patient=patient, form=paper, by=by, at=NOW)


def noticed() -> list[str]:
    """Return the needs of each signal, as the clinician reads them."""
    return [one.data["named"] for one in Signal.objects.filter(rule="NEED.HELP")]


def test_needs_are_named_where_help_is_wanted(sam: Patient) -> None:
    asked(sam, WANTS, food=1, way=2)

    assert noticed() == ["food, getting about"]


@pytest.mark.parametrize("help_", [NO, LATER, None])
def test_a_need_without_the_wish_is_kept_to_the_form(sam: Patient, help_: int | None) -> None:
    asked(sam, help_, food=2)

    assert noticed() == []


def test_a_wish_for_help_with_nothing_named_is_not_told(sam: Patient) -> None:
    asked(sam, WANTS)

    assert noticed() == []


def test_a_practice_that_wants_no_signals_hears_none() -> None:
    a_practice(signals_on=False)
    asked(a_patient(of=a_clinician(), at=NOW - 90 * A_DAY), WANTS, food=2)

    assert noticed() == []


def test_a_screen_on_paper_and_the_question_on_help_go_together(sam: Patient) -> None:
    on_paper(sam, "ahc-hrsn", q3=0, q4=1, q7=3, q8=3, q9=3, q10=2)
    assert noticed() == []

    on_paper(sam, "help-wanted", help=WANTS)

    assert noticed() == ["food, safety at home"]


def test_an_answer_speaks_for_four_weeks(sam: Patient) -> None:
    on_paper(sam, "ahc-hrsn", days_ago=29, q4=1)

    on_paper(sam, "help-wanted", help=WANTS)

    assert noticed() == []


def test_the_newest_answer_to_a_form_counts(sam: Patient) -> None:
    asked(sam, NO, at=NOW - 7 * A_DAY, food=2)

    asked(sam, WANTS, bills=1)

    assert noticed() == ["bills"]


@pytest.mark.parametrize(("days", "told"), [(29, 1), (31, 2)])
def test_it_is_told_again_after_thirty_days_once_closed(
    sam: Patient, days: int, told: int
) -> None:
    asked(sam, WANTS, at=NOW - days * A_DAY, food=2)
    Signal.objects.update(state=Signal.State.CLOSED)

    asked(sam, WANTS, food=2)

    assert len(noticed()) == told


def test_it_waits_for_no_other_signal(sam: Patient) -> None:
    low = {f"phq-9.{n}": 1 for n in range(1, 9)} | {"phq-9.9": 1}
    needs = {"everyday-needs.food": 2, "everyday-needs.help": WANTS}
    send(a_checkin(sam, "phq-9", "everyday-needs", at=NOW), low | needs, at=NOW)

    assert {one.rule for one in Signal.objects.all()} == {"SAFE1", "NEED.HELP"}


def test_what_may_help_is_offered_with_it(sam: Patient) -> None:
    asked(sam, WANTS, food=2)

    offered = Suggestion.objects.order_by("rank").values_list("strategy", flat=True)
    assert list(offered)[:2] == ["ask-about-needs-and-walk-along", "one-page-for-the-others"]


def test_it_is_on_today_with_its_needs(sam: Patient) -> None:
    asked(sam, WANTS, food=2)

    today = open_today(user=the_clinician(sam), at=NOW)

    assert "food" in str(today.look_first)
