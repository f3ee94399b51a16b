"""Many responses at once.

Scoring one by one and scoring a whole matrix are two ways to the same scores.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.library import instrument, instruments
from securebase.science.matrix import score_matrix, score_sheet
from securebase.science.scoring import score
from securebase.science.words import Combine, Instrument, Item, Licence, Outcome, Scale, Shelf

Person = tuple[int | None, ...]
WITH_ERROR = 3
"""Numbers in a row of a table that gives standard errors."""

every = pytest.mark.parametrize("slug", list(instruments()))


def asked(one: Instrument) -> list[Item]:
    return [item for item in one.items if item.kind != "text"]


def responses(one: Instrument) -> st.SearchStrategy[list[Person]]:
    """Draw a few people's answers to one instrument, any of them missing."""
    person = st.tuples(*(st.none() | one_of_its_answers(i) for i in asked(one)))
    return st.lists(person, min_size=1, max_size=4)


def one_of_its_answers(item: Item) -> st.SearchStrategy[int]:
    return st.sampled_from(item.codes) if item.codes else st.integers(item.low, item.high)


def as_matrix(one: Instrument, people: list[Person]) -> NDArray[np.float64]:
    columns = {item.id: n for n, item in enumerate(asked(one))}
    table = np.full((len(people), len(one.items)), np.nan)
    for column, item in enumerate(one.items):
        if item.id in columns:
            table[:, column] = [
                np.nan if person[columns[item.id]] is None else person[columns[item.id]]
                for person in people
            ]
    return table


def one_by_one(one: Instrument, person: Person) -> dict[str, float]:
    ids = [item.id for item in asked(one)]
    flat = score(one, dict(zip(ids, person, strict=True))).as_dict()
    numbers: dict[str, Any] = {scale.slug: flat[scale.slug] for scale in one.scales}
    if any(len(row) == WITH_ERROR for scale in one.scales for row in scale.lookup[:1]):
        numbers["SE"] = flat.get("SE")
    for outcome in one.outcomes:
        words = {*(value for _, value in outcome.cases), outcome.otherwise}
        for word in words - {False}:
            name = outcome.key if word is True else f"{outcome.key}.{word}"
            found = flat[outcome.key]
            numbers[name] = None if found is None else float(found == word)
    return {key: np.nan if value is None else value for key, value in numbers.items()}


@every
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_gives_what_scoring_one_by_one_gives(slug: str, data: st.DataObject) -> None:
    one = instrument(slug)
    people = data.draw(responses(one))

    many = score_matrix(one, as_matrix(one, people))

    for row, person in enumerate(people):
        expected = one_by_one(one, person)
        assert set(expected) == set(many)
        assert [expected[key] for key in many] == pytest.approx(
            [many[key][row] for key in many], nan_ok=True
        )


@every
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_score_stays_within_the_range_of_its_scale(slug: str, data: st.DataObject) -> None:
    one = instrument(slug)
    many = score_matrix(one, as_matrix(one, data.draw(responses(one))))

    for scale in one.scales:
        found = many[scale.slug][~np.isnan(many[scale.slug])]
        assert ((found >= scale.low - 1e-9) & (found <= scale.high + 1e-9)).all()


@st.composite
def made_up(draw: st.DrawFn) -> Instrument:
    """Draw an instrument no author has written: every way to combine, reverse and weigh."""
    low = draw(st.integers(-3, 2))
    high = low + draw(st.integers(1, 6))
    items = tuple(Item(str(n), low, high) for n in range(1, 6))
    names = [item.id for item in items]
    scales = []
    for slug, combine in zip("abcd", Combine, strict=True):
        used = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        weights = tuple(float(draw(st.integers(1, 9))) for _ in used)
        scales.append(
            Scale(
                slug=slug,
                items=tuple(used),
                combine=combine,
                min_answered=draw(st.integers(1, len(used))),
                reversed_items=frozenset(draw(st.sets(st.sampled_from(used)))),
                weights=weights if combine is Combine.WEIGHTED else (),
                recode=draw(st.integers(-1, 1)),
                count_from=draw(st.integers(low, high)),
            )
        )
    at = draw(st.integers(-4, 12))
    cases = ((f"sum(a) >= {at}", "high"), (f"max(b) < {at} and sum(c) >= 1", "odd"))
    return Instrument(
        "made-up", "1", "", "", "", 1, False, items, tuple(scales),
        Licence(Shelf.OWN, "made up", "made up"),
        outcomes=(Outcome("flag", cases, otherwise="none"),),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(data=st.data(), one=made_up())
def test_agrees_on_instruments_nobody_has_written_yet(
    data: st.DataObject, one: Instrument
) -> None:
    people = data.draw(responses(one))

    many = score_matrix(one, as_matrix(one, people))

    for row, person in enumerate(people):
        expected = one_by_one(one, person)
        assert [expected[key] for key in many] == pytest.approx(
            [many[key][row] for key in many], nan_ok=True
        )


@settings(max_examples=20, deadline=None)
@given(one=made_up(), data=st.data())
def test_reversing_every_item_and_every_answer_changes_nothing(
    one: Instrument, data: st.DataObject
) -> None:
    people = data.draw(responses(one))
    table = as_matrix(one, people)
    low, high = one.items[0].low, one.items[0].high
    scales = tuple(
        replace(scale, reversed_items=frozenset(scale.items) - scale.reversed_items)
        for scale in one.scales
    )
    turned = replace(one, scales=scales)

    plain, reversed_twice = score_matrix(one, table), score_matrix(turned, low + high - table)

    for key, values in plain.items():
        assert values.tolist() == pytest.approx(reversed_twice[key].tolist(), nan_ok=True)


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.float32, np.float64])
def test_minus_one_nan_and_a_mask_all_mean_missing(kind: type[np.number]) -> None:
    gad = instrument("gad-7")
    rows = np.array([[3, 3, 2, 2, 2, 2, -1]], dtype=kind)
    masked = np.ma.masked_equal(rows, -1)

    assert score_matrix(gad, rows)["total"] == pytest.approx(14 * 7 / 6)
    assert score_matrix(gad, masked)["total"] == pytest.approx(14 * 7 / 6)
    assert score_matrix(gad, np.where(rows < 0, np.nan, rows))["total"] == pytest.approx(
        14 * 7 / 6
    )


