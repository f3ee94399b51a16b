"""Every instrument.

One battery over the whole library: what is true of one instrument is true of all. A new
one joins by being there.
"""

from __future__ import annotations

import csv
from itertools import pairwise

import pytest

from securebase.science.examples import disagreements, examples
from securebase.science.library import folder_of, instrument, instruments
from securebase.science.scoring import score
from securebase.science.words import Combine, Instrument, Scale, Shelf
from tests.content.given import BY_NAME, NOT_OURS, SCORED, VECTORS, Vector, answers_of

SLUGS = list(instruments())
every = pytest.mark.parametrize("slug", SLUGS)
ROUNDED = 5e-5
"""Half a unit of the fourth place, to which the given cases are rounded."""


def test_the_library_holds_what_was_promised() -> None:
    ours = {"session-check-in", "arousal", "felt-security"}

    assert {*BY_NAME.values()} | ours <= set(SLUGS)
    assert len(SLUGS) >= 45


def test_every_given_case_is_scored_or_is_not_about_an_instrument_of_ours() -> None:
    assert len(VECTORS) == 72
    assert {v["inst"] for v in VECTORS} == set(BY_NAME) | set(NOT_OURS)


@pytest.mark.parametrize("vector", SCORED, ids=lambda vector: vector["id"])
def test_gives_the_published_scores(vector: Vector) -> None:
    one = instrument(BY_NAME[vector["inst"]])
    sheet = score(one, answers_of(vector, one)).as_dict()

    for key, expected in vector["exp"].items():
        found = sheet["total.band"] if key == "band" else sheet[key]
        assert expected == pytest.approx(found, abs=ROUNDED)


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
        found = {case.expected.get(scale.slug) for case in examples(one)}
        stated = sorted(value for value in found if isinstance(value, float))
        edges = [band.minimum for band in one.bands if band.scale == scale.slug]

        assert (scale.low, scale.high) == pytest.approx((stated[0], stated[-1]))
        for edge in edges[1:]:
            above = min(value for value in stated if value >= edge)
            below = max(value for value in stated if value < edge)
            assert above - below <= widest_step(scale) + ROUNDED


def widest_step(scale: Scale) -> float:
    """How far apart two scores of a scale can be that have none between them."""
    if scale.lookup:
        return max(high[1] - low[1] for low, high in pairwise(scale.lookup))
    return scale.factor / len(scale.items) if scale.combine is Combine.MEAN else 1.0


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
def test_what_may_go_only_as_a_pack_or_without_text_has_no_text_here(slug: str) -> None:
    one = instrument(slug)
    if one.licence.shelf in {Shelf.PACK, Shelf.NO_TEXT}:
        assert not one.wordings
        assert [file.name for file in folder_of(slug).iterdir() if file.name == "en.toml"] == []


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
