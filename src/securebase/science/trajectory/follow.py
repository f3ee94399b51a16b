"""One person, one measure: from scores and their times to a trajectory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from securebase.science.errors import BadInput
from securebase.science.trajectory.expect import expected_course
from securebase.science.trajectory.filter import Run
from securebase.science.trajectory.forecast import end_probabilities
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ragged
from securebase.science.words import Point, Trajectory

SECONDS_PER_WEEK = 7 * 24 * 3600


def follow(
    times: Sequence[datetime],
    values: Sequence[float | None],
    *,
    prior: Prior,
    sessions: Sequence[float] | None = None,
    planned_sessions: int | None = None,
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

    Returns
    -------
    Trajectory
        One point per time. ``band_low`` and ``band_high`` hold 80 % of the scores
        expected at intake, from the first score alone.

    Raises
    ------
    BadInput
        If the sequences differ in length, or time or sessions run backwards.
    """
    nth = [float(i) for i in range(len(times))] if sessions is None else list(sessions)
    if not len(times) == len(values) == len(nth):
        raise BadInput(
            f"{prior.measure}: {len(times)} times, {len(values)} values and {len(nth)} "
            "session counts. Give as many of each."
        )
    if not times:
        return Trajectory(prior.measure, prior.better, (), prior.version, planned_sessions)
    weeks = weeks_since(times[0], times)
    seen = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    data = Ragged.of([0, len(times)], weeks, nth, seen)
    run = Run(data, prior, keep=True)
    run.through()
    low, high = _band(weeks, np.asarray(nth), seen, prior)
    improve, worsen = _outlook(run, planned_sessions)
    points = tuple(
        Point(
            at=times[i],
            value=values[i],
            session=nth[i],
            filtered_mean=float(run.filtered_mean[i]),
            filtered_sd=float(run.filtered_sd[i]),
            predicted_mean=float(run.predicted_mean[i]),
            predicted_sd=float(run.predicted_sd[i]),
            innovation=_known(run.innovation[i]),
            band_low=float(low[i]),
            band_high=float(high[i]),
            p_improve=_known(improve[i]),
            p_deteriorate=_known(worsen[i]),
        )
        for i in range(len(times))
    )
    return Trajectory(prior.measure, prior.better, points, prior.version, planned_sessions)


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


def _outlook(run: Run, planned: int | None) -> tuple[Floats, Floats]:
    """Chances by the planned end as they stood at each point, none before the first score."""
    seen = run.data.values
    if planned is None:
        return np.full(seen.shape, np.nan), np.full(seen.shape, np.nan)
    given = np.logical_or.accumulate(~np.isnan(seen))
    return end_probabilities(
        np.where(given, run.first[0], np.nan),
        run.states,
        run.covariances,
        run.prior,
        dose=run.data.dose,
        planned_sessions=planned,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
