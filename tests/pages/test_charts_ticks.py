"""Ticks of an axis.

Ticks are few, round, in order and inside the axis; dates fall on days, Mondays or first
days of months, and the year is said once and again where it changes.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from securebase.pages.shared.charts.ticks import date_ticks, number_ticks

STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("low", "high", "at_most", "ticks"),
    [
        (0, 80, 6, [0, 20, 40, 60, 80]),
        (0, 27, 6, [0, 5, 10, 15, 20, 25]),
        (0, 10, 6, [0, 2, 4, 6, 8, 10]),
        (1, 5, 6, [1, 2, 3, 4, 5]),
        (-5, 5, 5, [-5, 0, 5]),
        (0, 50, 5, [0, 20, 40]),
        (0, 0.9, 5, [0, 0.2, 0.4, 0.6, 0.8]),
    ],
)
def test_scores_are_marked_at_round_numbers(
    low: float, high: float, at_most: int, ticks: list[float]
) -> None:
    assert ticks == number_ticks(low, high, at_most=at_most)


@settings(max_examples=60)
@given(
    low=st.floats(-1000, 1000),
    length=st.floats(0.01, 5000),
    at_most=st.integers(2, 12),
)
def test_number_ticks_are_few_inside_and_evenly_spaced(
    low: float, length: float, at_most: int
) -> None:
    ticks = number_ticks(low, low + length, at_most=at_most)

    slack = length * 1e-6
    steps = {round(b - a, 6) for a, b in pairwise(ticks)}
    assert len(ticks) <= at_most
    assert all(low - slack <= tick <= low + length + slack for tick in ticks)
    assert len(steps) <= 1 or max(steps) - min(steps) < slack


@pytest.mark.parametrize(("low", "high", "at_most"), [(5, 5, 4), (6, 5, 4), (0, 10, 1)])
def test_an_axis_without_length_is_refused_and_says_why(
    low: float, high: float, at_most: int
) -> None:
    with pytest.raises(ValueError, match="low < high and at least 2 ticks"):
        number_ticks(low, high, at_most=at_most)


@settings(max_examples=60)
@given(start=STARTS, days=st.integers(14, 4000), at_most=st.integers(3, 9))
def test_date_ticks_are_few_inside_in_order_and_at_midnight(
    start: datetime, days: int, at_most: int
) -> None:
    end = start + timedelta(days=days)

    ticks = date_ticks(start, end, at_most=at_most)

    moments = [tick.at for tick in ticks]
    assert len(ticks) <= at_most
    assert moments == sorted(set(moments))
    assert all(start <= moment <= end for moment in moments)
    assert all((moment.hour, moment.minute) == (0, 0) for moment in moments)


def test_some_weeks_are_marked_on_mondays() -> None:
    start = datetime(2026, 7, 8, 20, 0, tzinfo=UTC)

    ticks = date_ticks(start, start + timedelta(days=40), at_most=6)

    assert [tick.label for tick in ticks] == [
        "13 Jul",
        "20 Jul",
        "27 Jul",
        "3 Aug",
        "10 Aug",
        "17 Aug",
    ]
    assert {tick.at.weekday() for tick in ticks} == {0}


def test_the_year_is_said_first_and_where_it_changes() -> None:
    start = datetime(2026, 10, 20, tzinfo=UTC)

    ticks = date_ticks(start, start + timedelta(days=150), at_most=6)

    assert [(tick.label, tick.year) for tick in ticks] == [
        ("Nov", "2026"), ("Dec", ""), ("Jan", "2027"), ("Feb", ""), ("Mar", ""),
    ]  # fmt: skip
