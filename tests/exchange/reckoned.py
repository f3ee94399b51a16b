"""The same figures worked out person by person in plain Python, for comparison."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from securebase.science.change_groups import Line, judge
from securebase.science.words import Better
from tests.exchange.invented_cohort import LINE, PHQ, RELIABLE, Rows


def courses(rows: Rows, measure: str = PHQ) -> dict[str, list[tuple[int, float]]]:
    """Return each person's weeks and scores of a measure in order, the empty ones left out."""
    found: dict[str, list[tuple[int, float]]] = {row[0]: [] for row in rows["people"]}
    for person, name, _, week, value, _ in sorted(rows["scores"], key=lambda row: row[2]):
        if name == measure and value is not None:
            found[person].append((week, value))
    return found


def change(rows: Rows) -> dict[str, int]:
    """Count the categories of change, by ``science.change_groups.judge``."""
    mine = courses(rows).values()
    before = np.array([one[0][1] if one else np.nan for one in mine])
    after = np.array([one[-1][1] if len(one) > 1 else np.nan for one in mine])
    named = judge(
        before,
        after,
        (after - before) / RELIABLE,
        critical=1.0,
        line=Line(LINE),
        better=Better.LOWER,
    )
    return dict(Counter(named.tolist()))


def moments(rows: Rows) -> dict[str, float]:
    """Return how many have both scores, their means, and the spread of their change."""
    both = [(one[0][1], one[-1][1]) for one in courses(rows).values() if len(one) > 1]
    x, y = np.array(both).reshape(-1, 2).T
    return {
        "n": len(both),
        "before": float(x.mean()),
        "after": float(y.mean()),
        "sd_change": float((y - x).std(ddof=1)),
        "sd_before": float(x.std(ddof=1)),
        "r": float(np.corrcoef(x, y)[0, 1]) if x.std() and y.std() else float("nan"),
    }


def response(rows: Rows) -> list[tuple[int, int, int]]:
    """Return weeks, how many were last waiting or first better then, how many better."""
    counted: Counter[tuple[int, bool]] = Counter()
    for one in courses(rows).values():
        if not one:
            continue
        began, first = one[0]
        better = [week for week, value in one if first - value >= RELIABLE]
        waited = min(better) if better else max(week for week, _ in one)
        counted[waited - began, bool(better)] += 1
    weeks = sorted({week for week, _ in counted})
    return [
        (week, counted[week, True] + counted[week, False], counted[week, True])
        for week in weeks
    ]


def signals(rows: Rows) -> dict[tuple[Any, str], int]:
    """Count signals by kind and by what was done about them."""
    acts: dict[tuple[Any, ...], set[str]] = {}
    for person, signal, _, act, _ in rows["acts"]:
        acts.setdefault((person, signal), set()).add(act)
    counted: Counter[tuple[Any, str]] = Counter()
    for person, signal, _, kind, *_ in rows["signals"]:
        done = acts.get((person, signal))
        acted = done and done & {"closed", "suggestion_accept"}
        counted[kind, "waiting" if not done else "acted" if acted else "seen"] += 1
    return dict(counted)
