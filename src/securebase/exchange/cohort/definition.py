"""Every figure of the outcome report, defined once, as an expression of Ibis.

From here the SQL in ``content/cohort`` is written, and any other dialect when asked for; it
is the only place that says what is counted. Ibis is needed to write SQL, never to run it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from securebase.science.change import Change
from securebase.science.cohort.form import Form

KINDS = {"text": "string", "int": "int64", "float": "float64", "bool": "boolean"}
ACTED = ("closed", "suggestion_accept")
"""Acts that did something about a signal; the others only answered it."""

Expr = Any
"""An expression of Ibis, which has no types."""


def figures(form: Form) -> dict[str, Expr]:
    """Return each figure by name, over the tables of the form."""
    tables = {
        name: ibis.table({one.name: KINDS[one.kind] for one in columns}, name=name)
        for name, columns in form.tables.items()
    }
    pairs = _pairs(tables)
    return {
        "care": _count(tables["people"], "care"),
        "change": _change(pairs),
        "moments": _moments(pairs),
        "response": _response(tables, pairs),
        "ruptures": _ruptures(tables["ruptures"]),
        "signals": _signals(tables),
        "answered": _count(tables["scores"], "measure", "state"),
        "checkins": _count(tables["checkins"], "state"),
        "sessions": _count(tables["sessions"], "state"),
    }


def _count(table: Expr, *by: str) -> Expr:
    """Count rows, and the different people they are of."""
    counted = table.group_by(list(by)).aggregate(
        n=table.count(), people=table["person"].nunique()
    )
    return counted.order_by(list(by))


def _scored(tables: Mapping[str, Expr]) -> Expr:
    """Return the scores that have a value, on measures that can be judged.

    ``level`` rises where the person is better, whichever way the scale runs.
    """
    measures, scores = tables["measures"], tables["scores"]
    judged = measures.filter(
        measures["reliable"].notnull(), measures["better"].isin(["lower", "higher"])
    )
    joined = scores.filter(scores["value"].notnull()).inner_join(judged, "measure")
    way = ibis.ifelse(joined["better"] == "higher", 1.0, -1.0)
    return joined.select(
        "person",
        "measure",
        "position",
        "week",
        level=way * joined["value"],
        value=joined["value"],
    )


def _pairs(tables: Mapping[str, Expr]) -> Expr:
    """Return a first and a last score of everybody on every measure that can be judged.

    Nobody is left out: without a first score both are empty, and with one score only the
    last is.
    """
    scored = _scored(tables)
    ends = scored.group_by(["person", "measure"]).aggregate(
        first=scored["position"].min(), last=scored["position"].max()
    )
    joined = scored.inner_join(ends, ["person", "measure"]).select(
        "person", "measure", "position", "week", "level", "value", "first", "last"
    )
    at_first = joined["position"] == joined["first"]
    at_last = (joined["position"] == joined["last"]) & (joined["last"] > joined["first"])
    both = joined.group_by(["person", "measure"]).aggregate(
        before=joined["level"].max(where=at_first),
        after=joined["level"].max(where=at_last),
        value_before=joined["value"].max(where=at_first),
        value_after=joined["value"].max(where=at_last),
        began=joined["week"].max(where=at_first),
    )
    everybody = _everybody(tables)
    return everybody.left_join(both, ["person", "measure"], rname="_{name}").select(
        *("person", "measure", "reliable", "cutoff_functional", "line"),
        *("before", "after", "value_before", "value_after", "began"),
    )


def _everybody(tables: Mapping[str, Expr]) -> Expr:
    """Return everybody once for every measure on which a change can be judged."""
    people, measures = tables["people"], tables["measures"]
    judged = measures.filter(
        measures["reliable"].notnull(), measures["better"].isin(["lower", "higher"])
    )
    way = ibis.ifelse(judged["better"] == "higher", 1.0, -1.0)
    known = judged.select(
        "measure", "reliable", "cutoff_functional", line=way * judged["cutoff"]
    )
    return people.select("person").cross_join(known)


def _change(pairs: Expr) -> Expr:
    """Count what became of everybody, in the categories of ``securebase change``."""
    gain = pairs["after"] - pairs["before"]
    up, down = gain >= pairs["reliable"], gain <= -pairs["reliable"]
    well_before, well_after = (_is_well(pairs, end) for end in ("before", "after"))
    named = pairs.mutate(
        category=ibis.cases(
            (pairs["before"].isnull(), Change.UNKNOWN.value),
            (pairs["after"].isnull(), Change.DROPPED_OUT.value),
            (up & ~well_before & well_after, Change.RECOVERED.value),
            (up, Change.IMPROVED.value),
            (down & well_before & ~well_after, Change.HARMED.value),
            (down, Change.DETERIORATED.value),
            else_=Change.UNCHANGED.value,
        )
    )
    return _count(named, "measure", "category")


def _is_well(pairs: Expr, end: str) -> Expr:
    """Say who is in the functional range; without a line, in SQL, that is unknown."""
    over = pairs[end] > pairs["line"]
    return over | (pairs["cutoff_functional"] & (pairs[end] == pairs["line"]))


def _moments(pairs: Expr) -> Expr:
    """Sum up first and last scores of those who have both, and first scores of all."""
    both, x, y = pairs["after"].notnull(), pairs["value_before"], pairs["value_after"]
    summed = pairs.group_by("measure").aggregate(
        n=y.count(),
        x=x.sum(where=both),
        y=y.sum(),
        xx=(x * x).sum(where=both),
        yy=(y * y).sum(),
        xy=(x * y).sum(),
    )
    return summed.order_by("measure")


def _response(tables: Mapping[str, Expr], pairs: Expr) -> Expr:
    """Count by weeks since the first score who was first reliably better, and who was left."""
    scored = _scored(tables).select("person", "measure", "week", "level")
    began = pairs.filter(pairs["before"].notnull()).select(
        "person", "measure", "reliable", "before", "began"
    )
    later = began.inner_join(scored, ["person", "measure"])
    reached = later["level"] - later["before"] >= later["reliable"]
    waited = later.group_by(["person", "measure"]).aggregate(
        reached=later["week"].min(where=reached),
        seen=later["week"].max(),
        began=later["began"].min(),
    )
    timed = waited.select(
        "person",
        "measure",
        weeks=ibis.coalesce(waited["reached"], waited["seen"]) - waited["began"],
        happened=ibis.ifelse(waited["reached"].notnull(), 1, 0),
    )
    counted = timed.group_by(["measure", "weeks"]).aggregate(
        n=timed.count(), events=timed["happened"].sum()
    )
    return counted.order_by(["measure", "weeks"])


def _ruptures(ruptures: Expr) -> Expr:
    """Count strains, mended and still open."""
    state = ibis.ifelse(ruptures["repaired_week"].notnull(), "repaired", "open")
    return _count(ruptures.mutate(state=state), "state")


def _signals(tables: Mapping[str, Expr]) -> Expr:
    """Count signals of each kind: acted on, only seen, or without any act."""
    signals, acts = tables["signals"], tables["acts"]
    done = acts.group_by(["person", "signal"]).aggregate(
        acted=ibis.ifelse(acts["act"].isin(ACTED), 1, 0).max()
    )
    joined = signals.left_join(done, ["person", "signal"], rname="_{name}")
    state = ibis.cases(
        (joined["acted"].isnull(), "waiting"), (joined["acted"] == 1, "acted"), else_="seen"
    )
    return _count(joined.mutate(state=state), "kind", "state")
