"""The recipe of invented people, read from content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from securebase.content import content_toml


class Course(StrEnum):
    """What becomes of an invented person: the truth that signals try to find."""

    IMPROVING = "improving"
    STUCK = "stuck"
    WORSENING = "worsening"
    FAST_GAINS = "fast-gains"
    RUPTURE_AND_REPAIR = "rupture-and-repair"
    DRIFTING_AWAY = "drifting-away"


@dataclass(frozen=True, slots=True)
class Asking:
    """One instrument of the check-in: how often, and which inner level it follows."""

    slug: str
    every: int
    spread: float
    """Standard deviation of one answer about its level, as a share of its range."""
    scale: Mapping[str, str] = field(default_factory=dict)
    item: Mapping[str, str] = field(default_factory=dict)
    offset: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Shares of courses, what is asked, and the names."""

    shares: Mapping[Course, float]
    asking: tuple[Asking, ...]
    names: tuple[tuple[str, str], ...]
    """First name and pronouns."""
    family_names: tuple[str, ...]


@cache
def load_recipe() -> Recipe:
    """Read ``content/simulation.toml``."""
    told = content_toml("simulation.toml")
    total = sum(told["shares"].values())
    return Recipe(
        shares={Course(key): share / total for key, share in told["shares"].items()},
        asking=tuple(Asking(slug=slug, **one) for slug, one in told["instrument"].items()),
        names=tuple(
            (name, pronouns) for pronouns, names in told["names"].items() for name in names
        ),
        family_names=tuple(told["family_names"]["all"]),
    )
