"""OPEN: a strain that was noted, and no repair since. A reminder, not an estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal

A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Strain:
    """A strain that was noted or noticed, and that nobody said was repaired.

    ``label`` says which; ``held`` counts the sessions held since; 0 also where a practice
    does not keep its sessions here, or where the person has not come back.
    """

    noticed: datetime
    held: int
    measure: str = "strains"
    label: str = "Strain noted, no repair since"


def open_strain(strain: Strain, rules: Rules, *, at: datetime) -> Signal | None:
    """Return a signal if a strain is open after some sessions, or weeks without any."""
    limits = rules["OPEN"].thresholds
    unit = "sessions" if strain.held else "weeks"
    waited = strain.held or (at - strain.noticed) // A_WEEK
    if waited < limits[unit]:
        return None
    return raised(
        "OPEN",
        rules,
        Finding(
            measure=strain.measure,
            at=at,
            statistic=float(waited),
            threshold=limits[unit],
            unit=unit,
            because=(
                Because(strain.label, None, strain.noticed),
                Because("Sessions held since then", float(strain.held)),
            ),
            data={"waited": float(waited), "unit": unit, "held": float(strain.held)},
        ),
    )
