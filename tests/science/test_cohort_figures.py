"""Figures of a group, against R.

A share comes with Wilson's interval, a mean change with Student's, and the time until
something happens with that of Kaplan and Meier. ``oracles/cohort.R`` wrote what R says.
"""

from __future__ import annotations

import csv
from math import inf, isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from securebase.science.cohort.alike import make_alike, smallest_group
from securebase.science.cohort.intervals import mean_change, standardized_change, wilson
from securebase.science.cohort.small import Cell, hold_back
from securebase.science.cohort.survival import kaplan_meier
from securebase.science.errors import BadInput, ScienceError

ORACLES = Path(__file__).parent / "oracles"


def told(name: str) -> list[dict[str, float]]:
    """Read what R wrote."""
    with (ORACLES / f"{name}.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    return [{key: _number(cell) for key, cell in row.items()} for row in rows]


def _number(cell: str) -> float:
    return float("nan") if cell == "NA" else float(cell)


@pytest.mark.parametrize("row", told("cohort_shares"), ids=lambda row: f"{row['k']:g}")
def test_the_interval_of_a_share_is_that_of_r(row: dict[str, float]) -> None:
    k, n = int(row["k"]), int(row["n"])

    found = wilson(k, n)

    assert found.value == k / n
    assert (found.low, found.high) == pytest.approx((row["low"], row["high"]))


@pytest.mark.parametrize("row", told("cohort_change"), ids=lambda row: f"{row['n']:g}")
def test_the_interval_of_a_mean_change_is_that_of_r(row: dict[str, float]) -> None:
    found = mean_change(n=int(row["n"]), mean=row["mean"], sd=row["sd"])

    assert (found.low, found.high) == pytest.approx((row["low"], row["high"]), abs=1e-9)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_time_until_something_happens_is_that_of_r(number: int) -> None:
    waits = [row for row in told("cohort_waits") if row["set"] == number]
    wanted = [row for row in told("cohort_waiting") if row["set"] == number]
    times = sorted({row["weeks"] for row in waits})
    events = [sum(r["happened"] for r in waits if r["weeks"] == t) for t in times]
    left = [sum(1 - r["happened"] for r in waits if r["weeks"] == t) for t in times]

    found = kaplan_meier(times, events, left)

    assert found.times.tolist() == [row["weeks"] for row in wanted]
    for ours, name in ((found.share, "share"), (found.low, "low"), (found.high, "high")):
        np.testing.assert_allclose(ours, [row[name] for row in wanted], atol=1e-12)
    ends = [wanted[0][name] for name in ("median", "median_low", "median_high")]
    assert found.median() == tuple(inf if isnan(end) else end for end in ends)


def test_an_effect_is_smaller_in_a_small_group_and_has_no_interval_without_spread() -> None:
    few = standardized_change(n=10, mean=-5, sd_before=6, correlation=0.5)
    many = standardized_change(n=1000, mean=-5, sd_before=6, correlation=0.5)

    assert abs(few.value) < abs(many.value)
    assert many.high - many.low < few.high - few.low
    with pytest.raises(ScienceError, match="spread at the start"):
        standardized_change(n=10, mean=-5, sd_before=0, correlation=0.5)


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_a_share_that_is_none_is_refused(k: int, n: int) -> None:
    with pytest.raises(ScienceError, match="is no share"):
        wilson(k, n)


def test_a_change_of_two_people_has_no_interval() -> None:
    with pytest.raises(ScienceError, match="3 are needed"):
        mean_change(n=2, mean=1, sd=1)


def test_times_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ScienceError, match="must rise"):
        kaplan_meier([1, 1], [1, 0], [0, 1])


counts = st.dictionaries(
    st.sampled_from("abcdefg"), st.integers(min_value=0, max_value=12), min_size=1
)


@settings(max_examples=100, deadline=None)
@given(counts=counts, fixed=st.booleans())
def test_a_small_number_cannot_be_worked_out_from_the_others(
    counts: dict[str, int], fixed: bool
) -> None:
    cells = {key: Cell(n, n) for key, n in counts.items()}
    whole = sum(counts.values())
    assume(whole >= 5 or not fixed)

    shown = hold_back(cells, least=5, fixed=fixed)

    held = [key for key, n in shown.parts.items() if n is None]
    assert {key for key, n in counts.items() if 0 < n < 5} <= set(held)
    assert all(shown.parts[key] == counts[key] for key in counts if key not in held)
    if held and shown.total is not None:
        assert len(held) > 1
        assert sum(counts[key] for key in held) >= 5
        assert shown.total == whole
    if not held:
        assert shown.is_whole


def test_many_events_of_few_people_are_held_back_too() -> None:
    shown = hold_back({"seen": Cell(40, 2), "acted": Cell(30, 20)}, least=5)

    assert shown.parts == {"seen": None, "acted": None}


people = st.lists(
    st.fixed_dictionaries({"a": st.sampled_from("xyz"), "b": st.sampled_from("uvw")}),
    min_size=5,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(people=people)
def test_everybody_is_like_enough_others_and_nobody_is_left_out(
    people: list[dict[str, str | None]],
) -> None:
    made = make_alike(people, ["a", "b"], 5)

    assert len(made) == len(people)
    assert smallest_group(made, ["a", "b"]) >= 5
    changed = [(m[c], p[c]) for m, p in zip(made, people, strict=True) for c in "ab"]
    assert all(now in (None, then) for now, then in changed)


def test_too_few_people_are_not_told_of() -> None:
    with pytest.raises(BadInput, match="fewer than 5"):
        make_alike([{"a": "x"}] * 4, ["a"], 5)
