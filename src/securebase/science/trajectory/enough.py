"""Whether a caseload can be fitted at all, and parts of it."""

from __future__ import annotations

import numpy as np

from securebase.science.errors import BadInput
from securebase.science.trajectory.ragged import Floats, Ints, Ragged

FEWEST_PEOPLE, FEWEST_SCORES = 5, 3
NO_NOISE = 1e-12
"""A share of the variance of scores below which rounding is all there is."""


def check_enough(offsets: Ints) -> None:
    """Refuse too few people: they cannot be told from noise."""
    enough = int((np.diff(offsets) >= FEWEST_SCORES).sum())
    if enough < FEWEST_PEOPLE:
        raise BadInput(
            f"{enough} people have {FEWEST_SCORES} scores or more, at least {FEWEST_PEOPLE} "
            "are needed to tell people from noise. Wait for more, or keep published priors."
        )


def check_noise(offsets: Ints, times: Floats, values: Floats) -> None:
    """Refuse scores without any error: no error is then too small to be the likeliest."""
    if np.ptp(times) == 0:
        raise BadInput("All scores stand at one time, so they have no course. Add later ones.")
    lengths = np.diff(offsets)
    person = np.repeat(np.arange(lengths.size), lengths)

    def sums(of: Floats) -> Floats:
        return np.asarray(np.bincount(person, of, lengths.size), dtype=np.float64)

    some = np.maximum(lengths, 1)
    z = times - (sums(times) / some)[person]
    y = values - (sums(values) / some)[person]
    along, across = sums(z * z), sums(z * y)
    slope = np.divide(across, along, out=np.zeros(along.shape), where=along > 0)
    off = y - slope[person] * z
    if float(off @ off) <= NO_NOISE * float(np.square(values - values.mean()).sum()):
        raise BadInput(
            "Everybody's scores lie exactly on a line of their own, so there is no error to "
            "estimate. Check that these are scores as they were given."
        )


def gaps(data: Ragged) -> Floats:
    """Return times between neighbouring observations of the same person."""
    inside = np.ones(max(data.weeks.size - 1, 0), dtype=bool)
    starts = data.offsets[1:-1]
    inside[starts[(starts > 0) & (starts < data.weeks.size)] - 1] = False
    return np.asarray(np.diff(data.weeks)[inside])


def thinned(data: Ragged, every: int) -> Ragged:
    """Keep one person of so many."""
    lengths = np.diff(data.offsets)
    chosen = np.arange(lengths.size) % every == 0
    kept = np.repeat(chosen, lengths)
    offsets = np.concatenate(([0], np.cumsum(lengths[chosen])))
    return Ragged(offsets, data.weeks[kept], data.dose[kept], data.values[kept])
