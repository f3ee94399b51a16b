"""Instruments from other houses

A file of another program becomes a definition of ours as far as it goes. What has no place
here is named, what could be scored wrongly is refused with its path, and nobody's word is
taken for a validation or a licence.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from securebase.exchange.fhir.read_questionnaire import read_questionnaire
from securebase.exchange.files.bounded import read_json, text_of
from securebase.exchange.files.brought import licensed, refuse_unsound
from securebase.exchange.files.keep import keep
from securebase.exchange.files.native import (
    read_native,
    written_definition,
    written_wording,
)
from securebase.exchange.files.osd import read_osd
from securebase.exchange.files.redcap import read_redcap
from securebase.exchange.opened import opened
from securebase.science import library
from securebase.science.errors import BadInput
from securebase.science.scoring import score
from securebase.science.words import Shelf
from tests.exchange.foreign_files import OSD, REDCAP, VARIABLE, calculated, choice, fhir_form

TODAY = date(2026, 11, 23)


def scored(made: Any, **answers: int) -> dict[str, Any]:
    """Return the scores of a response by name, items named with an ``i`` before a digit."""
    sheet = score(made, {k.removeprefix("i"): v for k, v in answers.items()})
    return {s.measure.split(".", 1)[1]: s.value for s in sheet.scores}


def test_a_form_of_another_house_keeps_its_questions_and_its_sum() -> None:
    brought = read_questionnaire(fhir_form(), source="tea.json")

    made = brought.instrument
    assert (made.slug, made.name, made.validated) == ("teasurvey", "Tea Survey", False)
    assert [(i.id, i.low, i.high) for i in made.items] == [("1", 0, 2), ("2", 0, 2)]
    assert made.wordings["en"].items == {"1": "Is it warm?", "2": "Is it sweet?"}
    assert scored(made, i1=2, i2=1) == {"total": 3.0}
    assert "linkId '/t1' is called 1 here." in brought.losses
    assert any("no rule for missing answers" in loss for loss in brought.losses)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("%resource.item.answer.value.ordinal().sum()", 3.0),
        ("%resource.item.answer.value.weight().avg()", 1.5),
        ("%a + (2 - %b)", 3.0),
        ("(%a + %b) * 4 / 2", 6.0),
        ("%a * 2 + %b * 0.5", 4.5),
    ],
)
def test_sums_means_weights_and_reversals_of_others_are_scored(
    expression: str, value: float
) -> None:
    form = fhir_form(calculated("total", expression))
    form["extension"] = [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/variable",
            "valueExpression": {
                "name": name,
                "expression": f"%resource.item.where(linkId='/{link}').answer.value.ordinal()",
            },
        }
        for name, link in (("a", "t1"), ("b", "t2"))
    ]

    made = read_questionnaire(form, source="tea.json").instrument

    refuse_unsound(made)
    assert scored(made, i1=2, i2=1) == {"total": pytest.approx(value)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f["item"].pop(), "no score is worked out"),
        (lambda f: f["item"].append(choice("/t1", "Again")), r"item\[3\].linkId.*twice"),
        (lambda f: f["item"].append({"linkId": "x", "type": "date"}), r"item\[3\].type"),
        (
            lambda f: f["item"][0]["answerOption"][1].pop("extension"),
            r"item\[0\].answerOption\[1\]: 0 weights",
        ),
        (
            lambda f: f["item"][0]["answerOption"][1]["extension"].append(
                {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                 "valueDecimal": 9}
            ),
            r"answerOption\[1\]: 2 weights",
        ),
        (lambda f: f["item"][0].pop("answerOption"), r"item\[0\].answerOption"),
        (lambda f: f["item"][1].update(repeats=True), r"item\[1\].repeats"),
        (
            lambda f: f["item"][1].update(enableWhen=[{"question": "/t1", "operator": ">",
                                                       "answerInteger": 1}]),
            r"item\[1\].enableWhen",
        ),
        (
            lambda f: f["item"].append(calculated("more", "today() - %patient.birthDate")),
            r"item\[3\].calculatedExpression.*cannot be scored",
        ),
        (
            lambda f: f["item"].append(
                calculated("x", "%resource.item.where(linkId='/t9').answer.value.ordinal()")
            ),
            r"'/t9', which is no question",
        ),
    ],
)  # fmt: skip
def test_what_could_be_scored_wrongly_is_refused_with_its_path(change: Any, words: str) -> None:
    form = fhir_form()
    change(form)

    with pytest.raises(BadInput, match=words):
        read_questionnaire(form, source="tea.json")


def test_a_redcap_dictionary_keeps_choices_sliders_text_and_sums() -> None:
    brought = read_redcap(REDCAP, source="tea.csv")

    made = brought.instrument
    refuse_unsound(made)
    assert [(i.id, i.kind) for i in made.items] == [
        ("warm", "choice"), ("cold", "choice"), ("sweet", "slider"), ("more", "text"),
    ]  # fmt: skip
    assert made.wordings["en"].instruction == "About your tea."
    assert scored(made, warm=2, cold=0) == {"total": 4.0, "average": 1.0}
    assert scored(made, warm=2) == {"total": None, "average": 2.0}
    assert [i.id for i in made.items if not i.scored] == ["sweet", "more"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[warm] + (2 - [cold])", "round([warm], 1)", "row 7, total, calculation"),
        ("[warm] + (2 - [cold])", "[nobody]", "'nobody' is no question"),
        ("cold,tea_survey", "warm,tea_survey", "row 4, warm: the name is given twice"),
        ("cold,tea_survey", "cold,other", "2 forms"),
        ("sweet,tea_survey,,slider", "sweet,tea_survey,,checkbox", "row 5, sweet: a field"),
        ("0, No | 1, A little", "0, No | 0, A little", "row 3, warm: code 0 is given twice"),
        ("0, No | 1, A little", "No | 1, A little", "row 3, warm: choice 'No'"),
        ("Field Label", "Something", "row 1: no column for label"),
        ('"How sweet?","Not | Some | Very",,number,0,10,,', '"How?",,,,0,ten,,', "'ten'"),
    ],
)
def test_a_redcap_row_that_cannot_be_kept_is_refused_by_its_number(
    old: str, new: str, words: str
) -> None:
    assert old in REDCAP

    with pytest.raises(BadInput, match=words):
        refuse_unsound(read_redcap(REDCAP.replace(old, new, 1), source="x").instrument)


@pytest.mark.parametrize(("logic", "gate"), [("[warm] <> '0'", "warm"), ("[warm] = '1'", None)])
def test_a_redcap_field_may_wait_for_any_answer_but_the_lowest(
    logic: str, gate: str | None
) -> None:
    text = REDCAP.replace('"Not | Some | Very",,number,0,10,,', f'"a | b",,,0,10,,"{logic}"')

    if gate is None:
        with pytest.raises(BadInput, match="branching"):
            read_redcap(text, source="x")
    else:
        assert read_redcap(text, source="x").instrument.items[2].asked_if == gate


def test_an_open_scale_definition_keeps_reversal_and_transform() -> None:
    brought = read_osd(copy.deepcopy(OSD), source="tea.osd")

    made = brought.instrument
    refuse_unsound(made)
    assert (made.slug, made.version) == ("tea", "2")
    assert made.wordings["en"].instruction == "About your tea."
    assert scored(made, t1=2, t2=0) == {"comfort": 100.0}
    assert brought.says == "CC0 Invented for a test."
    assert brought.losses == (
        "translations.de: another language, not kept.",
        "definition.scoring.comfort: the format has no rule for missing answers; the score "
        "needs all.",
    )


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("scoring", "comfort", "method"), "sd", "definition.scoring.comfort: 'sd' cannot"),
        (("scoring", "comfort", "value_map"), {"default": [0]}, "value_map. cannot be scored"),
        (("scoring", "comfort", "items"), {"t9": 1}, "'t9' coded 1"),
        (("scoring", "comfort", "items"), {"t1": 3}, "'t1' coded 3"),
        (
            ("scoring", "comfort", "transform"),
            [{"op": "divide", "value": 0}],
            r"transform\[0\]",
        ),
        (("scoring",), {}, "no score"),
        (("likert_options", "points"), 9, "9 points do not go from 0 to 2"),
        (("items", 1, "type"), "grid", r"items\[1\].type"),
        (("items", 2, "id"), "t1", r"items\[2\].id: 't1' is given twice"),
        (("items", 2, "visible_when"), {"item": "t1"}, r"items\[2\].visible_when"),
    ],
)
def test_an_open_scale_that_cannot_be_scored_is_refused(
    path: tuple[Any, ...], value: Any, words: str
) -> None:
    file = copy.deepcopy(OSD)
    part = file["definition"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value

    with pytest.raises(BadInput, match=words):
        read_osd(file, source="x")


def test_text_is_kept_only_on_the_practices_word() -> None:
    made = read_osd(copy.deepcopy(OSD), source="x").instrument

    silent, spoken = licensed(made, "", on=TODAY), licensed(made, "We asked Jo.", on=TODAY)

    assert (silent.wordings, silent.licence.shelf) == ({}, Shelf.NO_TEXT)
    assert set(spoken.wordings) == {"en"}
    assert spoken.licence.evidence == "Declared when it was brought in: We asked Jo."
    assert spoken.licence.checked_on == TODAY


def test_what_is_kept_is_in_the_library_and_reads_back_the_same(tmp_path: Path) -> None:
    brought = read_osd(copy.deepcopy(OSD), source="tea.osd")
    made = licensed(brought.instrument, "We asked Jo.", on=TODAY)
    library.read_also(tmp_path / "own")
    try:
        folder = keep(dataclasses.replace(brought, instrument=made), tmp_path / "own", on=TODAY)

        read = library.instrument("tea")
        assert dataclasses.replace(read, digest="") == made
        assert dataclasses.replace(read_native(folder).instrument, digest="") == made
        assert "translations.de: another language" in (folder / "SOURCE.md").read_text()
        assert [p.name for p in (tmp_path / "own").iterdir()] == ["tea"]
        with pytest.raises(BadInput, match="the library has 'tea' already"):
            keep(dataclasses.replace(brought, instrument=made), tmp_path / "own", on=TODAY)
    finally:
        library.read_also(None)
    assert "tea" not in library.instruments()


def test_a_practice_that_is_served_reads_what_lies_in_its_data_directory(
    tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    brought = read_osd(copy.deepcopy(OSD), source="tea.osd")
    made = licensed(brought.instrument, "We asked Jo.", on=TODAY)
    try:
        apps.get_app_config("config").ready()
        assert "tea" not in library.instruments()

        keep(
            dataclasses.replace(brought, instrument=made),
            tmp_path / "instruments",
            on=TODAY,
        )

        assert "tea" in library.instruments()
    finally:
        library.read_also(None)


@pytest.mark.parametrize("slug", ["phq-9", "../up", "", "A", "a" * 61])
def test_no_import_takes_a_name_that_is_taken_or_leaves_the_folder(
    slug: str, tmp_path: Path
) -> None:
    brought = read_osd(copy.deepcopy(OSD), source="x")
    made = dataclasses.replace(licensed(brought.instrument, "", on=TODAY), slug=slug)

    with pytest.raises(BadInput, match="slug"):
        keep(dataclasses.replace(brought, instrument=made), tmp_path / "own", on=TODAY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["../en", "e", "en/..", "EN"])
def test_no_language_leaves_the_folder(language: str, tmp_path: Path) -> None:
    file = copy.deepcopy(OSD)
    file["translations"] = {language: file["translations"]["en"]}
    brought = read_osd(file, source="x")
    made = licensed(brought.instrument, "We asked.", on=TODAY)

    with pytest.raises(BadInput, match="language"):
        keep(dataclasses.replace(brought, instrument=made), tmp_path / "own", on=TODAY)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<Questionnaire/>", "XML is not read"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>", "XML is not read"),
        (b"PK\x03\x04rest", "zip archive is not opened"),
        (b"\x1f\x8b\x08", "compressed file"),
        (b"\xff\xfe{", "not UTF-8 at byte 0"),
        (b"a\x00b", "null byte"),
        (b"x" * (2 * 1024 * 1024 + 1), "longer than 2 MB"),
    ],
)
def test_a_file_that_is_no_text_of_ours_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        text_of(raw, name="file")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a":' * 100 + "1" + "}" * 100, "more than 40 levels deep"),
        ("[" * 200_000, "more than 40 levels deep"),
        (json.dumps({"a": "x" * 1_000_000}), "1000000 letters; at most 20000"),
        (json.dumps({"a": [0] * 200_000}), "more than 100000 parts"),
        ('{"a": 1, "a": 2}', "'a' is named twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": 1e999}', "too large for a number"),
        ('{"a": ' + "9" * 5000 + "}", "not readable as JSON"),
        ('{"a": ' + "9" * 100 + "}", "a number beyond"),
        ('{"a": "\\ud800"}', "half a character"),
        ("[1]", "it must be one JSON object"),
        ("{", "not readable as JSON"),
    ],
)
def test_json_out_of_bounds_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_json(text, name="file")


def test_json_of_no_form_we_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"survey": 1}')

    with pytest.raises(BadInput, match="neither FHIR"):
        opened(file)


def cyclic(form: dict[str, Any]) -> None:
    """Let two variables of a form name each other."""
    form["item"][2] = calculated("total", "%a + %b")
    form["extension"] = [
        {"url": VARIABLE, "valueExpression": {"name": one, "expression": f"%{other}"}}
        for one, other in ("ab", "ba")
    ]


def a_line(low: int, high: int) -> dict[str, Any]:
    """Return a question answered with a number between two ends."""
    ends = [
        {"url": f"http://hl7.org/fhir/StructureDefinition/{name}", "valueInteger": value}
        for name, value in (("minValue", low), ("maxValue", high))
    ]
    return {"linkId": "line", "type": "integer", "extension": ends}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cyclic, "item.2..calculatedExpression.*cannot be scored"),
        (
            lambda f: f["item"].insert(0, a_line(5, 5)),
            "item.0.: minValue 5 must be below maxValue 5",
        ),
        (
            lambda f: f["item"].insert(0, a_line(9, 5)),
            "item.0.: minValue 9 must be below maxValue 5",
        ),
        (lambda f: f.update(item={"a": 1}), "item: must be a list of objects"),
        (lambda f: f["item"][0].update(text=["x"]), "item.0..text: must be a text"),
        (lambda f: f.update(title=7), "title: must be a text"),
    ],
)
def test_cycles_wrong_ranges_and_wrong_shapes_are_refused(change: Any, words: str) -> None:
    form = fhir_form()
    change(form)

    with pytest.raises(BadInput, match=words):
        read_questionnaire(form, source="tea.json")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "2"', 'id = "1"', "item id '1' is given twice"),
        ("high = 3", "high = 0", "low 0 must be below high 0"),
        ("high = 27", "high = 28", "its items give 0 to 27, not 0 to 28"),
        ('source = "bands"', 'source = "nobody"', "names no source"),
        ("q9 >= 1", "q99 >= 1", "'q99', which is not an item"),
        ("q9 >= 1", "not " * 3000 + "q9 >= 1", "nested too deeply|cannot be read"),
        ('shelf = "A"', 'shelf = "D"', "shelf D is not shipped"),
        ('slug = "phq-9"', 'slug = "phq-9"\nspeed = 1', "unknown key 'speed'"),
        ('version = "1"', "version = 1", "version is 1; it must be text in quotes"),
    ],
)
def test_a_folder_of_ours_that_contradicts_itself_is_refused(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    source = library.folder_of("phq-9").joinpath("instrument.toml").read_text()
    assert old in source
    (tmp_path / "instrument.toml").write_text(source.replace(old, new, 1))

    with pytest.raises(BadInput, match=words):
        refuse_unsound(read_native(tmp_path).instrument)


@pytest.mark.parametrize("slug", ["phq-9", "who-5", "rq", "mos-sss", "promis-anxiety-4a"])
def test_a_definition_written_down_reads_back_the_same(slug: str, tmp_path: Path) -> None:
    asked = library.instrument(slug)
    (tmp_path / "instrument.toml").write_text(written_definition(asked))
    for language, wording in asked.wordings.items():
        (tmp_path / f"{language}.toml").write_text(written_wording(wording))

    again = read_native(tmp_path).instrument

    assert dataclasses.replace(again, digest=asked.digest) == asked
