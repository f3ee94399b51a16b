"""What may be marked on a trajectory besides its scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """A phase of care from ``at`` until the next; ``shaded`` for a processing window."""

    at: datetime
    label: str
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class RuptureMark:
    """A strain in the working relationship; filled once it is repaired."""

    at: datetime
    label: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class CutoffLine:
    """A published threshold in raw points, and what it separates."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Where a score to come is expected, in raw points."""

    at: datetime
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything marked on one trajectory, each kind in order of time."""

    phases: tuple[PhaseMark, ...] = ()
    sessions: tuple[datetime, ...] = ()
    ruptures: tuple[RuptureMark, ...] = ()
    cutoffs: tuple[CutoffLine, ...] = ()
