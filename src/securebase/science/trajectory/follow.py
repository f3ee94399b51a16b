"""One person, one measure: from scores and their times to a trajectory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from securebase.science.errors import BadInput
from securebase.science.trajectory.expect import expected_course
from securebase.science.trajectory.filter import told_by
from securebase.science.trajectory.forecast import end_probabilities
from securebase.science.trajectory.parts import Parts, parts_of
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ints, Ragged
from securebase.science.trajectory.run import Run
from securebase.science.trajectory.smooth import Trace, looked_back
from securebase.science.words import Makeup, Point, Trajectory

SECONDS_PER_WEEK = 7 * 24 * 3600


def follow(
    times: Sequence[datetime],
    values: Sequence[float | None],
    *,
    prior: Prior,
    sessions: Sequence[float] | None = None,
    planned_sessions: int | None = None,
    known: Mapping[str, float] | None = None,
) -> Trajectory:
    """Work out the trajectory of one person on one measure.

    Parameters
    ----------
    times : sequence of datetime
        When each score was given, never falling.
    values : sequence of float or None
        Scores in raw points; None where one was asked and is missing.
    prior : Prior
        Population parameters of the measure.
    sessions : sequence of float, optional
        Therapy sessions behind each score, 0 at intake. Without it the scores count
        themselves: 0, 1, 2 ...
    planned_sessions : int, optional
        Session at which the course is meant to end. Without it no point carries
        probabilities.
    known : mapping of str to float, optional
        Standardised covariates at intake by name, as ``Prior.told_by`` gives them.

    Returns
    -------
    Trajectory
        One point per time. ``band_low`` and ``band_high`` hold 80 % of the scores
        expected at intake, from the first score alone.

    Raises
    ------
    BadInput
        If the sequences differ in length, or time or sessions run backwards.
    UnknownName
        If ``known`` names what is no covariate of the prior.
    """
    known = dict(known or {})
    nth = [float(i) for i in range(len(times))] if sessions is None else list(sessions)
    if not len(times) == len(values) == len(nth):
        raise BadInput(
            f"{prior.measure}: {len(times)} times, {len(values)} values and {len(nth)} "
            "session counts. Give as many of each."
        )
    own = prior.given(known)
    nothing = Trajectory(prior.measure, prior.better, (), prior.stamp, planned_sessions, known)
    if not times:
        return nothing
    weeks = weeks_since(times[0], times)
    seen = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    watched = _Watched(Ragged.of([0, len(times)], weeks, nth, seen), own)
    low, high = _band(weeks, np.asarray(nth), seen, own)
    improve, worsen = watched.outlook(planned_sessions)
    points = tuple(
        Point(
            at=times[i],
            value=values[i],
            session=nth[i],
            band_low=float(low[i]),
            band_high=float(high[i]),
            p_improve=_known(improve[i]),
            p_deteriorate=_known(worsen[i]),
            **told,
        )
        for i, told in enumerate(watched.figures())
    )
    return replace(nothing, points=points, smoothed=watched.smoothed())


def weeks_since(start: datetime, times: Sequence[datetime]) -> Floats:
    """Weeks, with fractions, from a moment to each of some others."""
    return np.array([(at - start).total_seconds() / SECONDS_PER_WEEK for at in times])


def _band(weeks: Floats, nth: Floats, seen: Floats, prior: Prior) -> tuple[Floats, Floats]:
    """Band from the first score on; before any score, the whole scale."""
    low, high = np.full(weeks.shape, float(prior.low)), np.full(weeks.shape, float(prior.high))
    known = np.flatnonzero(~np.isnan(seen))
    if known.size:
        first = int(known[0])
        course = expected_course(
            float(seen[first]),
            prior,
            weeks=weeks[first:] - weeks[first],
            sessions=np.maximum(nth[first:] - nth[first], 0.0),
        )
        low[first:], high[first:] = course.low, course.high
    return low, high


class _Watched:
    """One person's run, with the state kept at every point."""

    def __init__(self, data: Ragged, prior: Prior) -> None:
        self.run, self.trace = Run(data, prior), Trace()
        self.states = np.empty((3, data.values.size))
        self.covariances = np.empty((6, data.values.size))
        self.run.through(self._keep)

    def _keep(self, run: Run, m: int, where: Ints) -> None:
        self.states[:, where], self.covariances[:, where] = run.a[:, :m], run.p[:, :m]
        self.trace(run, m, where)

    def figures(self) -> Iterator[dict[str, Any]]:
        """Give what every point holds of the filter, and what it is made of."""
        run = self.run
        parts = parts_of(told_by(run, planned_sessions=0), run.prior)
        for i in range(run.curve.size):
            yield {
                "filtered_mean": float(run.filtered_mean[i]),
                "filtered_sd": float(run.filtered_sd[i]),
                "predicted_mean": float(run.predicted_mean[i]),
                "predicted_sd": float(run.predicted_sd[i]),
                "innovation": _known(run.innovation[i]),
                "makeup": _makeup(parts, i),
                "clipped": bool(parts.clipped[i]),
            }

    def smoothed(self) -> tuple[tuple[float, float], ...]:
        """Look back over the whole way."""
        mean, sd = looked_back(self.run, self.trace)
        return tuple(zip(mean.tolist(), sd.tolist(), strict=True))

    def outlook(self, planned: int | None) -> tuple[Floats, Floats]:
        """Chances by the planned end as they stood at each point, none before a score."""
        seen = self.run.data.values
        if planned is None:
            return np.full(seen.shape, np.nan), np.full(seen.shape, np.nan)
        given = np.logical_or.accumulate(~np.isnan(seen))
        return end_probabilities(
            np.where(given, self.run.first[0], np.nan),
            self.states,
            self.covariances,
            self.run.prior,
            dose=self.run.data.dose,
            planned_sessions=planned,
        )


def _makeup(parts: Parts, at: int) -> Makeup:
    return Makeup(
        curve=float(parts.curve[at]),
        past=float(parts.past[at]),
        last=float(parts.last[at]),
        weight=float(parts.weight[at]),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
