"""DIP: worse in the days after the first processing session, which often passes.

Prompts about worse symptoms are held for some days and told of instead. Safety never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Kind, Signal

WORSENING = frozenset({Kind.DETERIORATION, Kind.NOT_ON_TRACK})
A_DAY = timedelta(days=1)


def in_window(processed: datetime | None, rules: Rules, *, at: datetime) -> bool:
    """Whether a moment lies in the days after the first processing session."""
    if processed is None:
        return False
    return processed <= at < processed + rules["DIP.14"].thresholds["window"] * A_DAY


def expected_dip(
    held: Sequence[Signal], rules: Rules, *, processed: datetime, at: datetime
) -> Signal | None:
    """Return one signal that tells of all the prompts held, if there are any."""
    if not held:
        return None
    window, first = rules["DIP.14"].thresholds["window"], held[0]
    days = (at - processed) // A_DAY
    until = processed + window * A_DAY
    return raised(
        "DIP.14",
        rules,
        Finding(
            measure=first.measure,
            at=at,
            statistic=float(days),
            threshold=window,
            unit="days",
            because=(
                Because("First processing session", None, processed),
                *dict.fromkeys(b for signal in held for b in signal.because),
            ),
            data={
                "days": float(days),
                "until": f"{until:%d %B}".lstrip("0"),
                "held": ", ".join(signal.rule for signal in held),
            },
            parameters=first.parameters_version,
        ),
    )
