"""The outcome report in words, for a terminal or a page."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from securebase.science.cohort.form import Form
from securebase.science.cohort.intervals import Estimate
from securebase.science.cohort.outcomes import MeasureOutcome, Median, Part, Report

Section = tuple[str, list[str], list[tuple[str, str, str]]]
"""A heading, sentences under it, and rows of label, count and share."""

WORDS = {
    "unknown": "no first score",
    "dropped_out": "a first score only",
    "not_told": "not told",
    "not_yet": "not reached",
    "waiting": "no act yet",
    "seen": "seen only",
    "submitted": "sent",
    "ended": "ended, no number planned",
    "completed": "ended with the planned sessions",
    "ended_early": "ended with fewer sessions",
}
HELD_BACK = "held back"


def sections(report: Report, form: Form) -> Iterator[Section]:
    """Yield the report in its order, headings and rows."""
    yield (
        "Outcomes of this service",
        [
            f"{report.people} people. Everybody is in every denominator, also who left.",
            f"Counts of 1 to {form.least_people - 1} people are held back, and others "
            "from which they could be worked out.",
            "Intervals are 95 %. Signals, check-ins, sessions and answers are counted one by "
            "one; several are of one person, so how sure they are is overstated.",
            "Who is treated differs from service to service: a difference "
            "between services is not a difference in how good they are. Before and after "
            "without a comparison group does not show what therapy did.",
            "There are no figures by clinician, and none can be made.",
        ],
        [],
    )
    yield "Care", [], _rows(report.care)
    for one in report.measures:
        yield from _measure(one)
    yield "Strains noticed", [], _rows(report.ruptures)
    for kind, part in report.signals.items():
        yield f"Signals: {kind}", [], _rows(part)
    yield "Check-ins", [], _rows(report.checkins)
    yield "Sessions", [], _rows(report.sessions)
    for measure, part in report.answered.items():
        yield f"Answers: {measure}", [], _rows(part)


def as_text(report: Report, form: Form) -> str:
    """Return the report as lines of text."""
    lines: list[str] = []
    for heading, sentences, rows in sections(report, form):
        lines += [heading, *sentences]
        lines += [f"  {label:34}{count:>10}  {share}".rstrip() for label, count, share in rows]
        lines.append("")
    return "\n".join(lines)


def _measure(one: MeasureOutcome) -> Iterator[Section]:
    said = []
    if one.points is not None and one.before is not None and one.after is not None:
        who = "Those with two scores" if one.both is None else f"{one.both} with two scores"
        said.append(
            f"{who}: mean {one.before:.1f} at first, {one.after:.1f} at last, change "
            f"{_interval(one.points, '.1f')} points."
        )
    if one.effect is not None:
        said.append(f"In units of the spread at first: {_interval(one.effect, '.2f')}.")
    yield f"Change: {one.measure}", said, _rows(one.change)
    weeks = [] if one.median is None else [_weeks(one.median)]
    yield f"Reliably better at least once: {one.measure}", weeks, _rows(one.response)


def _weeks(median: Median) -> str:
    if median.weeks == inf:
        return "Half had not been reached when people were last seen."
    high = "not reached" if median.high == inf else f"{median.high:.0f}"
    low = "not known" if median.low == inf else f"{median.low:.0f}"
    return (
        f"Half by week {median.weeks:.0f} after the first score ({low} to {high}), as if "
        "those who left were like those who stayed."
    )


def _rows(part: Part) -> list[tuple[str, str, str]]:
    shares = part.shares
    rows = [
        (
            WORDS.get(key, key.replace("_", " ")),
            HELD_BACK if n is None else str(n),
            _percent(shares[key]) if key in shares else "",
        )
        for key, n in part.shown.parts.items()
    ]
    total = part.shown.total
    return [*rows, ("all", HELD_BACK if total is None else str(total), "")]


def _percent(share: Estimate) -> str:
    value, low, high = (100 * one for one in (share.value, share.low, share.high))
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"


def _interval(one: Estimate, form: str) -> str:
    return f"{one.value:{form}} ({one.low:{form}} to {one.high:{form}})"
