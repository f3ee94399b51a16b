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
    shown = {language: words for language, words in wordings.items() if language == "en"}
    want = dataclasses.replace(instrument(slug), digest="", wordings=shown)
    assert brought.instrument == want
    assert brought.losses == ()


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


def test_a_form_in_another_language_is_asked_for_by_its_code() -> None:
    asked = instrument("session-check-in")

    form = json.loads(json.dumps(questionnaire(asked, language="de")))

    assert read_questionnaire(form, source="x").instrument.wordings == {
        "de": asked.wordings["de"]
    }
    with pytest.raises(UnknownName, match="no wording in 'eo'"):
        questionnaire(asked, language="eo")


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
