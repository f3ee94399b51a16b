"""Responses as FHIR

One response goes out as a QuestionnaireResponse and its scores as Observations; one that
comes in is scored by us, and a total that came with it is kept beside ours.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from securebase.exchange.fhir.read_response import read_response
from securebase.exchange.fhir.response import observations, questionnaire_response
from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.library import instrument, instruments
from securebase.science.scoring import score
from tests.exchange.answered import responses

AT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
PHQ = {str(n): 2 for n in range(1, 10)}


def response_of(slug: str, answers: dict[str, int], **more: Any) -> Any:
    """Return a response as it arrives elsewhere: through JSON."""
    made = questionnaire_response(instrument(slug), answers, at=AT, **more)
    return json.loads(json.dumps(made))


def observed(slug: str, answers: dict[str, int]) -> dict[str, Any]:
    """Return the Observations of a response by our own code."""
    sheet = score(instrument(slug), answers)
    made = observations(instrument(slug), sheet, at=AT, response="QuestionnaireResponse/1")
    return {one["code"]["coding"][-1]["code"]: one for one in made}


@pytest.mark.parametrize("slug", list(instruments()))
def test_answers_read_again_are_the_same(slug: str) -> None:
    for answers in responses(instrument(slug), count=4, seed=3):
        given = read_response(response_of(slug, answers))

        assert given.answers == answers
        assert given.answered_at == AT
        assert given.losses == ()


def test_tick_boxes_of_one_question_go_out_as_a_group_and_come_back() -> None:
    made = response_of("lec-5", {"2a": 1, "2b": 0, "2c": 0, "2d": 0, "2e": 0, "2f": 0})
    (group,) = made["item"]

    assert (group["linkId"], group["text"]) == ("2", "Fire or explosion")
    assert [box["text"] for box in group["item"]][:2] == ["Happened to me", "Witnessed it"]
    assert group["item"][0]["answer"][0]["valueCoding"]["code"] == "1"
    assert read_response(made).answers["2a"] == 1


def test_own_words_are_read_again() -> None:
    made = response_of("psychlops", {}, texts={"problem1": "Sleeping"})
    texts = {i["linkId"]: i["answer"][0]["valueString"] for i in made["item"]}

    assert read_response(made).texts == texts


def test_a_score_is_an_observation_with_its_state_and_its_method() -> None:
    total = observed("phq-9", {k: v for k, v in PHQ.items() if k != "9"})["total"]

    assert total["valueQuantity"]["value"] == 18.0
    assert total["code"]["coding"][0] == {"system": "http://loinc.org", "code": "44261-6"}
    assert total["interpretation"] == [{"text": "moderately severe"}]
    assert total["method"]["text"].startswith("PHQ-9 version 1, definition ")
    assert total["derivedFrom"] == [{"reference": "QuestionnaireResponse/1"}]
    assert [c.get("valueString", c.get("valueInteger")) for c in total["component"]] == [
        "prorated",
        8,
    ]
    assert total["referenceRange"][0]["text"] == (
        "general population: mean 2.9, standard deviation 3.5"
    )


def test_a_score_that_cannot_be_made_says_so_and_has_no_value() -> None:
    total = observed("phq-9", {"1": 3})["total"]

    assert "valueQuantity" not in total
    assert total["dataAbsentReason"]["text"] == "too few answers to score"


def test_a_standard_error_goes_with_its_score() -> None:
    found = observed("promis-depression-4a", dict.fromkeys(("1", "2", "3", "4"), 3))["T"]

    assert found["component"][-1]["valueQuantity"]["value"] == 2.3


def test_an_unknown_outcome_is_no_observation() -> None:
    assert "item9" not in observed("phq-9", {"1": 0})
    assert observed("phq-9", PHQ)["item9"]["valueBoolean"] is True


def test_nothing_marked_on_the_c_ssrs_goes_out_as_low_because_others_have_no_less() -> None:
    none = dict.fromkeys(("1", "2", "6"), 0)

    found = observed("c-ssrs-screener", none)["triage"]

    assert score(instrument("c-ssrs-screener"), none).outcomes["triage"] == "none"
    assert found["valueString"] == "low"
    assert found["code"]["coding"][0]["code"] == "93374-7"


def with_total(value: float, answers: dict[str, int]) -> Any:
    """Return a response to the PHQ-9 with a total of another program."""
    made = response_of("phq-9", answers)
    made["item"].append({"linkId": "/44261-6", "answer": [{"valueDecimal": value}]})
    return made


def test_a_total_that_agrees_is_kept_without_a_word() -> None:
    given = read_response(with_total(18, PHQ))

    assert given.given_totals == {"total": 18.0}
    assert given.disagreements == ()


def test_a_total_that_differs_is_kept_and_said() -> None:
    given = read_response(with_total(17, PHQ))

    assert given.given_totals == {"total": 17.0}
    assert given.ours.as_dict()["total"] == 18.0
    assert given.disagreements == ("total: 17 came with it; we score 18 (scored).",)


def test_a_total_of_too_few_answers_is_said() -> None:
    given = read_response(with_total(3, {"1": 3}))

    assert given.disagreements == (
        "total: 3 came with it; by our rule too few answers to score.",
    )


def test_items_are_found_by_their_code_of_loinc() -> None:
    made = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "http://loinc.org/q/44249-1",
        "status": "completed",
        "authored": "2026-11-23T18:30:00+00:00",
        "subject": {"reference": "Patient/1"},
        "item": [
            {"linkId": "/44250-9", "answer": [{"valueCoding": {"code": "2"}}]},
            {"linkId": "/69722-7", "answer": [{"valueCoding": {"code": "LA6572-5"}}]},
        ],
    }

    given = read_response(made)

    assert given.answers == {"1": 2}
    assert given.losses == ("item[1]: '/69722-7' is no item of phq-9.",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.update(status="in-progress"), "status: 'in-progress'"),
        (lambda r: r.update(questionnaire="https://x/y"), "no instrument of the library"),
        (
            lambda r: r.update(questionnaire=r["questionnaire"].replace("|1", "|2")),
            "version '2', the library has '1'",
        ),
        (lambda r: r.update(authored="2026-11-23"), "authored: '2026-11-23'"),
        (lambda r: r.update(item={}), "item: must be a list"),
        (
            lambda r: r["item"][0]["answer"].append({"valueInteger": 1}),
            r"item\[0\].answer: there must be one",
        ),
        (
            lambda r: r["item"].append(r["item"][0]),
            "item 1 is answered twice",
        ),
        (
            lambda r: r["item"][0].update(answer=[{"valueCoding": {"code": "LA1"}}]),
            r"item\[0\].answer: item 1 needs a whole number",
        ),
    ],
)
def test_a_response_that_cannot_be_read_is_refused_with_its_path(
    change: Any, words: str
) -> None:
    made = response_of("phq-9", PHQ)
    change(made)

    with pytest.raises(BadInput, match=words):
        read_response(made)


def test_an_answer_outside_its_scale_is_refused() -> None:
    made = response_of("phq-9", PHQ)
    made["item"][3]["answer"] = [{"valueInteger": 4}]

    with pytest.raises(AnswerOutOfRange, match="phq-9, item 4: 4 is not a whole number"):
        read_response(made)
