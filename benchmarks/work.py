"""What is done by everybody: the made-up instrument, the caseload, the flags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.words import Better, Combine, Instrument, Item, Licence, Scale, Shelf

Floats = NDArray[np.float64]

ITEMS, SCALES, LEAST = 56, 7, 6
MEASURES = ("phq-9.total", "gad-7.total", "pcl-5.total", "k10.k10")
PART = 20_000
PLANNED = 16
NOT_ON_TRACK, SUDDEN = 0.20, 3.0
"""Flags: a small chance of reliable improvement; a score far from its prediction."""
CHECKED = 40
"""People whose figures are compared between contenders."""


def instrument() -> Instrument:
    """Return an instrument of 56 items, 0 to 4, in seven scales of eight, two reversed."""
    each = ITEMS // SCALES
    groups = [[str(each * s + n + 1) for n in range(each)] for s in range(SCALES)]
    return Instrument(
        slug="made-up",
        version="1",
        name="Made up",
        measures="nothing",
        recall="never",
        minutes=9,
        validated=False,
        items=tuple(Item(str(n + 1), 0, 4) for n in range(ITEMS)),
        scales=tuple(
            Scale(
                slug=f"s{s}",
                items=tuple(group),
                combine=Combine.MEAN,
                min_answered=LEAST,
                reversed_items=frozenset(group[1:5:3]),
                high=4,
            )
            for s, group in enumerate(groups, 1)
        ),
        licence=Licence(Shelf.OWN, "made up", "made up"),
    )


def priors() -> list[Prior]:
    """Return four priors; no peer clips, so nothing is clipped."""
    return [replace(load_priors()[measure], clip=inf) for measure in MEASURES]


def figures_of(prior: Prior) -> tuple[float, ...]:
    """Return the numbers of a prior that C and R read, in their order."""
    return (
        prior.intercept_mean,
        prior.intercept_sd,
        prior.slope_mean,
        prior.slope_sd,
        prior.covariance,
        prior.deviation_sd,
        prior.half_life_weeks,
        prior.error_sd,
        prior.reliable_change or inf,
        prior.step,
        float(prior.better is Better.HIGHER),
        prior.weeks_per_session,
    )


def started(prior: Prior) -> tuple[Floats, Floats]:
    """State and covariance before any score."""
    cov = np.diag([prior.intercept_sd**2, prior.slope_sd**2, prior.deviation_sd**2])
    cov[0, 1] = cov[1, 0] = prior.covariance
    return np.array([prior.intercept_mean, prior.slope_mean, 0.0]), cov


@dataclass(frozen=True, slots=True)
class Caseload:
    """A caseload as it was written: one course of sessions, four measures."""

    COLUMNS: ClassVar = ("weeks", "sessions", *(f"values-{n}" for n in range(len(MEASURES))))

    offsets: NDArray[np.int64]
    weeks: Floats
    sessions: Floats
    values: tuple[Floats, ...]

    @classmethod
    def read(cls, folder: Path, *, people: int | None = None, begun: int = 0) -> Caseload:
        """Read some people of those in a folder, everybody unless told otherwise."""
        offsets = np.fromfile(
            folder / "offsets.i8",
            dtype=np.int64,
            count=-1 if people is None else people + 1,
            offset=8 * begun,
        )
        first, many = int(offsets[0]), int(offsets[-1] - offsets[0])
        weeks, sessions, *values = (
            np.fromfile(folder / f"{name}.f8", count=many, offset=8 * first)
            for name in cls.COLUMNS
        )
        return cls(offsets - first, weeks, sessions, tuple(values))


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh gives of one measure: what is compared, and how many were flagged."""

    loglik: Floats
    chance: Floats
    smoothed: Floats
    flagged: int

    def checked(self, end: int) -> Floats:
        """Return figures of the first people; ``end`` is where their observations end."""
        return np.concatenate(
            (self.loglik[:CHECKED], self.chance[:CHECKED], self.smoothed[:end])
        )


def written(folder: Path, name: str, figures: Floats) -> None:
    """Write what came out, for comparing."""
    np.ascontiguousarray(figures, dtype=np.float64).tofile(folder / f"{name}.out")
