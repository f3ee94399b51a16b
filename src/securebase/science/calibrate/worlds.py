"""The worlds in which signals are checked, read from ``content/worlds.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from securebase.content import content_toml
from securebase.science.errors import UnknownName

Floats = NDArray[np.float64]

TRUE = "true"
"""The key of the world that the model believes in."""


class Noise(StrEnum):
    """The law of passing deviations and errors; each has mean 0 and variance 1."""

    NORMAL = "normal"
    SKEWED = "skewed"
    """A gamma law of shape 2, its long tail to the worse."""
    WILD = "wild"
    """Student's t with 3 degrees of freedom, scaled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One world; what is not given is as the model believes."""

    key: str
    name: str
    words: str
    noise: Noise = Noise.NORMAL
    level_shift: float = 0.0
    """To the better end of the bond scales, in intake standard deviations."""
    slope_factor: float = 1.0
    slope_spread: float = 1.0
    half_life_weeks: float | None = None
    steps_until: int | None = None
    """Last session at which all change comes in one step; None where it is gradual."""
    spread: float = 0.0
    """Standard deviation of the logarithm of how far a person's ratings stray."""
    skip: float = 0.0
    skip_low: float = 0.0
    leave: float = 0.0
    leave_worse: float = 0.0
    miss_again: float | None = None
    """How often an occasion is missed after a missed one; None where that tells nothing."""
    miss_spread: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is done alike in every world; see the comments of the file."""

    sessions: int
    intake_from: float
    gap_low: float
    gap_high: float
    dip: float
    slide: float
    slide_sessions: int
    strain_share: float
    poor_share: float
    shares: tuple[float, ...]
    lengths: tuple[int, ...]
    miss: float
    silent_sessions: int
    one_look: int
    trained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A rule, or a simpler one beside it: what it looks for, and among what."""

    name: str
    has: str
    others: str
    each: str
    """Whether it is right or wrong of each ``session`` or of each ``therapy``."""
    people: str
    """Who the invented people are, as a clause."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Every world, the design and what the rules look for, under one version."""

    version: str
    design: Design
    by_key: Mapping[str, World]
    asked: Mapping[str, Asked]

    def __getitem__(self, key: str) -> World:
        try:
            return self.by_key[key]
        except KeyError:
            raise UnknownName(
                f"There is no world {key!r} in version {self.version}. "
                f"There are: {', '.join(self.by_key)}."
            ) from None


@cache
def load_worlds() -> Worlds:
    """Read the worlds that come with the program."""
    told = content_toml("worlds.toml")
    design = told["design"]
    lists = {"shares": tuple(design["shares"]), "lengths": tuple(design["lengths"])}
    return Worlds(
        version=told["version"],
        design=Design(**{**design, **lists}),
        by_key={
            key: World(**{**one, "key": key, "noise": Noise(one.get("noise", "normal"))})
            for key, one in told["world"].items()
        },
        asked={rule: Asked(**one) for rule, one in told["rule"].items()},
    )


def drawn(noise: Noise, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Draw noise with mean 0 and variance 1, its long tail upwards where it has one."""
    if noise is Noise.SKEWED:
        return np.asarray((rng.gamma(2.0, 1.0, shape) - 2.0) / np.sqrt(2.0))
    if noise is Noise.WILD:
        return np.asarray(rng.standard_t(3, shape) / np.sqrt(3.0))
    return rng.normal(size=shape)
