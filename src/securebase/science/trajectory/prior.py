"""What is expected of a measure before anything is known of the person.

The figures are content (``content/priors.toml``), in units of the measure's intake
standard deviation; here they become raw points.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf, sqrt
from pathlib import Path
from typing import Any

from securebase.science.errors import ContentError, UnknownName
from securebase.science.words import Better

FIGURES = (
    *("mean", "sd", "reliability", "low", "high", "step", "clip", "weeks_per_session"),
    *("intercept_sd", "slope_mean", "slope_sd", "correlation", "deviation_sd"),
    "half_life_weeks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Population parameters of the trajectory model for one measure, in raw points.

    A person's level is ``b0 + b1 * ln(1 + session) + x``; ``b0`` and ``b1`` are normal
    in the population, ``x`` is a passing deviation (Ornstein-Uhlenbeck) and every
    rating carries an independent error. Our own choice; see
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

    def __post_init__(self) -> None:
        spreads = {
            "intercept_sd": self.intercept_sd,
            "slope_sd": self.slope_sd,
            "deviation_sd": self.deviation_sd,
        }
        for key, value in spreads.items():
            if not 0 <= value < inf:
                raise ContentError(self._says(key, value, "zero or more"))
        for key, value in {
            "error_sd": self.error_sd,
            "half_life_weeks": self.half_life_weeks,
            "clip": self.clip,
        }.items():
            if not value > 0:
                raise ContentError(self._says(key, value, "more than zero"))
        if not -1 < self.correlation < 1:
            raise ContentError(self._says("correlation", self.correlation, "between -1 and 1"))

    def _says(self, key: str, value: float, allowed: str) -> str:
        return f"Prior of {self.measure}: {key} is {value}, it must be {allowed}. Correct it."

    @property
    def covariance(self) -> float:
        """Covariance of intercept and slope, raw points squared."""
        return self.correlation * self.intercept_sd * self.slope_sd


@dataclass(frozen=True, slots=True)
class Priors:
    """All priors of one file, under one version."""

    version: str
    by_measure: dict[str, Prior]

    def __contains__(self, measure: str) -> bool:
        return measure in self.by_measure

    def __getitem__(self, measure: str) -> Prior:
        try:
            return self.by_measure[measure]
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
    if path is None:
        return _shipped()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            f"{path} cannot be read ({error}). Give a TOML file in UTF-8."
        ) from None
    return _read(text, str(path))


@cache
def _shipped() -> Priors:
    text = files("securebase.content").joinpath("priors.toml").read_text(encoding="utf-8")
    return _read(text, "content/priors.toml")


def _read(text: str, where: str) -> Priors:
    try:
        told = tomllib.loads(text)
        return Priors(
            version=str(told["version"]),
            by_measure={
                measure: _prior(
                    measure, {**told["family"][one["family"]], **one}, told["version"]
                )
                for measure, one in told["measure"].items()
            },
        )
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{where} is not TOML: {error}. Correct it.") from None
    except KeyError as error:
        raise ContentError(f"{where} lacks {error.args[0]!r}. Add it.") from None
    except ContentError:
        raise
    except (TypeError, ValueError, AttributeError) as error:
        raise ContentError(f"{where}: a figure is of the wrong kind ({error}).") from None


def _prior(measure: str, told: dict[str, Any], version: str) -> Prior:
    figure = {key: float(told[key]) for key in FIGURES}
    sd, reliability = figure["sd"], figure["reliability"]
    if not 0 < sd < inf or not 0 <= reliability < 1:
        raise ContentError(
            f"Prior of {measure}: sd is {sd} and reliability {reliability}; "
            "sd must be more than zero and reliability in [0, 1). Correct it."
        )
    needed = told.get("reliable_change")
    return Prior(
        measure=measure,
        version=str(version),
        name=str(told["name"]),
        better=Better(told["better"]),
        intercept_mean=figure["mean"],
        intercept_sd=sd * figure["intercept_sd"],
        slope_mean=sd * figure["slope_mean"],
        slope_sd=sd * figure["slope_sd"],
        correlation=figure["correlation"],
        deviation_sd=sd * figure["deviation_sd"],
        half_life_weeks=figure["half_life_weeks"],
        error_sd=sd * sqrt(1 - reliability),
        low=figure["low"],
        high=figure["high"],
        step=figure["step"],
        reliable_change=None if needed is None else float(needed),
        clip=figure["clip"],
        weeks_per_session=figure["weeks_per_session"],
        source=str(told["source"]),
        verified=bool(told["verified"]),
    )
