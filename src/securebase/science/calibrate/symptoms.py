"""What the rules on symptom scores do in one world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from securebase.science import normal
from securebase.science.calibrate import rules as ask
from securebase.science.calibrate.count import (
    bins,
    calibration,
    ever,
    predictive_value,
    share_of,
    share_of_occasions,
)
from securebase.science.calibrate.figures import Forecasts, Look, Rate
from securebase.science.calibrate.following import Followed, followed
from securebase.science.calibrate.people import Bools, People
from securebase.science.calibrate.worlds import Design, Floats
from securebase.science.signals.rules import Rules
from securebase.science.trajectory.expect import expected_course
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Ints

BAND = 0.80


class End(StrEnum):
    """What a rule looks for: how the score at the planned end compares with the first."""

    NOT_BETTER = "not better"
    WORSE = "worse"
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Looked:
    """One rule: how it is asked, what it looks for, and the session it can first speak at."""

    ask: ask.Asked
    end: End
    begins: int


RULES: dict[str, Looked] = {
    "NOT.P": Looked(ask.off_track, End.NOT_BETTER, 3),
    "NOT.BAND": Looked(ask.outside_band, End.NOT_BETTER, 3),
    "last score": Looked(ask.not_yet_better, End.NOT_BETTER, 3),
    "DET.RC": Looked(ask.reliably_worse, End.WORSE, 4),
    "DET.P": Looked(ask.may_end_worse, End.WORSE, 1),
    "GAIN": Looked(ask.fast_gain, End.BETTER, 3),
    "EARLY": Looked(ask.early_gain, End.BETTER, 3),
}


@dataclass(frozen=True, slots=True)
class Line:
    """The simple way: a regression of the end on the first score and the last one."""

    weights: Floats
    sd: float

    @classmethod
    def learned(cls, whole: Floats, *, seen: int, planned: int) -> Line:
        """Learn it by least squares from whole courses."""
        x = np.column_stack((np.ones(len(whole)), whole[:, 0], whole[:, seen]))
        weights = np.linalg.lstsq(x, whole[:, planned], rcond=None)[0]
        left = whole[:, planned] - x @ weights
        return cls(
            np.asarray(weights, dtype=np.float64),
            float(np.sqrt((left**2).sum() / (len(whole) - x.shape[1]))),
        )

    def foretold(self, first: Floats, last: Floats) -> Floats:
        """Return the score expected at the end."""
        return np.asarray(np.column_stack((np.ones(first.size), first, last)) @ self.weights)


@dataclass(frozen=True, slots=True)
class Ward:
    """People of one world, followed, with the design and the rules they are asked by."""

    world: str
    people: People
    seen: Followed
    rules: Rules
    design: Design

    @classmethod
    def of(cls, world: str, people: People, prior: Prior, rules: Rules, design: Design) -> Ward:
        """Follow the people of a world."""
        return cls(world, people, followed(people.given, people.weeks, prior), rules, design)

    def ended(self, end: End, planned: int) -> Bools:
        """Who ends so; those who left, by the score that they would have given."""
        change = self.people.whole[:, planned] - self.people.whole[:, 0]
        needed = float(self.seen.prior.reliable_change or np.nan)
        if end is End.WORSE:
            return np.asarray(change >= needed)
        better = change <= -needed
        return np.asarray(better if end is End.BETTER else ~better)


def rates(ward: Ward) -> Iterator[Rate]:
    """Give the rates of every rule, by length of therapy."""
    for name, rule in RULES.items():
        for planned in ward.design.lengths:
            if planned > rule.begins:
                yield _rate(ward, name, rule, planned)


def _rate(ward: Ward, name: str, rule: Looked, planned: int) -> Rate:
    nth = ward.seen.sessions
    asked = (nth >= rule.begins) & (nth < planned)
    holds = rule.ask(ward.seen, ward.rules, planned) & asked
    has, called = ward.ended(rule.end, planned), ever(holds)
    hit, false = share_of(called[has]), share_of(called[~has])
    return Rate(
        rule=name,
        world=ward.world,
        sessions=planned,
        hit=hit,
        false_therapy=false,
        false_session=share_of_occasions(holds[~has], asked[~has]),
        share=float(has.mean()),
        right=share_of(has[called]),
        right_at={
            share: predictive_value(hit, false, share).value for share in ward.design.shares
        },
    )


def looks(ward: Ward, lines: dict[tuple[int, int], Line]) -> Iterator[Look]:
    """Give what four ways of telling who will not improve say at one look."""
    planned, below = ward.design.one_look, ward.rules["NOT.P"].thresholds["twice"]
    has = ward.ended(End.NOT_BETTER, planned)
    for k in (k for k in ward.design.lengths if k < planned):
        who, at = _rated_at(ward.seen, k)
        first, last = ward.seen.values[who, 0], ward.seen.values[who, at]
        ways = {
            "NOT.P": ward.seen.chances(planned)[0][who, at] < below,
            "regression": _chance(lines[k, planned], first, last, ward.seen.prior) < below,
            "NOT.BAND": ask.outside_band(ward.seen, ward.rules, planned)[who, at],
            "last score": ask.not_yet_better(ward.seen, ward.rules, planned)[who, at],
        }
        for name, flagged in ways.items():
            yield Look(
                rule=name,
                world=ward.world,
                seen=k,
                flagged=share_of(flagged),
                hit=share_of(flagged[has[who]]),
                false=share_of(flagged[~has[who]]),
                right=share_of(has[who][flagged]),
            )


def forecasts(ward: Ward, lines: dict[tuple[int, int], Line]) -> Iterator[Forecasts]:
    """Give how well the end is foretold, by sessions seen and length of therapy."""
    for (k, planned), line in lines.items():
        yield _forecast(ward, line, k, planned)


def _forecast(ward: Ward, line: Line, k: int, planned: int) -> Forecasts:
    seen, wide = ward.seen, normal.quantile(0.5 + BAND / 2)
    who, at = _rated_at(seen, k)
    first, last, end = (
        seen.values[who, 0],
        seen.values[who, at],
        ward.people.whole[who, planned],
    )
    mean, sd = (one[who, at] for one in seen.foreseen(planned))
    improve, worsen = (one[who, at] for one in seen.chances(planned))
    told = {
        "model": mean,
        "regression": line.foretold(first, last),
        "last score": last,
        "first score": _from_intake(first, planned, seen.prior),
    }
    better = ward.ended(End.BETTER, planned)[who]
    next_off = np.abs(last - seen.predicted_mean[who, at])
    return Forecasts(
        world=ward.world,
        seen=k,
        planned=planned,
        next_covered=share_of(next_off <= wide * seen.predicted_sd[who, at]),
        end_covered=share_of(np.abs(end - mean) <= wide * sd),
        off={name: float(np.abs(end - one).mean()) for name, one in told.items()},
        improve=calibration(improve, better),
        worsen=calibration(worsen, ward.ended(End.WORSE, planned)[who]),
        bins=tuple((a, b, int(n)) for a, b, n in bins(improve, better).tolist()),
    )


def _rated_at(seen: Followed, session: int) -> tuple[Ints, Ints]:
    """Return who gave a rating at a session, and where in their row it is."""
    who, at = np.nonzero(seen.sessions == session)
    return who, at


def _chance(line: Line, first: Floats, last: Floats, prior: Prior) -> Floats:
    needed = float(prior.reliable_change or np.nan)
    far = first - needed + prior.step / 2 - line.foretold(first, last)
    return normal.cdf(far / line.sd)


def _from_intake(first: Floats, planned: int, prior: Prior) -> Floats:
    told = {
        one: expected_course(
            one, prior, weeks=[planned * prior.weeks_per_session], sessions=[planned]
        ).mean[0]
        for one in np.unique(first).tolist()
    }
    return np.array([told[one] for one in first.tolist()])
