"""What an estimate is made of: the prior curve, this person's past, the last score.

A filtered level is linear in the scores, so it comes apart into three parts that add up
to it exactly, and each can be checked by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.filter import FilteredCaseload
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats


@dataclass(frozen=True, slots=True)
class Parts:
    """Three parts of every filtered level, each of shape (observations,), raw points.

    ``curve + past + last`` is the filtered level. ``past`` is what earlier scores add to
    the prior curve and ``last`` what the newest adds: its ``weight``, in [0, 1), times its
    distance from the curve. ``counted`` is the newest score as it counted, NaN where it is
    missing; ``clipped`` says that it lay too far out to count whole.
    """

    curve: Floats
    past: Floats
    last: Floats
    weight: Floats
    counted: Floats
    clipped: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PredictedParts:
    """Two parts of every prediction: ``curve + past`` is the predicted level."""

    curve: Floats
    past: Floats


def parts_of(filtered: FilteredCaseload, prior: Prior) -> Parts:
    """Take every filtered level apart.

    Parameters
    ----------
    filtered : FilteredCaseload
        What ``filter_caseload`` found.
    prior : Prior
        The prior it was given.

    Returns
    -------
    Parts
        Prior curve, past and last score; a missing score adds nothing.

    Notes
    -----
    With K the share of the newest score y and c the prior curve, the filtered level
    ``(1 - K) predicted + K y`` is ``c + (1 - K) (predicted - c) + K (y - c)``.

    Examples
    --------
    >>> from securebase.science.trajectory.filter import filter_caseload
    >>> from securebase.science.trajectory.prior import load_priors
    >>> prior = load_priors()["phq-9.total"]
    >>> got = filter_caseload([0, 2], [0, 1], [0, 1], [20, 18], prior)
    >>> parts = parts_of(got, prior)
    >>> bool(np.allclose(parts.curve + parts.past + parts.last, got.filtered_mean))
    True
    """
    far = np.abs(filtered.innovation) > prior.clip
    step = filtered.predicted_sd * np.clip(filtered.innovation, -prior.clip, prior.clip)
    counted = filtered.predicted_mean + step
    last = filtered.weight * np.where(np.isnan(counted), 0.0, counted - filtered.curve)
    return Parts(
        curve=filtered.curve,
        past=(1 - filtered.weight) * (filtered.predicted_mean - filtered.curve),
        last=last,
        weight=filtered.weight,
        counted=counted,
        clipped=far,
    )


def predicted_parts(filtered: FilteredCaseload) -> PredictedParts:
    """Take every one-step prediction apart, before its score is looked at."""
    return PredictedParts(curve=filtered.curve, past=filtered.predicted_mean - filtered.curve)
