"""The words for what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from securebase.science.calibrate.count import Calibration, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often one rule is right and wrong in one world, in therapies of one length.

    ``hit``: of those with what is looked for, the share noticed. ``false_therapy`` and
    ``false_session``: of the others, the share of therapies with a signal at any time,
    and of their sessions. ``right``: of those flagged, the share with what is looked for,
    where ``share`` of all have it; ``right_at``, the same at assumed shares.
    """

    rule: str
    world: str
    sessions: int
    hit: Share
    false_therapy: Share
    false_session: Share
    share: float
    right: Share
    right_at: Mapping[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The same at one look, after some sessions: who is flagged, and who improves not."""

    rule: str
    world: str
    seen: int
    flagged: Share
    hit: Share
    false: Share
    right: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """How well the end is foretold after some sessions, of therapies of one length.

    ``next_covered`` and ``end_covered``: share of scores within the 80 % interval.
    ``off`` is the mean distance in points from the score at the end, by way of foretelling.
    ``bins`` holds stated chance of improvement, share that improved, and people.
    """

    world: str
    seen: int
    planned: int
    next_covered: Share
    end_covered: Share
    off: Mapping[str, float]
    improve: Calibration | None
    worsen: Calibration | None
    bins: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """All rules on whole courses, after merging, rests and caps.

    ``prompts`` of 100 sessions; ``ever``: therapies with a prompt; ``noise``: of the
    prompts, the share with nothing behind it.
    """

    world: str
    people: int
    sessions: int
    prompts: Share
    ever: Share
    noise: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything measured in one run."""

    seed: int
    people: int
    rehearsed: int
    rates: tuple[Rate, ...]
    looks: tuple[Look, ...]
    forecasts: tuple[Forecasts, ...]
    together: tuple[Together, ...]
