"""Many invented people followed by the model, their state kept at every rating."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.calibrate.people import Bools
from securebase.science.calibrate.worlds import Floats
from securebase.science.trajectory.forecast import end_probabilities, forecast
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Ints, Ragged
from securebase.science.trajectory.run import Run


@dataclass(frozen=True, slots=True)
class Followed:
    """Ratings that were given, packed to the left; arrays of shape (people, ratings).

    Beyond a person's last rating they hold NaN. ``state`` and ``covariance`` have shapes
    (3, people, ratings) and (6, people, ratings).
    """

    prior: Prior
    values: Floats
    sessions: Floats
    innovation: Floats
    predicted_mean: Floats
    predicted_sd: Floats
    filtered_mean: Floats
    filtered_sd: Floats
    state: Floats
    covariance: Floats

    @property
    def there(self) -> Bools:
        """Where there is a rating."""
        return ~np.isnan(self.values)

    def chances(self, planned: float) -> tuple[Floats, Floats]:
        """Probabilities of reliable improvement and worsening by a planned end.

        Each of shape (people, ratings), as known at every rating.
        """
        here = self.there
        both = end_probabilities(
            np.broadcast_to(self.values[:, :1], here.shape)[here],
            self.state[:, here],
            self.covariance[:, here],
            self.prior,
            dose=np.log1p(self.sessions[here]),
            planned_sessions=planned,
        )
        improve, worsen = (spread_out(one, here) for one in both)
        return improve, worsen

    def foreseen(self, planned: float) -> tuple[Floats, Floats]:
        """Mean and sd of the score at a planned end, as forecast at every rating."""
        here = self.there
        dose = np.log1p(self.sessions[here])
        end = np.full(dose.shape, np.log1p(planned))
        weeks = np.maximum(planned - self.sessions[here], 0) * self.prior.weeks_per_session
        told = forecast(
            self.state[:, here], self.covariance[:, here], self.prior, dose=end, weeks=weeks
        )
        mean, sd = (spread_out(one, here) for one in told)
        return mean, sd


def followed(given: Floats, weeks: Floats, prior: Prior) -> Followed:
    """Follow many people through the ratings that they gave.

    Parameters
    ----------
    given : ndarray of shape (people, sessions)
        Raw points, NaN where there is none; column j is session j.
    weeks : ndarray of the same shape
        Calendar weeks.
    prior : Prior
        What the model believes.

    Returns
    -------
    Followed
        The same figures as ``trajectory.follow`` gives for one person after another.
    """
    rated = ~np.isnan(given)
    counts = rated.sum(axis=1)
    here = np.arange(given.shape[1]) < counts[:, None]
    nth = np.broadcast_to(np.arange(float(given.shape[1])), given.shape)[rated]
    offsets = np.concatenate(([0], np.cumsum(counts)))
    run = Run(Ragged.of(offsets, weeks[rated], nth, given[rated]), prior)
    state, covariance = np.empty((3, nth.size)), np.empty((6, nth.size))

    def keep(run: Run, m: int, where: Ints) -> None:
        state[:, where], covariance[:, where] = run.a[:, :m], run.p[:, :m]

    run.through(keep)
    names = ("innovation", "predicted_mean", "predicted_sd", "filtered_mean", "filtered_sd")
    return Followed(
        prior=prior,
        values=spread_out(given[rated], here),
        sessions=spread_out(nth, here),
        **{name: spread_out(getattr(run, name), here) for name in names},
        state=np.stack([spread_out(one, here) for one in state]),
        covariance=np.stack([spread_out(one, here) for one in covariance]),
    )


def spread_out(flat: Floats, here: NDArray[np.bool_]) -> Floats:
    """Put one figure a rating back into the shape of people by ratings."""
    out = np.full(here.shape, np.nan)
    out[here] = flat
    return out
