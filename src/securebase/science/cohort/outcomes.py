"""The outcome report of a service: from counted rows to what may be said, and how surely.

Everybody who began is in every denominator, those who left as well. No figure is about a
clinician, and none is about fewer people than the form allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

from securebase.science.change import Change
from securebase.science.change_groups import COUNTED
from securebase.science.cohort.form import Form
from securebase.science.cohort.intervals import (
    FEWEST,
    Estimate,
    mean_change,
    standardized_change,
    wilson,
)
from securebase.science.cohort.small import Cell, Shown, hold_back
from securebase.science.cohort.survival import kaplan_meier
from securebase.science.errors import BadInput

Row = Sequence[Any]
Counted = Mapping[str, Sequence[Row]]
"""Rows of each figure by its name, columns in the order of the definition."""

CARE = ("completed", "ended_early", "ended", "in_care", "not_told")
SCORE = ("scored", "prorated", "incomplete")
CHECKIN = ("submitted", "missed", "open")
SESSION = ("held", "missed", "cancelled", "planned")
STRAIN = ("repaired", "open")
SIGNAL = ("acted", "seen", "waiting")


@dataclass(frozen=True, slots=True)
class Part:
    """A whole in its parts, with each part's share of it and the interval of the share."""

    shown: Shown

    @property
    def shares(self) -> dict[str, Estimate]:
        """Share of each part that is shown, where the total is."""
        n = self.shown.total
        return {key: wilson(k, n) for key, k in self.shown.parts.items() if k is not None and n}


