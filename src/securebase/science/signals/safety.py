"""SAFE1: a safety question was marked. Shown, never scored, never held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Because, Signal


@dataclass(frozen=True, slots=True)
class SafetyAnswer:
    """An answer to a question about death, self-harm or suicide, as it was given.

    ``label`` is how the page names the question, for instance ``question 9``.
    """

    instrument: str
    item: str
    value: int
    at: datetime
    label: str = ""


def safety(answer: SafetyAnswer, rules: Rules) -> Signal | None:
    """Return a signal if the answer is above the lowest; the same day matters."""
    threshold = rules["SAFE1"].thresholds["answer"]
    if answer.value < threshold:
        return None
    label = answer.label or f"question {answer.item}"
    return raised(
        "SAFE1",
        rules,
        Finding(
            measure=f"{answer.instrument}.{answer.item}",
            at=answer.at,
            statistic=float(answer.value),
            threshold=threshold,
            unit="answer",
            because=(Because(label=label, value=float(answer.value), at=answer.at),),
            data={
                "now": float(answer.value),
                "item": label,
                "instrument": answer.instrument.upper(),
            },
        ),
    )
