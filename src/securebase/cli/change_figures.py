"""Which figures a judgement rests on: those told, or those the library knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from securebase.cli.change_scores import Pairs
from securebase.cli.measure import Measure
from securebase.science.change import CONFIDENCE_95, criterion_c
from securebase.science.change_groups import Line
from securebase.science.change_methods import (
    FEWEST,
    Method,
    change_statistic,
    criterion_a,
    criterion_b,
    figures_of,
    slope_statistic,
)
from securebase.science.errors import BadInput
from securebase.science.gains import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line says of the method and the measure; None: not said."""

    method: Method
    sd: float | None = None
    reliability: float | None = None
    reliability_after: float | None = None
    functional_mean: float | None = None
    functional_sd: float | None = None
    cutoff: float | None = None
    criterion: str = "c"


def statistic_of(asked: Asked, measure: Measure, pairs: Pairs) -> tuple[Floats, str]:
    """Work out the statistic of everybody, and say what it rests on.

    Raises
    ------
    BadInput
        If figures lack, or the method needs more scores than there are.
    """
    if asked.method is Method.HLM:
        return _slopes(pairs), "each person's slope against the average slope"
    published = measure.reliable_change
    told = asked.sd is not None or asked.reliability is not None
    if asked.method is Method.JT and published is not None and not told:
        moved = CONFIDENCE_95 * ((pairs.after - pairs.before) / published)
        return np.asarray(moved), f"published threshold, {published:g} points"
    sd, reliability, kind = _spread(asked, measure)
    figures = figures_of(
        pairs.before,
        pairs.after,
        sd=sd,
        reliability=reliability,
        reliability_after=asked.reliability_after,
    )
    statistic = change_statistic(asked.method, pairs.before, pairs.after, figures)
    return statistic, f"sd {sd:g}, reliability {reliability:g} ({kind})"


def line_of(asked: Asked, measure: Measure, pairs: Pairs) -> Line | None:
    """Find the line into the functional range: told, made of figures, or published.

    Raises
    ------
    BadInput
        If only a part of the figures for it is told.
    """
    if asked.cutoff is not None:
        return Line(_finite(asked.cutoff, "--cutoff"))
    mean, sd = asked.functional_mean, asked.functional_sd
    if (mean is None) != (sd is None):
        raise BadInput("--functional-mean and --functional-sd go together. Give both.")
    if asked.criterion == "a":
        patient_mean, patient_sd = _patients(asked, measure, pairs)
        return Line(
            criterion_a(patient_mean=patient_mean, patient_sd=patient_sd, better=measure.better)
        )
    if mean is None or sd is None:
        if asked.criterion == "b":
            raise BadInput("--criterion b needs --functional-mean and --functional-sd.")
        return measure.line
    if asked.criterion == "b":
        return Line(criterion_b(functional_mean=mean, functional_sd=sd, better=measure.better))
    patient_mean, patient_sd = _patients(asked, measure, pairs)
    return Line(
        criterion_c(
            patient_mean=patient_mean,
            patient_sd=patient_sd,
            functional_mean=mean,
            functional_sd=sd,
        )
    )


def _spread(asked: Asked, measure: Measure) -> tuple[float, float, str]:
    """Find sd and reliability, told or known, and what kind of reliability it is."""
    known = measure.reliability
    sd, reliability, kind = asked.sd, asked.reliability, "told"
    if known is not None:
        sd = known.sd if sd is None else sd
        if reliability is None:
            reliability, kind = known.value, known.kind
    if sd is None or reliability is None:
        lacking = "--sd" if sd is None else "--reliability"
        raise BadInput(
            f"{lacking} is not known for {measure.name!r}. Give --sd and --reliability, "
            "from people like these."
        )
    if not 0 < sd < np.inf:
        raise BadInput(f"--sd is {sd}, it must be above 0. Give it in raw points.")
    if not 0 <= reliability < 1:
        raise BadInput(f"--reliability is {reliability}, it must be from 0 up to 1.")
    return sd, reliability, kind


def _patients(asked: Asked, measure: Measure, pairs: Pairs) -> tuple[float, float]:
    """Mean and spread of these people at the start; the spread told, or known, wins."""
    there = pairs.before[~np.isnan(pairs.after - pairs.before)]
    known = measure.reliability
    sd = asked.sd if asked.sd is not None else known.sd if known else None
    if sd is None:
        sd = float(there.std(ddof=1)) if there.size >= FEWEST else np.nan
    if not there.size or not sd > 0:
        raise BadInput(
            "These people are too few, or too alike, to draw a line from. Give --cutoff."
        )
    return float(there.mean()), sd


def _finite(value: float, option: str) -> float:
    if not np.isfinite(value):
        raise BadInput(f"{option} is {value}, it must be a number in raw points.")
    return value


def _slopes(pairs: Pairs) -> Floats:
    if pairs.between is None:
        raise BadInput(
            "hlm needs the long table (person, at, measure, value) with three scores or "
            "more of a person. Give one, or choose another method."
        )
    rows = [(one, mine[0].week) for mine in pairs.between for one in mine]
    return slope_statistic(
        np.cumsum([0, *(len(mine) for mine in pairs.between)]),
        [one.week - first for one, first in rows],
        [np.nan if one.value is None else one.value for one, _ in rows],
    )
