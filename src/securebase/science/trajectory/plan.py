"""What is fitted, what is held and what is leaned on, before any climbing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from securebase.science.errors import BadInput
from securebase.science.trajectory.growth import EFFECTS
from securebase.science.trajectory.intake import Covariate, check_known
from securebase.science.trajectory.lean import Lean, scaling_on, start_at
from securebase.science.trajectory.natural import Scaling
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.ragged import Floats, Ints, Ragged


class Residual(StrEnum):
    """What a score holds besides the person's own line."""

    ERROR = "error"
    """Independent error: the growth model of any mixed-model program."""
    DEVIATION = "deviation"
    """A passing deviation and no error: continuous-time autoregression."""
    BOTH = "both"
    """Both: the trajectory model."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fitted: the residual, an error that is held, a prior that is leaned on."""

    residual: Residual
    held: float | None = None
    near: Prior | None = None
    restricted: bool = False
    told: Floats | None = None

    def scaling(self, times: Floats, values: Floats) -> Scaling:
        """Return the units to fit in: those of the data, or of what is leaned on."""
        if self.near is None:
            return Scaling.of(times, values)
        return scaling_on(self.near, times)

    @property
    def effects(self) -> int:
        """How many effects there are: two of each covariate."""
        return 0 if self.told is None else 2 * self.told.shape[1]

    def lean(self, scaling: Scaling) -> Lean | None:
        """Return what is leaned on, if anything."""
        if self.near is None:
            return None
        known = [(one.level, one.slope) for one in self.near.covariates]
        return Lean.on(_all_known(self.near), scaling, np.array(known).ravel())

    def base(self, scaling: Scaling) -> Floats:
        """All parameters at the start; without a prior, scores have sd 1 there."""
        return np.concatenate((self._spreads(scaling), np.zeros(self.effects)))

    def _spreads(self, scaling: Scaling) -> Floats:
        if self.near is not None:
            return start_at(_all_known(self.near), scaling)
        base = np.array([0.7, 0.0, 0.3, 0.4, 0.0, 0.4])
        if self.held is not None:
            base[5] = self.held / scaling.spread
        if self.residual is Residual.ERROR:
            base[3] = 0.0
        if self.residual is Residual.DEVIATION:
            base[5] = 0.0
        return base

    def free(self) -> Ints:
        """Which parameters are estimated."""
        free = [0, 1, 2]
        if self.residual is not Residual.ERROR:
            free += [3, 4]
        if self.residual is not Residual.DEVIATION and self.held is None:
            free.append(5)
        return np.array([*free, *range(EFFECTS, EFFECTS + self.effects)])


def _all_known(prior: Prior) -> Prior:
    return prior.given({one.name: 0.0 for one in prior.covariates})


def told_at_intake(data: Ragged, covariates: ArrayLike) -> Floats:
    """Refuse covariates that are not known of everybody."""
    names = [f"covariate {nth + 1}" for nth in range(np.shape(covariates)[-1:][0])]
    told = check_known(covariates, people=data.offsets.size - 1, names=names)
    if np.isnan(told).any():
        raise BadInput(
            f"covariates are missing for {int(np.isnan(told).any(axis=1).sum())} people. Fit "
            "to those of whom all are known, or leave covariates out."
        )
    return told


def covariates_of(like: Prior, told: Floats | None) -> tuple[Covariate, ...]:
    """Return the covariates to be fitted, with what is known of their effects."""
    if told is None:
        return ()
    columns = told.shape[1]
    if like.covariates and len(like.covariates) != columns:
        raise BadInput(
            f"covariates have {columns} columns, and the prior of {like.measure} has "
            f"{len(like.covariates)} covariates. Give a column for each, in its order."
        )
    return like.covariates or tuple(
        Covariate(f"covariate {nth + 1}", 0.0, 0.0) for nth in range(columns)
    )
