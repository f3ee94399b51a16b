"""Where an axis is marked: few, round, and never crowded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUND_STEPS = (1.0, 2.0, 5.0, 10.0)
ENOUGH = 3
"""Ticks that an axis needs before its ends are worth a coarser step."""

DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600)
MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class DateTick:
    """A moment of an axis, its label, and its year where that is news."""

    at: datetime
    label: str
    year: str


def number_ticks(low: float, high: float, *, at_most: int) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten within ``[low, high]``.

    Never more than ``at_most`` (which must be 2 or more). Ticks that name both ends of
    the axis are preferred to closer ones that do not.

    Raises
    ------
    ValueError
        If ``low`` is not below ``high``, or fewer than two ticks are asked for.
    """
    if not low < high or at_most < 2:  # noqa: PLR2004 - an axis has two ends
        raise ValueError(
            f"An axis needs low < high and at least 2 ticks, got {low}, {high}, {at_most}."
        )
    power = 10.0 ** math.floor(math.log10((high - low) / at_most))
    steps = (factor * power * scale for scale in (1, 10) for factor in ROUND_STEPS)
    fitting = [ticks for step in steps if len(ticks := _multiples(low, high, step)) <= at_most]
    whole = [t for t in fitting if len(t) >= ENOUGH and (t[0], t[-1]) == (low, high)]
    return (whole or fitting)[0]


def date_ticks(start: datetime, end: datetime, *, at_most: int) -> list[DateTick]:
    """Return days, Mondays or first days of months within ``[start, end]``.

    The year is said under the first tick, and again where it changes.
    """
    whole_days = (end - start).days
    for step in DAY_STEPS:
        if whole_days // step <= at_most:
            days = list(_days(start, end, step))
            if len(days) <= at_most:
                return _with_years([(day, date_format(day, gettext("j M"))) for day in days])
    for step in MONTH_STEPS:
        months = list(_months(start, end, step))
        if len(months) <= at_most:
            break
    return _with_years([(month, date_format(month, "M")) for month in months])


def _with_years(labeled: list[tuple[datetime, str]]) -> list[DateTick]:
    years = [None, *(day.year for day, _ in labeled)]
    return [
        DateTick(day, label, "" if day.year == before else str(day.year))
        for (day, label), before in zip(labeled, years, strict=False)
    ]


def _multiples(low: float, high: float, step: float) -> list[float]:
    slack = step * 1e-9
    first = math.ceil((low - slack) / step)
    last = math.floor((high + slack) / step)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _days(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= 7:  # noqa: PLR2004 - weeks begin on Monday
        day -= timedelta(days=day.weekday())
    while day <= end:
        if day >= start:
            yield day
        day += timedelta(days=step)


def _months(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    count = start.year * MONTHS_IN_A_YEAR + start.month - 1
    count -= count % step
    while True:
        year, month = divmod(count, MONTHS_IN_A_YEAR)
        first = start.replace(
            year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0
        )
        if first > end:
            return
        if first >= start:
            yield first
        count += step
