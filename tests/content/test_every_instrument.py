"""Every instrument.

One battery over the whole library: what is true of one instrument is true of all. A new
one joins by being there.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from securebase.science.examples import disagreements, examples
from securebase.science.library import folder_of, instrument, instruments
from securebase.science.scoring import score
from securebase.science.words import Instrument, Shelf

Vector = dict[str, Any]

SLUGS = list(instruments())
every = pytest.mark.parametrize("slug", SLUGS)

HERE = Path(__file__).parent
VECTORS = [json.loads(line) for line in (HERE / "vectors.jsonl").read_text().splitlines()]
BY_NAME = {
    "PHQ-9": "phq-9",
    "GAD-7": "gad-7",
    "PCL-5": "pcl-5",
    "PC-PTSD-5": "pc-ptsd-5",
    "K10/K6 (answers 1-5, 5=all of the time)": "k10",
}
SCORED = [vector for vector in VECTORS if vector["inst"] in BY_NAME]


def answers_of(vector: Vector) -> dict[str, int | None]:
    given = vector["in"]
    if isinstance(given, dict):
        return {"exposed": given["exposed"], **numbered(given["items"])}
    return numbered(given)


def numbered(values: Sequence[int | None]) -> dict[str, int | None]:
    return {str(n): value for n, value in enumerate(values, 1)}


def test_the_library_holds_what_was_promised() -> None:
    promised = {"phq-9", "gad-7", "pcl-5", "pc-ptsd-5", "k10"}
    ours = {"session-check-in", "arousal", "felt-security"}

    assert promised | ours <= set(SLUGS)


@pytest.mark.parametrize("vector", SCORED, ids=lambda vector: vector["id"])
def test_gives_the_published_scores(vector: Vector) -> None:
    sheet = score(instrument(BY_NAME[vector["inst"]]), answers_of(vector)).as_dict()

    for key, expected in vector["exp"].items():
        found = sheet["total.band"] if key == "band" else sheet[key]
        assert expected == pytest.approx(found)


@every
def test_scores_every_worked_case_as_stated(slug: str) -> None:
    assert list(disagreements(instrument(slug))) == []


@every
def test_carries_at_least_three_worked_cases_one_with_a_missing_answer(slug: str) -> None:
    cases = examples(instrument(slug))

    assert len(cases) >= 3
    assert any(None in case.answers.values() for case in cases)


@every
def test_has_a_worked_case_at_both_ends_and_on_both_sides_of_each_band(slug: str) -> None:
    one = instrument(slug)
    for scale in one.scales:
        stated = {case.expected.get(scale.slug) for case in examples(one)}
        edges = [band.minimum for band in one.bands if band.scale == scale.slug]

        assert {scale.low, scale.high} <= stated
        assert {*edges, *(edge - 1 for edge in edges[1:])} <= stated


@every
def test_every_scale_and_outcome_appears_in_a_worked_case(slug: str) -> None:
    one = instrument(slug)
    with folder_of(slug).joinpath("examples.csv").open(encoding="utf-8") as file:
        header = set(next(csv.reader(file)))

    stated = {f"expect.{key}" for key in (*(s.slug for s in one.scales), *keys(one))}

    assert stated <= header


def keys(one: Instrument) -> list[str]:
    return [outcome.key for outcome in one.outcomes]


@every
def test_says_where_it_comes_from(slug: str) -> None:
    text = folder_of(slug).joinpath("SOURCE.md").read_text(encoding="utf-8")

    assert text.startswith("# ")
    assert "## Licence" in text


@every
def test_a_figure_from_memory_is_marked_as_not_verified(slug: str) -> None:
    for source in instrument(slug).sources:
        assert not (source.verified and "memory" in source.text), source.key


@every
def test_what_we_show_we_may_show(slug: str) -> None:
    one = instrument(slug)
    if one.wordings:
        assert one.licence.shelf in {Shelf.SHIP, Shelf.OWN}
        assert one.licence.notice


@every
def test_our_own_say_plainly_that_they_are_not_validated(slug: str) -> None:
    one = instrument(slug)
    if one.licence.shelf is Shelf.OWN:
        assert not one.validated
        assert "not a validated measure" in one.measures
        assert "Not a validated measure" in one.licence.notice


@every
def test_bands_rise_and_have_names_of_their_own(slug: str) -> None:
    one = instrument(slug)
    for scale in one.scales:
        bands = [band for band in one.bands if band.scale == scale.slug]

        assert all(low.minimum < high.minimum for low, high in pairwise(bands))
        assert len({band.key for band in bands}) == len(bands)


@every
def test_answered_at_their_floor_no_safety_item_speaks(slug: str) -> None:
    one = instrument(slug)
    floor = {item.id: item.low for item in one.items if item.kind != "text"}

    assert score(one, floor).safety == ()


@every
def test_its_digest_changes_with_its_file(slug: str) -> None:
    assert len(instrument(slug).digest) == 64
    assert len({instrument(other).digest for other in SLUGS}) == len(SLUGS)


def test_the_lowest_answer_of_the_gad_7_is_not_at_all() -> None:
    labels = instrument("gad-7").wordings["en"].answers["frequency"]

    assert labels[0] == "Not at all"


def test_the_credit_and_copyright_lines_stay_with_the_text() -> None:
    assert "Pfizer" in instrument("phq-9").licence.notice
    assert "Pfizer" in instrument("gad-7").licence.notice
    assert "World Health Organization" in instrument("k10").licence.notice
