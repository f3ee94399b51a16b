"""DATA: answers that say little: the same each time, very fast, or with many gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from securebase.science.signals.raising import Finding, raised
from securebase.science.signals.rules import Rules
from securebase.science.words import Answers, Because, Signal

MOST_SKIPPED = 0.2
"""A form with a larger share left out is not counted as answered the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form as it was answered, and how often the same answers came in a row.

    ``seconds`` None: how long it took is not known.
    """

    instrument: str
    name: str
    at: datetime
    asked: int
    skipped: int
    same_in_a_row: int = 1
    seconds: float | None = None

    def is_constant(self, rules: Rules) -> bool:
        """Whether its scores say too little to raise a signal on."""
        return self.same_in_a_row >= rules["DATA.SAME"].thresholds["forms"]


def same_in_a_row(forms: Sequence[Answers]) -> int:
    """Return how many of the newest forms are as good as full, and alike in every answer.

    Parameters
    ----------
    forms : sequence of mapping
        Answers to one instrument, the oldest first.

    Returns
    -------
    int
        0 if more than a fifth of the newest is skipped, or it has only one question; 1
        if it stands alone.

    Examples
    --------
    >>> same_in_a_row([{"1": 0, "2": 3}, {"1": 1, "2": 2}, {"1": 1, "2": 2}])
    2
    """
    count = 0
    for answers in reversed(forms):
        if not _full(answers) or dict(answers) != dict(forms[-1]):
            break
        count += 1
    return count


def quality(form: Form, rules: Rules) -> tuple[Signal, ...]:
    """Return every rule on the answers of one form that holds."""
    found = (_same(form, rules), _fast(form, rules), _gaps(form, rules))
    return tuple(signal for signal in found if signal is not None)


def _full(answers: Answers) -> bool:
    skipped = sum(value is None for value in answers.values())
    return len(answers) > 1 and skipped <= MOST_SKIPPED * len(answers)


def _same(form: Form, rules: Rules) -> Signal | None:
    if not form.is_constant(rules):
        return None
    threshold = rules["DATA.SAME"].thresholds["forms"]
    now = float(form.same_in_a_row)
    return _signal("DATA.SAME", form, rules, unit="forms", limit=threshold, data={"now": now})


def _fast(form: Form, rules: Rules) -> Signal | None:
    limits = rules["DATA.FAST"].thresholds
    if form.seconds is None or form.asked < limits["questions"]:
        return None
    limit = limits["seconds"] / limits["questions"] * form.asked
    if form.seconds >= limit:
        return None
    told: dict[str, float | str | None] = {
        "now": float(round(form.seconds)),
        "asked": float(form.asked),
    }
    return _signal("DATA.FAST", form, rules, unit="seconds", limit=limit, data=told)


def _gaps(form: Form, rules: Rules) -> Signal | None:
    limits = rules["DATA.GAPS"].thresholds
    if form.asked < limits["questions"] or form.skipped == form.asked:
        return None
    if form.skipped <= limits["share"] * form.asked:
        return None
    told: dict[str, float | str | None] = {
        "now": float(form.skipped),
        "asked": float(form.asked),
        "percent": f"{limits['share']:.0%}",
    }
    limit = limits["share"] * form.asked
    return _signal("DATA.GAPS", form, rules, unit="questions", limit=limit, data=told)


def _signal(
    rule: str,
    form: Form,
    rules: Rules,
    *,
    unit: str,
    limit: float,
    data: Mapping[str, float | str | None],
) -> Signal:
    now = float(data["now"] or 0.0)
    return raised(
        rule,
        rules,
        Finding(
            measure=form.instrument,
            at=form.at,
            statistic=now,
            threshold=limit,
            unit=unit,
            because=(Because(f"{form.name}: {unit}", now, form.at),),
            data={**data, "name": form.name},
        ),
    )
