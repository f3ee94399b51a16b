"""The page of how often signals are wrong, written from ``content/operating.toml``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isnan

from securebase.science.calibrate.count import Calibration, Share
from securebase.science.calibrate.figures import Rate
from securebase.science.calibrate.report import Operating, load_operating
from securebase.science.calibrate.worlds import Worlds, load_worlds

Tabled = Callable[[tuple[str, ...], Sequence[tuple[object, ...]]], str]

READ = "[how signals were checked](../explanation/how-signals-were-checked.md)"
FOREWORD = """# How often signals are wrong

Measured on {people:,} invented people in each of {worlds} worlds.
Made with `make calibrate`, seed {seed}, on {made_on:%-d %B %Y}.
Versions: rules {rules}, priors {parameters}, worlds {versions}.
Nobody here is real.
The figures say how the rules fail, not how often they fail in your practice.
How to read them stands in {read}.
In brackets is the Monte Carlo standard error, in the last digit or digits.

"""
LOOK = 6
RATES_HEAD = (
    *("world", "noticed", "others called, ever", "others called, each session", "have it"),
    *("right", "right at 5 %", "right at 20 %", "right at 40 %"),
)


def operating_page(table: Tabled) -> str:
    """Return the worlds, the rates of every rule, and how well the end is foretold."""
    told, known = load_operating(), load_worlds()
    found, worlds = told.figures, known.by_key.values()
    parts = [
        FOREWORD.format(
            people=found.people,
            worlds=len(known.by_key),
            read=READ,
            seed=found.seed,
            made_on=told.made_on,
            rules=told.rules_version,
            parameters=told.parameters_version,
            versions=told.worlds_version,
        ),
        table(("world", "what is different"), [(w.name, w.words) for w in worlds]),
        *_rules(told, known, table),
        "## One look at who will not improve, of 16 sessions planned\n",
        _looks(told, known, table),
        "## How well the end is foretold\n",
        _forecasts(told, known, table),
        "## All rules together, after merging, rests and caps\n",
        _together(told, known, table),
    ]
    return "\n".join(parts)


def _rules(told: Operating, known: Worlds, table: Tabled) -> Iterator[str]:
    for rule, asked in known.asked.items():
        rates = [rate for rate in told.figures.rates if rate.rule == rule]
        if not rates:
            continue
        code = f"{rule}: " if rule.isupper() else "Beside it: "
        yield f"## {code}{asked.name}\n"
        yield f"Looks for {asked.has}, among {asked.others}."
        yield f"It is right or wrong of each {asked.each}."
        yield f"Measured on people {asked.people}.\n"
        sixteen = [rate for rate in rates if rate.sessions == known.design.one_look]
        yield f"Therapies of {known.design.one_look} sessions:\n"
        yield table(RATES_HEAD, [(known[r.world].name, *_cells(r)) for r in sixteen])
        yield f"By number of sessions, in {known['true'].name}:\n"
        own = [rate for rate in rates if rate.world == "true"]
        yield table(("sessions", *RATES_HEAD[1:]), [(r.sessions, *_cells(r)) for r in own])


def _cells(rate: Rate) -> tuple[str, ...]:
    return (
        said(rate.hit),
        said(rate.false_therapy),
        said(rate.false_session),
        _figure(rate.share, 2),
        said(rate.right),
        *(_figure(value, 2) for value in rate.right_at.values()),
    )


def _looks(told: Operating, known: Worlds, table: Tabled) -> str:
    rows = [
        (
            known[one.world].name,
            one.seen,
            known.asked[one.rule].name,
            *(said(part) for part in (one.flagged, one.hit, one.false, one.right)),
        )
        for one in told.figures.looks
        if one.seen == LOOK
    ]
    head = ("world", "session", "rule", "flagged", "noticed", "others called", "right")
    return table(head, rows)


def _forecasts(told: Operating, known: Worlds, table: Tabled) -> str:
    rows = [
        (
            known[one.world].name,
            one.seen,
            said(one.next_covered),
            said(one.end_covered),
            " / ".join(f"{value:.1f}" for value in one.off.values()),
            *_line(one.improve),
            *_line(one.worsen),
        )
        for one in told.figures.forecasts
        if one.planned == max(known.design.lengths)
    ]
    head = (
        *("world", "sessions seen", "next score in 80 % interval", "end in 80 % interval"),
        "points off: " + " / ".join(told.figures.forecasts[0].off),
        *("improvement: slope", "intercept", "worsening: slope", "intercept"),
    )
    return f"Therapies of {max(known.design.lengths)} sessions.\n\n" + table(head, rows)


def _line(one: Calibration | None) -> tuple[str, str]:
    if one is None:
        return "too few", "too few"
    return (
        said(Share(one.slope, one.slope_se)),
        said(Share(one.intercept, one.intercept_se)),
    )


def _together(told: Operating, known: Worlds, table: Tabled) -> str:
    rows = [
        (
            known[one.world].name,
            one.people,
            *(said(part) for part in (one.prompts, one.ever, one.noise)),
        )
        for one in told.figures.together
    ]
    head = ("world", "people", "sessions with a prompt", "therapies with a prompt", "noise")
    return (
        "Sixteen sessions of two questionnaires, nothing happening to the alliance.\n\n"
        + table(head, rows)
    )


def said(one: Share) -> str:
    """Return a share with its error, for instance ``.48 (1)``, or a dash for nobody."""
    if isnan(one.value):
        return "-"
    digits = 3 if one.value < 0.1 and one.se < 0.01 else 2
    return f"{_figure(one.value, digits)} ({max(1, round(one.se * 10**digits))})"


def _figure(value: float, digits: int) -> str:
    return "-" if isnan(value) else f"{value:.{digits}f}"
