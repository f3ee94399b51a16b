"""How an instrument behaves in one's own data.

Consistency and item figures are those of psych, on invented answers with two items turned
round and on 2,800 people's answers about agreeableness. Cautions say look, with figures.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import replace
from functools import cache
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from securebase.content import content_file
from securebase.science.cautions import CautionKind, cautions, thresholds
from securebase.science.errors import AnswerOutOfRange, BadInput, ScienceError
from securebase.science.library import instrument
from securebase.science.psychometrics import (
    Psychometrics,
    cronbach,
    item_rest,
    psychometrics,
)
from securebase.science.words import Combine, Instrument, Item, Licence, Scale, Shelf

Floats = NDArray[np.float64]

ORACLES = Path(__file__).parent / "oracles"
TURNED = {"invented": frozenset({"i3", "i6"}), "bfi": frozenset({"A1"})}
ENDS = {"invented": (0, 4), "bfi": (1, 6)}
DATA = list(TURNED)


@cache
def told(data: str) -> tuple[tuple[str, ...], Floats]:
    """Read one data set: names of items, answers with NaN where missing."""
    with (ORACLES / f"psychometrics_{data}.csv").open(encoding="utf-8") as handle:
        names, *rows = csv.reader(handle)
    table = [[float(cell) if cell else np.nan for cell in row] for row in rows]
    return tuple(names), np.array(table)


def expected(data: str, figure: str) -> list[float]:
    """Read one kind of figure of psych."""
    with (ORACLES / "psychometrics_figures.csv").open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["data"] == data]
    return [float(row["value"]) for row in rows if row["figure"] == figure]


def made_up(
    items: int = 4, *, high: int = 4, combine: Combine = Combine.SUM, **scale: object
) -> Instrument:
    """Return an instrument of items from 0, with one score."""
    names = tuple(str(n) for n in range(1, items + 1))
    return of_items(tuple(Item(name, 0, high) for name in names), combine=combine, **scale)


def of_items(
    items: tuple[Item, ...], *, combine: Combine = Combine.SUM, **scale: object
) -> Instrument:
    """Return an instrument of these items, with one score."""
    total = Scale(
        slug="total",
        items=tuple(item.id for item in items),
        combine=combine,
        min_answered=len(items),
        low=sum(item.low for item in items),
        high=sum(item.high for item in items),
        **scale,  # type: ignore[arg-type]
    )
    return Instrument(
        slug="made-up",
        version="1",
        name="Made up",
        measures="nothing",
        recall="never",
        minutes=1,
        validated=False,
        items=items,
        scales=(total,),
        licence=Licence(Shelf.OWN, "made up", "made up"),
    )


def of_data(data: str, *, complete: bool = False) -> Psychometrics:
    """Work out the figures of one data set."""
    names, table = told(data)
    low, high = ENDS[data]
    if complete:
        table = table[~np.isnan(table).any(axis=1)]
    one = of_items(tuple(Item(name, low, high) for name in names), reversed_items=TURNED[data])
    return psychometrics(one, table)


def kinds(one: Instrument, answers: object) -> list[CautionKind]:
    """Return the kinds of caution a table of answers gives."""
    return [caution.kind for caution in cautions(one, psychometrics(one, answers))]  # type: ignore[arg-type]


def varied(people: int, items: int = 4, high: int = 4) -> NDArray[np.int64]:
    """Invent consistent answers that use the whole scale and seldom pile up at an end."""
    rng = np.random.default_rng(4)
    level = rng.normal(high / 2, high / 5, (people, 1))
    noise = rng.normal(0, high / 5, (people, items))
    return np.clip(np.rint(level + noise), 0, high).astype(np.int64)


@pytest.mark.parametrize("data", DATA)
def test_alpha_and_its_error_are_those_of_psych(data: str) -> None:
    alpha = of_data(data).scales[0].alpha

    assert alpha is not None
    assert [alpha.value] == pytest.approx(expected(data, "alpha"), abs=1e-10)
    assert [alpha.error] == pytest.approx(expected(data, "alpha_error"), abs=1e-10)
    assert [alpha.people] == expected(data, "complete")
    assert alpha.low == pytest.approx(alpha.value - 1.96 * alpha.error)


@pytest.mark.parametrize("data", DATA)
def test_items_go_with_the_rest_as_in_psych(data: str) -> None:
    rest = of_data(data).scales[0].rest

    assert list(rest.values()) == pytest.approx(expected(data, "rest"), abs=1e-10)


@pytest.mark.parametrize("data", DATA)
def test_means_and_missing_answers_are_counted_as_in_r(data: str) -> None:
    low, high = ENDS[data]
    turned = TURNED[data]

    items = of_data(data, complete=True).items

    means = [low + high - one.mean if one.id in turned else one.mean for one in items]
    assert means == pytest.approx(expected(data, "mean")[1:])
    assert [one.sd for one in items] == pytest.approx(expected(data, "sd")[1:])
    missing = [one.missing for one in of_data(data).items]
    assert missing == pytest.approx(expected(data, "missing"))


@pytest.mark.parametrize("data", DATA)
def test_scores_are_spread_as_in_r(data: str) -> None:
    scale = of_data(data, complete=True).scales[0]

    assert [scale.mean, scale.sd] == pytest.approx(
        [expected(data, "mean")[0], expected(data, "sd")[0]]
    )
    assert list(scale.percentiles.values()) == pytest.approx(expected(data, "percentile"))


def test_error_and_reliable_change_follow_from_sd_and_alpha() -> None:
    scale = of_data("bfi").scales[0]

    assert scale.alpha is not None
    assert scale.sem == pytest.approx(scale.sd * np.sqrt(1 - scale.alpha.value))
    assert scale.reliable_change == pytest.approx(1.96 * np.sqrt(2) * scale.sem)


def test_floor_and_ceiling_are_shares_of_the_people_scored() -> None:
    answers = [[0, 0, 0, 0], [0, 0, 0, 0], [4, 4, 4, 4], [1, 2, 3, 4], [1, 2, -1, 4]]

    scale = psychometrics(made_up(), answers).scales[0]

    assert (scale.people, scale.floor, scale.ceiling) == (4, 0.5, 0.25)


def test_where_minus_one_is_an_answer_it_is_not_missing() -> None:
    one = of_items(tuple(Item(str(n), -1, 1) for n in range(3)))

    found = psychometrics(one, varied(50, 3, 2) - 1)

    assert [item.answered for item in found.items] == [50, 50, 50]


@pytest.mark.parametrize("written", ["minus one", "masked", "nan"])
def test_missing_answers_may_be_written_in_three_ways(written: str) -> None:
    answers = varied(50)
    gone = np.zeros(answers.shape, dtype=bool)
    gone[3, 1] = gone[9, 0] = True
    table = {
        "minus one": np.where(gone, -1, answers),
        "masked": np.ma.masked_array(answers, mask=gone),
        "nan": np.where(gone, np.nan, answers),
    }[written]

    found = psychometrics(made_up(), table)

    assert [one.answered for one in found.items] == [49, 49, 50, 50]
    assert found.scales[0].alpha == cronbach(np.delete(answers, [3, 9], axis=0))


def test_weights_of_a_scale_are_weights_in_alpha() -> None:
    answers = varied(80)
    weights = (1.0, 2.0, 0.5, 1.0)

    found = psychometrics(made_up(weights=weights, combine=Combine.WEIGHTED), answers)

    assert found.scales[0].alpha == cronbach(answers * weights)


def test_where_items_are_counted_there_is_no_alpha() -> None:
    scale = psychometrics(made_up(combine=Combine.COUNT, count_from=2), varied(80)).scales[0]

    assert (scale.alpha, dict(scale.rest)) == (None, {})
    assert isnan(scale.sem)
    assert not isnan(scale.mean)


def test_a_score_from_a_table_has_no_single_error() -> None:
    promis = instrument("promis-depression-4a")

    raw, t_score = psychometrics(promis, varied(80, high=3) + 1).scales

    assert (raw.slug, t_score.slug) == ("raw", "T")
    assert raw.alpha == t_score.alpha
    assert isnan(t_score.sem)
    assert not isnan(raw.sem)


@pytest.mark.parametrize("slug", ["pcl-5", "itq", "ecr-rs", "ace", "des-b", "whodas-12", "k10"])
def test_every_kind_of_instrument_has_figures(slug: str) -> None:
    one = instrument(slug)
    rng = np.random.default_rng(1)
    answers = np.column_stack(
        [rng.choice(i.codes or range(i.low, i.high + 1), 30) for i in one.items]
    )

    found = psychometrics(one, answers)

    assert [scale.slug for scale in found.scales] == [scale.slug for scale in one.scales]
    assert {caution.kind for caution in cautions(one, found)} <= set(CautionKind)


def test_items_that_are_not_scored_may_be_left_out_of_the_table() -> None:
    items = (*made_up().items, Item("note", 0, 9, scored=False))
    one = replace(made_up(), items=items)

    found = psychometrics(one, varied(50))

    assert [item.id for item in found.items] == ["1", "2", "3", "4"]
    whole = np.column_stack([varied(50), np.zeros(50, dtype=np.int64)])
    assert psychometrics(one, whole) == found


def test_nothing_can_be_said_of_two_people() -> None:
    found = psychometrics(made_up(), varied(2))

    assert found.scales[0].alpha is None
    assert all(isnan(value) for value in found.scales[0].rest.values())


def test_of_nobody_scored_nothing_is_known() -> None:
    found = psychometrics(made_up(), [[-1, -1, -1, -1]])

    assert isnan(found.scales[0].mean)
    assert isnan(found.scales[0].floor)
    assert isnan(found.scales[0].percentiles[50])
    assert isnan(found.items[0].mean)
    assert found.items[0].missing == 1


def test_an_item_alone_has_no_alpha() -> None:
    assert cronbach([[1.0], [2.0], [3.0]]) is None
    assert cronbach([[1.0, 2.0], [2.0, 1.0], [1.5, 1.5]]) is None
    assert isnan(item_rest([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]])[0])


def test_good_data_give_no_caution() -> None:
    assert kinds(made_up(), varied(400)) == []


def test_an_end_of_the_scale_that_nobody_used_may_be_another_form() -> None:
    one, answers = made_up(high=6), varied(400, high=4)

    found = cautions(one, psychometrics(one, answers))

    assert [caution.kind for caution in found] == [CautionKind.RANGE]
    assert "run from 0 to 4, but the items go from 0 to 6 (1600 answers)" in found[0].text
    assert kinds(one, answers[:40]) == [CautionKind.FEW]


def test_an_item_against_the_others_may_be_the_wrong_way_round() -> None:
    answers = varied(400)
    answers[:, 2] = 4 - answers[:, 2]

    plain = cautions(made_up(), psychometrics(made_up(), answers))
    turning = made_up(reversed_items=frozenset({"1"}))
    turned = cautions(turning, psychometrics(turning, varied(400)))

    assert [one.about for one in plain if one.kind is CautionKind.REVERSED] == ["total, item 3"]
    assert "takes it as it is" in plain[0].text
    assert [one.about for one in turned if one.kind is CautionKind.REVERSED] == [
        "total, item 1"
    ]
    assert "turns it round" in turned[0].text


def test_an_item_answered_the_same_by_all_is_pointed_out() -> None:
    answers = varied(400)
    answers[:, 1] = 2

    assert CautionKind.SAME in kinds(made_up(), answers)


@pytest.mark.parametrize(("people", "items", "few"), [(99, 4, True), (100, 4, False)])
def test_few_people_are_pointed_out(people: int, items: int, few: bool) -> None:
    assert (CautionKind.FEW in kinds(made_up(items), varied(people, items))) is few


def test_a_long_scale_wants_more_people() -> None:
    assert CautionKind.FEW in kinds(made_up(20), varied(139, 20))
    assert CautionKind.FEW not in kinds(made_up(20), varied(140, 20))


def test_many_people_at_an_end_are_pointed_out() -> None:
    answers = np.minimum(varied(400), 3)

    answers[:60] = 4
    assert CautionKind.EDGE not in kinds(made_up(), answers)
    answers[60:64] = 4

    found = [c for c in cautions(made_up(), psychometrics(made_up(), answers))]
    assert [c.text for c in found if c.kind is CautionKind.EDGE] == [
        "16% have the highest possible score, 16, more than 15%: change beyond it cannot be "
        "seen."
    ]


def test_items_that_hardly_go_together_or_repeat_each_other_are_pointed_out() -> None:
    apart = np.random.default_rng(6).integers(0, 5, (400, 4))
    repeated = np.repeat(varied(400, 1), 4, axis=1)

    assert CautionKind.CONSISTENCY in kinds(made_up(), apart)
    assert CautionKind.CONSISTENCY in kinds(made_up(), repeated)


def test_every_threshold_of_a_caution_has_a_source() -> None:
    content = tomllib.loads(content_file("psychometrics.toml").read_text(encoding="utf-8"))
    rules = [rule for rule in content.values() if isinstance(rule, dict)]

    assert thresholds() == content
    assert len(rules) == 4
    assert all(rule["source"] and "verified" in rule for rule in rules)


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(AnswerOutOfRange, match="row 1, item 3: 9 is not"):
        psychometrics(made_up(), [[0, 0, 0, 0], [0, 0, 9, 0]])
    with pytest.raises(BadInput, match="at least one row"):
        psychometrics(made_up(), np.empty((0, 4), dtype=np.int64))
    with pytest.raises(ScienceError, match=r"give \(n, items\)"):
        cronbach([1.0, 2.0])