def test_on_a_slider_that_goes_below_zero_minus_one_is_an_answer() -> None:
    scores = score_matrix(instrument("arousal"), [[-1, 1], [-5, 0]])

    assert scores["level"].tolist() == [-1, -5]
    assert scores["in_window"].tolist() == [1, 0]


def test_the_unscored_columns_may_be_left_out() -> None:
    with_exposure = score_matrix(instrument("pc-ptsd-5"), [[1, 1, 1, 1, 0, 0]])
    without = score_matrix(instrument("pc-ptsd-5"), [[1, 1, 1, 0, 0]])

    assert with_exposure["score"] == without["score"] == 3


def test_a_text_item_stands_outside_every_rule() -> None:
    tense = Outcome("tense", (("tension >= 3", True),))
    one = replace(instrument("session-check-in"), outcomes=(tense,))

    assert score_matrix(one, [[9, 9, 9, 9, 3, 0], [9, 9, 9, 9, -1, 0]])["tense"].tolist() == (
        pytest.approx([1.0, np.nan], nan_ok=True)
    )


def test_no_rows_give_no_scores() -> None:
    assert score_matrix(instrument("phq-9"), np.empty((0, 9), dtype=int))["total"].shape == (0,)


@pytest.mark.parametrize("people", [1, 63, 64, 65, 4096, 9001])
def test_however_many_there_are_each_row_keeps_its_own_score(people: int) -> None:
    rows = np.random.default_rng(people).integers(0, 4, (people, 7))

    assert score_matrix(instrument("gad-7"), rows)["total"].tolist() == rows.sum(1).tolist()


def test_the_answers_are_left_as_they_were() -> None:
    rows = np.array([[0, 1, 2, 3, 0, 1, -1]])

    score_matrix(instrument("gad-7"), rows)

    assert rows.tolist() == [[0, 1, 2, 3, 0, 1, -1]]


def test_an_answer_outside_its_scale_is_refused_with_row_and_item() -> None:
    rows = np.zeros((5000, 7), dtype=int)
    rows[4321, 2] = 4

    with pytest.raises(AnswerOutOfRange, match=r"gad-7, row 4321, item 3: 4 is not a whole"):
        score_matrix(instrument("gad-7"), rows)


def test_a_zero_on_a_scale_from_one_is_refused() -> None:
    with pytest.raises(AnswerOutOfRange, match="item 1: 0 is not"):
        score_matrix(instrument("k10"), [[0] * 10])


def test_half_an_answer_is_refused() -> None:
    with pytest.raises(AnswerOutOfRange, match=r"item 7: 0\.5 is not a whole number"):
        score_matrix(instrument("gad-7"), [[0, 0, 0, 0, 0, 0, 0.5]])


@pytest.mark.parametrize("rows", [[[1] * 8], [1] * 7, 3, [["1"] * 7], []])
def test_another_shape_or_kind_is_refused(rows: ArrayLike) -> None:
    with pytest.raises(BadInput, match=r"gad-7 wants numbers of shape \(n, 7\), not"):
        score_matrix(instrument("gad-7"), rows)


def test_the_sheet_keeps_how_each_score_came_about() -> None:
    sheet = score_sheet(instrument("pcl-5"), [[2] * 20, [-1] + [2] * 19, [-1, -1] + [2] * 18])

    assert sheet.answered["B"].tolist() == [5, 4, 3]
    assert sheet.prorated["total"].tolist() == [False, True, False]
    assert np.isnan(sheet.values["total"][2])
