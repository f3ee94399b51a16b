"""Adaptive forms.

Where a practice has laid an item bank beside its data, a check-in can ask from it: each
time the question that tells most, until it is sure enough. What was asked, what it came to
and how sure that is are kept. Without a bank nothing is different. The bank here is
invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import read_draft
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.questions import may_follow, questions_of
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.wordings import attach_wording
from securebase.pages.clinician.how_answered import how_answered
from securebase.people.accounts.models import User
from securebase.science.adaptive.forms import form_of, load_forms, unload_forms
from securebase.science.errors import ContentError, UnknownName
from securebase.science.library import add, instrument, instruments
from securebase.science.wordings import Declared
from securebase.science.words import Wording
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TOP = """
name = "Invented bank"
version = "1"
unit = "nobody in particular"
source = "Made for a test."
licence = "Ours."
permission = "Ours."
"""
ITEM = """
[[items]]
id = "q{n}"
slope = {slope}
thresholds = [{first}, {second}, {third}]
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a folder with one invented bank of fourteen items, loaded."""
    items = [
        ITEM.format(
            n=n, slope=1.5 + n % 4 / 2, first=-1.5 + n / 10, second=n / 10 - 0.5, third=1
        )
        for n in range(1, 15)
    ]
    (tmp_path / "invented.toml").write_text(TOP + "".join(items))
    assert load_forms(tmp_path) == ()
    yield tmp_path
    unload_forms()


@pytest.fixture
def checkin(home: Path, clinician: User) -> CheckIn:
    """Return a check-in that asks from the bank, between two other forms."""
    asked = instrument("invented")
    wording = Wording(
        language="en",
        title="Invented",
        instruction="",
        items={item.id: f"Invented {item.id}" for item in asked.items},
        answers={"answers4": {n: f"answer {n}" for n in range(4)}},
    )
    attach_wording(
        instrument_slug="invented",
        wording=wording,
        declared=Declared(words="Invented.", source="a test"),
        by=clinician,
        at=NOW,
    )
    return make.a_checkin(make.a_patient(of=clinician), "invented", "phq-9")


def refs(checkin: CheckIn) -> list[str]:
    """Return what of the bank is asked now, given what is kept."""
    draft = read_draft(checkin=checkin, by=make.the_account(checkin.patient))
    questions = questions_of(checkin, {**draft["answers"], **draft["texts"]})
    return [q.ref for q in questions if q.instrument == "invented"]


def answer_all(checkin: CheckIn, value: int | None) -> list[str]:
    """Answer the same to each question of the bank until none follows."""
    done: list[str] = []
    while (asked := refs(checkin)) != done:
        make.answer(checkin, {asked[-1]: value}, at=NOW)
        done = asked
    return done


def test_only_the_next_best_question_is_asked(checkin: CheckIn) -> None:
    first = refs(checkin)
    make.answer(checkin, {first[0]: 2}, at=NOW)

    second = refs(checkin)

    assert len(first) == 1
    assert second[:1] == first
    assert len(second) == 2


def test_another_answer_may_lead_to_another_question(checkin: CheckIn) -> None:
    (first,) = refs(checkin)
    make.answer(checkin, {first: 0}, at=NOW)
    low = refs(checkin)
    make.answer(checkin, {first: 3}, at=NOW)

    assert refs(checkin)[1] != low[1]


def test_it_stops_when_it_is_sure_enough_or_has_asked_enough(checkin: CheckIn) -> None:
    form = form_of("invented")
    assert form is not None
    asked = answer_all(checkin, 2)

    rule = form.test.stopping
    assert rule.least <= len(asked) <= rule.most
    assert len(asked) < len(form.bank.ids)


def test_skipping_every_question_ends_too(checkin: CheckIn) -> None:
    assert len(answer_all(checkin, None)) == 12


def test_how_many_may_follow_is_about_known(checkin: CheckIn) -> None:
    assert may_follow(checkin, questions_of(checkin)) == 7


def test_the_score_is_a_t_score_with_its_standard_error(checkin: CheckIn) -> None:
    asked = answer_all(checkin, 2)
    make.send(checkin, {}, at=NOW)

    score = Score.objects.get(measure="invented.T")
    found = Response.objects.get(instrument="invented").adaptive or {}
    assert (score.state, score.answered) == ("scored", len(asked))
    assert score.value == pytest.approx(found["t"])
    assert score.error == pytest.approx(found["se"])
    assert [f"invented.{item}" for item in found["asked"]] == asked
    assert set(score.response.answers) == set(found["asked"])


def test_the_clinician_is_told_how_sure_it_is(checkin: CheckIn) -> None:
    asked = answer_all(checkin, 2)
    make.send(checkin, {}, at=NOW)

    told = how_answered(Response.objects.get(instrument="invented"))

    assert any(f"{len(asked)} questions of 14" in line for line in told)
    assert any("standard error" in line for line in told)


def test_with_everything_skipped_there_is_no_score(checkin: CheckIn) -> None:
    answer_all(checkin, None)
    make.send(checkin, {}, at=NOW)

    assert Score.objects.get(measure="invented.T").value is None


def test_without_a_bank_nothing_is_different() -> None:
    assert form_of("phq-9") is None
    with pytest.raises(UnknownName):
        instrument("invented")


def test_a_bank_that_cannot_be_read_is_left_out_and_said(home: Path) -> None:
    (home / "broken.toml").write_text('name = "Broken"')

    problems = load_forms(home)

    assert len(problems) == 1
    assert problems[0].startswith("broken.toml: ")
    assert "invented" in instruments()


def test_a_bank_cannot_take_the_name_of_an_instrument(home: Path) -> None:
    with pytest.raises(ContentError, match="has an instrument 'phq-9'"):
        add(instrument("phq-9"))


def test_a_patient_may_come_back_to_it(checkin: CheckIn, home: Path) -> None:
    patient: Patient = checkin.patient
    (first,) = refs(checkin)
    make.answer(checkin, {first: 1}, at=NOW)
    before = refs(checkin)

    assert refs(CheckIn.objects.get(patient=patient)) == before
