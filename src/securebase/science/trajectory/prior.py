"""What is expected of a measure before anything is known of the person.

The figures are content (``content/priors.toml``), in units of the measure's intake
standard deviation; here they become raw points.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import inf, isfinite, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from securebase.content import content_text
from securebase.science.errors import ContentError, UnknownName
from securebase.science.files import own_text
from securebase.science.trajectory.intake import Covariate, Yardstick, shift_of
from securebase.science.words import Better

INTAKE_DAYS = 28
OF_TARGET = "@"
"""Stands between a measure and the person it was answered about."""

FIGURES = (
    *("mean", "sd", "reliability", "low", "high", "step", "clip", "weeks_per_session"),
    *("intercept_sd", "slope_mean", "slope_sd", "correlation", "deviation_sd"),
    "half_life_weeks",
)

UNCHANGED = ("low", "high", "step", "clip", "weeks_per_session", "correlation")
"""Figures of the file that are in raw points or without a unit already."""
SPREADS = ("intercept_sd", "slope_sd", "deviation_sd")
POSITIVE = ("error_sd", "half_life_weeks", "clip", "step", "weeks_per_session")


def _none_or_more(value: float) -> bool:
    return 0 <= value < inf


def _more_than_none(value: float) -> bool:
    return value > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Population parameters of the trajectory model for one measure, in raw points.

    A person's level is ``b0 + b1 * ln(1 + session) + x``; ``b0`` and ``b1`` are normal
    in the population, ``x`` is a passing deviation (Ornstein-Uhlenbeck) and every
    rating carries an independent error. The figures are those of a person of whom no
    covariate is known. Our own choice; see
    docs/explanation/how-expected-trajectories-work.md.
    """

    measure: str
    version: str
    intercept_mean: float
    intercept_sd: float
    slope_mean: float
    """Raw points per unit of ln(1 + session)."""
    slope_sd: float
    correlation: float
    """Between a person's intercept and slope, in (-1, 1)."""
    deviation_sd: float
    half_life_weeks: float
    """After this many weeks half of a passing deviation is expected to be left."""
    error_sd: float
    """Standard error of measurement of one rating."""
    name: str = ""
    better: Better = Better.LOWER
    low: float = -inf
    high: float = inf
    step: float = 1.0
    """Distance between neighbouring possible scores; half of it corrects continuity."""
    reliable_change: float | None = None
    clip: float = 3.5
    """Innovations count in the update up to this many standard deviations."""
    weeks_per_session: float = 1.0
    source: str = ""
    verified: bool = False
    covariates: tuple[Covariate, ...] = ()
    """What else known at intake tells of the course; see ``given``."""
    dated: date | None = None
    """The day the figures were reviewed, or the last day of the data they come from."""

    def __post_init__(self) -> None:
        checks = (
            ("intercept_mean", isfinite, "a number"),
            ("slope_mean", isfinite, "a number"),
            *((key, _none_or_more, "zero or more") for key in SPREADS),
            *((key, _more_than_none, "more than zero") for key in POSITIVE),
            ("correlation", lambda value: -1 < value < 1, "between -1 and 1"),
        )
        for key, holds, allowed in checks:
            value = getattr(self, key)
            if not holds(value):
                raise ContentError(self._says(key, value, allowed))
        if self.covariates:
            self._check_explained()

    def _check_explained(self) -> None:
        """Refuse covariates that explain more than there is."""
        v00, v01, v11 = self._left(np.zeros((1, len(self.covariates))))
        if v00 < 0 or v11 < 0 or v00 * v11 < v01 * v01:
            raise ContentError(
                f"Prior of {self.measure}: its covariates explain more of level and slope than "
                "intercept_sd and slope_sd hold. Make them smaller."
            )

    def _left(self, known: Any) -> tuple[float, float, float]:
        """Variances and covariance of level and slope once these covariates are known."""
        shift = shift_of(self.covariates, known)
        return (
            self.intercept_sd**2 - float(shift.v00[0]),
            self.covariance - float(shift.v01[0]),
            self.slope_sd**2 - float(shift.v11[0]),
        )

    def _says(self, key: str, value: float, allowed: str) -> str:
        return f"Prior of {self.measure}: {key} is {value}, it must be {allowed}. Correct it."

    @property
    def covariance(self) -> float:
        """Covariance of intercept and slope, raw points squared."""
        return self.correlation * self.intercept_sd * self.slope_sd

    @property
    def stamp(self) -> str:
        """Version and date, as they are kept with everything worked out from it."""
        return f"{self.version} of {self.dated:%Y-%m-%d}" if self.dated else self.version

    def given(self, known: Mapping[str, float]) -> Prior:
        """Return the prior of a person of whom something is known at intake.

        Parameters
        ----------
        known : mapping of str to float
            Standardised values by the names of the covariates; any may be absent.

        Returns
        -------
        Prior
            With the mean moved, the spread narrowed, and no covariate left.

        Raises
        ------
        UnknownName
            If a name is none of its covariates.
        """
        names = [one.name for one in self.covariates]
        for name in known:
            if name not in names:
                raise UnknownName(
                    f"The prior of {self.measure} knows no covariate {name!r}; it knows "
                    f"{', '.join(names) or 'none'}."
                )
        values = np.array([[known.get(name, np.nan) for name in names]])
        shift, (v00, v01, v11) = shift_of(self.covariates, values), self._left(values)
        whole = sqrt(v00 * v11)
        return replace(
            self,
            intercept_mean=self.intercept_mean + float(shift.level[0]),
            slope_mean=self.slope_mean + float(shift.slope[0]),
            intercept_sd=sqrt(v00),
            slope_sd=sqrt(v11),
            correlation=v01 / whole if whole else 0.0,
            covariates=(),
        )

    def told_by(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return the standardised covariates that scores at intake tell.

        Parameters
        ----------
        values : mapping of str to float
            Scores at intake by measure, raw points.

        Returns
        -------
        dict of str to float
            By name of the covariate; those that no score tells are absent.
        """
        found = {one.name: one.found_in(values) for one in self.covariates}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Priors:
    """All priors of one file, under one version.

    A measure may name whom it was answered about, ``ecr-rs.anxiety@therapist``: it has the
    prior of the measure as such, unless there is one for that person.
    """

    version: str
    by_measure: dict[str, Prior]
    intake_days: int = INTAKE_DAYS
    """So many days around the start of care a score counts as known at intake."""

    def __contains__(self, measure: str) -> bool:
        return measure in self.by_measure or measure.partition(OF_TARGET)[0] in self.by_measure

    def __getitem__(self, measure: str) -> Prior:
        plain = measure.partition(OF_TARGET)[0]
        try:
            if measure in self.by_measure:
                return self.by_measure[measure]
            return replace(self.by_measure[plain], measure=measure)
        except KeyError:
            known = ", ".join(sorted(self.by_measure))
            raise UnknownName(
                f"There is no prior for {measure!r}. There is one for: {known}. "
                "Give a file of your own with --priors."
            ) from None


def load_priors(path: Path | str | None = None) -> Priors:
    """Read the priors of a file, or those that come with the program.

    Parameters
    ----------
    path : Path or str, optional
        A TOML file in the form of ``content/priors.toml``.

    Returns
    -------
    Priors
        One prior per measure, scaled to raw points.

    Raises
    ------
    ContentError
        If the file is not readable as TOML, or a figure is absent or impossible.
    """
    return _shipped() if path is None else _read(own_text(Path(path)), str(path))


@cache
def _shipped() -> Priors:
    text = content_text("priors.toml")
    return _read(text, "content/priors.toml")


def _read(text: str, where: str) -> Priors:
    try:
        told = tomllib.loads(text)
        dated = told.get("reviewed_on") or told.get("data_until")
        return Priors(
            version=str(told["version"]),
            by_measure={
                measure: replace(
                    _prior(measure, {**told["family"][one["family"]], **one}, told),
                    dated=dated,
                )
                for measure, one in told["measure"].items()
            },
            intake_days=int(told.get("intake_days", INTAKE_DAYS)),
        )
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{where} is not TOML: {error}. Correct it.") from None
    except KeyError as error:
        raise ContentError(f"{where} lacks {error.args[0]!r}. Add it.") from None
    except ContentError:
        raise
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ContentError(f"{where}: a figure is of the wrong kind ({error}).") from None


def _prior(measure: str, told: dict[str, Any], file: dict[str, Any]) -> Prior:
    figure = {key: float(told[key]) for key in FIGURES}
    sd, reliability = figure["sd"], figure["reliability"]
    if not 0 < sd < inf or not 0 <= reliability < 1:
        raise ContentError(
            f"Prior of {measure}: sd is {sd} and reliability {reliability}; "
            "sd must be more than zero and reliability in [0, 1). Correct it."
        )
    needed = told.get("reliable_change")
    plain: dict[str, Any] = {key: figure[key] for key in UNCHANGED}
    return Prior(
        measure=measure,
        version=str(file["version"]),
        name=str(told["name"]),
        better=Better(told["better"]),
        intercept_mean=figure["mean"],
        intercept_sd=sd * figure["intercept_sd"],
        slope_mean=sd * figure["slope_mean"],
        slope_sd=sd * figure["slope_sd"],
        deviation_sd=sd * figure["deviation_sd"],
        half_life_weeks=figure["half_life_weeks"],
        error_sd=sd * sqrt(1 - reliability),
        reliable_change=None if needed is None else float(needed),
        source=str(told["source"]),
        verified=bool(told["verified"]),
        covariates=tuple(_covariates(measure, told, file, sd=sd)),
        **plain,
    )


def _covariates(
    measure: str, told: dict[str, Any], file: dict[str, Any], *, sd: float
) -> Iterator[Covariate]:
    """Give the covariates of a measure; no instrument is told by itself."""
    instrument = measure.partition(".")[0]
    for name, effect in told.get("covariates", {}).items():
        yardsticks = tuple(
            Yardstick(one["measure"], float(one["mean"]), float(one["sd"]))
            for one in file["covariate"][name]["yardsticks"]
            if one["measure"].partition(".")[0] != instrument
        )
        yield Covariate(
            name=name,
            level=sd * float(effect["level"]),
            slope=sd * float(effect["slope"]),
            yardsticks=yardsticks,
            title=str(file["covariate"][name]["name"]),
        )
