"""What may be marked on a trajectory besides its scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from securebase.science.words import Point


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


Timed = TypeVar("Timed", "Point", Expected, PhaseMark, RuptureMark)


def on_the_readers_clock(things: Iterable[Timed]) -> tuple[Timed, ...]:
    """Return the same things with their moments as the reader's clock shows them."""
    return tuple(replace(thing, at=local(thing.at)) for thing in things)


def marks_on_the_readers_clock(marks: Marks) -> Marks:
    """Return the same marks with every moment as the reader's clock shows it."""
    return replace(
        marks,
        phases=on_the_readers_clock(marks.phases),
        sessions=tuple(local(moment) for moment in marks.sessions),
        ruptures=on_the_readers_clock(marks.ruptures),
    )


def local(at: datetime) -> datetime:
    """Return the moment as the reader's clock shows it; a naive one is left as it is."""
    return timezone.localtime(at) if timezone.is_aware(at) else at
