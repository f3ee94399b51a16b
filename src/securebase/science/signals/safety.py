"""SAFE: a safety question was marked. Shown, never scored, never held back.

There is no rule on free text: words about dying are read by a person, not sorted by a
program that would miss some and so seem to clear them.
"""

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
    measure = f"{answer.instrument}.{answer.item}"
    rule = "SAFE2" if measure in rules["SAFE2"].measures else "SAFE1"
    threshold = rules[rule].thresholds["answer"]
    if answer.value < threshold:
        return None
    label = answer.label or f"question {answer.item}"
    return raised(
        rule,
        rules,
        Finding(
            measure=measure,
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
