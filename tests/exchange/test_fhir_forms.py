"""Instruments as FHIR forms

A form says to others all that its definition says to us: its items, its answers with what
each counts, and how every score is worked out. Read again it is the same definition.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from securebase.exchange.fhir import names
from securebase.exchange.fhir.questionnaire import WITHOUT_WORDING, questionnaire
from securebase.exchange.fhir.read_questionnaire import read_questionnaire
from securebase.science.errors import BadInput, UnknownName
from securebase.science.library import instrument, instruments, may_be_shown
from tests.exchange.agreement import differences, expected
from tests.exchange.answered import responses
from tests.exchange.fhirpath import worked_out

SLUGS = list(instruments())


def form_of(slug: str) -> Any:
    """Return an exported form as it arrives elsewhere: through JSON."""
    return json.loads(json.dumps(questionnaire(instrument(slug))))


def item_of(form: Any, link: str) -> Any:
    """Return one item of a form."""
    return next(item for item in form["item"] if item["linkId"] == link)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_form_read_again_is_the_same_definition(slug: str) -> None:
    brought = read_questionnaire(form_of(slug), source="test")

    wordings = instrument(slug).wordings if may_be_shown(instrument(slug)) else {}
    want = dataclasses.replace(instrument(slug), digest="", wordings=wordings)
    assert brought.instrument == want
    assert brought.losses == ()


def test_tick_boxes_of_one_question_are_a_group_under_its_words() -> None:
    group = item_of(form_of("lec-5"), "2")

    assert (group["type"], group["text"]) == ("group", "Fire or explosion")
    assert [box["linkId"] for box in group["item"]] == ["2a", "2b", "2c", "2d", "2e", "2f"]


@pytest.mark.parametrize("slug", SLUGS)
def test_its_expressions_come_to_our_scores(slug: str) -> None:
    asked, form = instrument(slug), form_of(slug)

    for answers in responses(asked, count=16, seed=20261123):
        theirs = {k: v for k, v in worked_out(form, answers).items() if "." in k}
        assert differences(expected(asked, answers), theirs) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_wording_goes_out_only_where_we_may_show_it(slug: str) -> None:
    asked, form = instrument(slug), form_of(slug)

    texts = [item.get("text") for item in form["item"] if item["linkId"] in
             {i.id for i in asked.items}]  # fmt: skip
    words = [o["valueCoding"].get("display") for i in form["item"] for o in
             i.get("answerOption", [])]  # fmt: skip
    if may_be_shown(asked):
        assert all(texts)
        assert all(words)
    else:
        assert item_of(form, names.NO_WORDING)["text"] == WITHOUT_WORDING
        assert not any(texts)
        assert not any(words)
    assert asked.licence.statement in form["copyright"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_form_speaks_one_language_and_carries_the_others(language: str) -> None:
    asked = instrument("session-check-in")

    form = json.loads(json.dumps(questionnaire(asked, language=language)))

    assert form["language"] == language
    assert form["title"] == asked.wordings[language].title
    assert read_questionnaire(form, source="x").instrument.wordings == asked.wordings


def test_a_translation_stands_where_fhir_has_it() -> None:
    asked = instrument("session-check-in")
    first = asked.items[0].id

    told = item_of(form_of("session-check-in"), first)["_text"]["extension"]

    assert [one["url"] for one in told] == [
        "http://hl7.org/fhir/StructureDefinition/translation"
    ]
    assert told[0]["extension"] == [
        {"url": "lang", "valueCode": "de"},
        {"url": "content", "valueString": asked.wordings["de"].items[first]},
    ]


def test_a_translation_of_the_words_over_boxes_is_read_again() -> None:
    asked = instrument("lec-5")
    here = asked.wordings["en"]
    over = {group: f"Cwestiwn {group}" for group in here.groups}
    both = dataclasses.replace(
        asked,
        wordings={"cy": dataclasses.replace(here, language="cy", groups=over), "en": here},
    )

    brought = read_questionnaire(json.loads(json.dumps(questionnaire(both))), source="x")

    assert brought.instrument.wordings == both.wordings
    assert brought.losses == ()


def test_a_form_in_a_language_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownName, match="no wording in 'eo'"):
        questionnaire(instrument("session-check-in"), language="eo")


def translated(form: Any, link: str, text: str) -> None:
    """Put a Welsh text beside one of a form's questions."""
    parts = [{"url": "lang", "valueCode": "cy"}, {"url": "content", "valueString": text}]
    item_of(form, link)["_text"] = {
        "extension": [{"url": names.TRANSLATION, "extension": parts}]
    }