@dataclass(frozen=True, slots=True)
class Median:
    """Weeks until half had it, with the interval; infinite where that was not reached."""

    weeks: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MeasureOutcome:
    """What became of everybody on one measure.

    ``both`` is how many have two scores; None where it would tell what is held back.
    ``points`` is the change in raw points, ``effect`` in units of the spread at the start.
    """

    measure: str
    change: Part
    both: int | None
    before: float | None
    after: float | None
    points: Estimate | None
    effect: Estimate | None
    response: Part
    median: Median | None


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of one service; nothing in it is about one person or one clinician."""

    people: int
    care: Part
    measures: tuple[MeasureOutcome, ...]
    ruptures: Part
    signals: Mapping[str, Part]
    answered: Mapping[str, Part]
    checkins: Part
    sessions: Part


def report(counted: Counted, form: Form) -> Report:
    """Make the report of what was counted.

    Parameters
    ----------
    counted : mapping of str to sequence of rows
        Of every figure of the definition: ``care`` (care, n, people), ``change`` (measure,
        category, n, people), ``moments`` (measure, n, x, y, xx, yy, xy), ``response``
        (measure, weeks, n, events), ``ruptures``, ``checkins`` and ``sessions`` (state, n,
        people), ``signals`` (kind, state, n, people), ``answered`` (measure, state, n,
        people).
    form : Form
        Says from how many people on something is shown.

    Returns
    -------
    Report
        Small numbers held back.

    Raises
    ------
    BadInput
        If nobody is there, or fewer people than may be shown.
    """
    people = sum(row[1] for row in counted["care"])
    _check_enough(people, form)
    least = form.least_people
    names = [row[0] for row in counted["moments"]]
    return Report(
        people=people,
        care=_parts(counted["care"], CARE, least, fixed=True),
        measures=tuple(_measure(name, counted, people, least) for name in names),
        ruptures=_parts(counted["ruptures"], STRAIN, least),
        signals=_by_first(counted["signals"], SIGNAL, least),
        answered=_by_first(counted["answered"], SCORE, least),
        checkins=_parts(counted["checkins"], CHECKIN, least),
        sessions=_parts(counted["sessions"], SESSION, least),
    )


def _check_enough(people: int, form: Form) -> None:
    if not people:
        raise BadInput("There is nobody in this cohort. Export when care has begun.")
    if people < form.least_people:
        raise BadInput(
            f"There are fewer than {form.least_people} people in this cohort, and any figure "
            "would point at somebody. Report when there are more."
        )


def _parts(rows: Iterable[Row], order: Iterable[str], least: int, fixed: bool = False) -> Part:
    cells = dict.fromkeys(order, Cell(0, 0))
    for key, n, people in rows:
        cells["not_told" if key is None else str(key)] = Cell(int(n), int(people))
    return Part(hold_back(cells, least=least, fixed=fixed))


def _by_first(rows: Iterable[Row], order: Sequence[str], least: int) -> dict[str, Part]:
    grouped: dict[str, list[Row]] = {}
    for first, *rest in rows:
        grouped.setdefault(str(first), []).append(rest)
    return {first: _parts(rest, order, least) for first, rest in sorted(grouped.items())}


def _measure(name: str, counted: Counted, people: int, least: int) -> MeasureOutcome:
    categories = [row[1:] for row in counted["change"] if row[0] == name]
    order = [category.value for category in (*COUNTED, Change.UNKNOWN)]
    change = _parts(categories, order, least, fixed=True)
    moments = next(row[1:] for row in counted["moments"] if row[0] == name)
    n = int(moments[0])
    x, y, points, effect = _moved(moments) if n >= max(least, FEWEST) else (None,) * 4
    waits = [[int(cell) for cell in row[1:]] for row in counted["response"] if row[0] == name]
    response, median = _response(waits, people, least)
    return MeasureOutcome(
        measure=name,
        change=change,
        both=_both(change.shown, n, least),
        before=x,
        after=y,
        points=points,
        effect=effect,
        response=response,
        median=median,
    )


def _both(shown: Shown, n: int, least: int) -> int | None:
    """Return how many have two scores, unless that tells how many have none or one."""
    lacking = (shown.parts[Change.DROPPED_OUT], shown.parts[Change.UNKNOWN])
    return None if None in lacking or 0 < n < least else n


def _moved(
    moments: Row,
) -> tuple[float, float, Estimate, Estimate | None]:
    """Work out means, the mean change and the effect from sums over n people."""
    n, x, y, xx, yy, xy = (float(cell) for cell in moments)
    mean_x, mean_y = x / n, y / n
    var_x, var_y = (max(s - n * m * m, 0.0) / (n - 1) for s, m in ((xx, mean_x), (yy, mean_y)))
    shared = (xy - n * mean_x * mean_y) / (n - 1)
    sd = sqrt(max(var_x + var_y - 2 * shared, 0.0))
    points = mean_change(n=int(n), mean=mean_y - mean_x, sd=sd)
    if not (var_x > 0 and var_y > 0):
        return mean_x, mean_y, points, None
    effect = standardized_change(
        n=int(n),
        mean=mean_y - mean_x,
        sd_before=sqrt(var_x),
        correlation=max(-1.0, min(1.0, shared / sqrt(var_x * var_y))),
    )
    return mean_x, mean_y, points, effect


def _response(waits: list[list[int]], people: int, least: int) -> tuple[Part, Median | None]:
    """Say how many ever got reliably better, and by when half had."""
    began = sum(n for _, n, _ in waits)
    responded = sum(events for _, _, events in waits)
    counts = {"responded": responded, "not_yet": began - responded, "unknown": people - began}
    shown = hold_back({key: Cell(n, n) for key, n in counts.items()}, least=least, fixed=True)
    if responded < least:
        return Part(shown), None
    waiting = kaplan_meier(
        [weeks for weeks, _, _ in waits],
        [events for _, _, events in waits],
        [n - events for _, n, events in waits],
    )
    return Part(shown), Median(*waiting.median())


def as_dict(one: Report) -> dict[str, Any]:
    """Return a report as plain values: None is held back, or was not reached."""
    return {
        "people": one.people,
        "care": _part(one.care),
        "measures": [_outcome(outcome) for outcome in one.measures],
        "ruptures": _part(one.ruptures),
        "signals": {kind: _part(part) for kind, part in one.signals.items()},
        "answered": {measure: _part(part) for measure, part in one.answered.items()},
        "checkins": _part(one.checkins),
        "sessions": _part(one.sessions),
    }


def _outcome(one: MeasureOutcome) -> dict[str, Any]:
    median = one.median
    return {
        "measure": one.measure,
        "change": _part(one.change),
        "with_both_scores": one.both,
        "mean_before": one.before,
        "mean_after": one.after,
        "change_points": _estimate(one.points),
        "change_effect": _estimate(one.effect),
        "response": _part(one.response),
        "weeks_to_response": None
        if median is None
        else {
            "median": _reached(median.weeks),
            "low": _reached(median.low),
            "high": _reached(median.high),
        },
    }


def _part(part: Part) -> dict[str, Any]:
    shares = {key: _estimate(share) for key, share in part.shares.items()}
    return {"counts": dict(part.shown.parts), "total": part.shown.total, "shares": shares}


def _estimate(one: Estimate | None) -> dict[str, float] | None:
    return None if one is None else {"value": one.value, "low": one.low, "high": one.high}


def _reached(weeks: float) -> float | None:
    return None if weeks == inf else weeks