def test_a_foreign_form_brings_a_language_that_is_whole() -> None:
    form = foreign_form()
    for n in (1, 2):
        translated(form, str(n), f"Cwestiwn {n}")

    brought = read_questionnaire(form, source="test")

    assert brought.instrument.wordings["cy"].items == {"1": "Cwestiwn 1", "2": "Cwestiwn 2"}
    assert not [loss for loss in brought.losses if "translation" in loss]


def test_half_a_language_is_a_loss() -> None:
    form = foreign_form()
    translated(form, "1", "Cwestiwn 1")

    brought = read_questionnaire(form, source="test")

    assert set(brought.instrument.wordings) == {"en"}
    assert "translation into 'cy': not whole, not kept." in brought.losses


def test_what_else_stands_beside_a_text_is_a_loss() -> None:
    form = foreign_form()
    item_of(form, "1")["_text"] = {"extension": [{"url": "https://x/markdown"}]}

    brought = read_questionnaire(form, source="test")

    assert "item[0]._text: only translations are kept." in brought.losses


def foreign_form() -> Any:
    """Return a form that nobody of ours wrote: two numbers and their sum."""
    ends = [
        {"url": names.LOWEST, "valueInteger": 0},
        {"url": names.HIGHEST, "valueInteger": 4},
    ]
    asked = [
        {"linkId": str(n), "type": "integer", "text": f"Question {n}", "extension": ends}
        for n in (1, 2)
    ]
    total = {
        "linkId": "sum",
        "type": "decimal",
        "extension": [names.expression(names.CALCULATED, "%resource.item.answer.value.sum()")],
    }
    return {"resourceType": "Questionnaire", "title": "Invented", "item": [*asked, total]}


def test_every_answer_carries_its_weight_by_both_names() -> None:
    option = item_of(form_of("phq-9"), "9")["answerOption"][3]

    assert option["valueCoding"]["display"] == "Nearly every day"
    assert [(e["url"], e["valueDecimal"]) for e in option["extension"]] == [
        ("http://hl7.org/fhir/StructureDefinition/ordinalValue", 3),
        ("http://hl7.org/fhir/StructureDefinition/itemWeight", 3),
    ]


def test_codes_of_loinc_stand_where_they_are_known() -> None:
    form = form_of("phq-9")

    assert form["code"] == [{"system": "http://loinc.org", "code": "44249-1"}]
    assert form["derivedFrom"] == ["http://loinc.org/q/44249-1"]
    assert item_of(form, "9")["code"][0]["code"] == "44260-8"
    assert item_of(form, "score.total")["code"][0]["code"] == "44261-6"


def test_a_question_waits_for_its_gate() -> None:
    waits = item_of(form_of("pc-ptsd-5"), "1")["enableWhen"]

    assert [(w["operator"], w["answerCoding"]["code"]) for w in waits] == [("!=", "0")]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda f: f.update(version="2", name="X"), "name"),
        (lambda f: item_of(f, "9").update(linkId="10"), "unknown item .9."),
        (lambda f: item_of(f, "9")["answerOption"].pop(), "definition|extension|item"),
        (lambda f: item_of(f, "score.total")["extension"].pop(1), "item"),
        (
            lambda f: item_of(f, "score.total")["extension"][2]["valueExpression"].update(
                expression="%values.sum()"
            ),
            "item.*expression",
        ),
    ],
)
def test_a_form_of_ours_that_contradicts_itself_is_refused(change: Any, path: str) -> None:
    form = form_of("phq-9")
    change(form)

    with pytest.raises(BadInput, match=path):
        read_questionnaire(form, source="test")


def test_what_others_added_is_named_as_a_loss() -> None:
    form = form_of("gad-7")
    form["meta"] = {"tag": [{"code": "mine"}]}
    item_of(form, "2")["extension"].append({"url": "https://elsewhere/x", "valueString": "y"})

    brought = read_questionnaire(form, source="test")

    assert brought.losses == (
        "meta: not kept.",
        "item[2].extension 'https://elsewhere/x': not known here, not kept.",
    )
