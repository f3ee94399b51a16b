"""From what the rules say to what the clinician is told: merge, rest, cap.

Safety is never held back. Everything else shares a small budget per person, because
rules that are each rarely wrong are together often wrong, and tired eyes miss things.
What only tells, and asks for nothing, uses up none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from securebase.science.signals.rules import Limits, Rules
from securebase.science.words import Kind, Signal


@dataclass(frozen=True, slots=True)
class Past:
    """A signal raised earlier for this person: its kind, and how many sessions in.

    ``open`` while the clinician has not closed it; ``at`` is looked at only for kinds
    that rest for days, ``measure`` only for those of which each measure rests apart.
    """

    kind: Kind
    session: float
    open: bool = False
    rule: str = ""
    measure: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A signal that is not raised now, and why."""

    signal: Signal
    reason: str


@dataclass(frozen=True, slots=True)
class Combined:
    """What is raised, most pressing first, and what is held back with its reason.

    ``not_assessed`` holds, by rule, what is missing before it can be asked.
    """

    raised: tuple[Signal, ...]
    held: tuple[Held, ...]
    not_assessed: Mapping[str, str] = field(default_factory=dict)


def merge_and_cap(
    new: Sequence[Signal], past: Sequence[Past], *, session: float, rules: Rules
) -> Combined:
    """Decide which of the new signals are raised now.

    Parameters
    ----------
    new : sequence of Signal
        What the rules say now, in any order.
    past : sequence of Past
        What was raised earlier for the same person.
    session : float
        Therapy sessions so far; a practice that does not record sessions counts weeks.
    rules : Rules
        The register, for the limits.

    Returns
    -------
    Combined
        Safety signals all raised; of the others at most the agreed number, in the
        register's order, but for what the patient said outright; the rest held: merged
        with an open one, resting, or over the cap.
    """
    raised: list[Signal] = []
    held: list[Held] = []
    recent = [p for p in past if p.kind is not Kind.SAFETY]
    for signal in _merged(new, rules):
        reason = _reason_to_hold(signal, recent, session, rules.limits)
        if reason is None:
            raised.append(signal)
            if signal.kind is not Kind.SAFETY:
                recent.append(
                    Past(
                        signal.kind,
                        session,
                        rule=signal.rule,
                        measure=signal.measure,
                        at=signal.at,
                    )
                )
        else:
            held.append(Held(signal, reason))
    return Combined(tuple(raised), tuple(held))


def _merged(new: Sequence[Signal], rules: Rules) -> list[Signal]:
    """One signal per cause, with the reasons of all; the rule first in the register speaks."""
    limits = rules.limits
    causes: dict[tuple[Kind, str], Signal] = {}
    for signal in sorted(new, key=lambda s: (rules.place(s.rule), s.measure, s.at)):
        own = signal.kind is Kind.SAFETY or signal.kind in limits.apart
        cause = (signal.kind, signal.measure if own else "")
        if (first := causes.get(cause)) is None:
            causes[cause] = signal
        else:
            more = tuple(b for b in signal.because if b not in first.because)
            also = ", ".join(filter(None, (str(first.data.get("also") or ""), signal.rule)))
            causes[cause] = replace(
                first, because=(*first.because, *more), data={**first.data, "also": also}
            )
    return sorted(causes.values(), key=lambda s: limits.order.index(s.kind))


def _reason_to_hold(
    signal: Signal, recent: Sequence[Past], session: float, limits: Limits
) -> str | None:
    if signal.kind is Kind.SAFETY:
        return None
    same = [p for p in recent if _is_the_same(p, signal, limits)]
    if any(p.open for p in same) and not signal.kind.only_tells:
        return "One of this kind is still open; it is the same reason to look."
    if (reason := _resting(signal, same, session, limits)) is not None:
        return reason
    if signal.kind.only_tells or _rules_of(signal) & limits.uncapped:
        return None
    return _over_the_cap(recent, session, limits)


def _is_the_same(past: Past, signal: Signal, limits: Limits) -> bool:
    """Whether an earlier signal is the same reason to look as a new one."""
    if past.kind is not signal.kind:
        return False
    if signal.kind in limits.apart and past.measure != signal.measure:
        return False
    return signal.rule not in limits.strong or past.rule in limits.strong


def _resting(
    signal: Signal, same: Sequence[Past], session: float, limits: Limits
) -> str | None:
    rest = limits.cooldown[signal.kind]
    if any(session - p.session < rest for p in same):
        return f"One of this kind was raised less than {rest:g} sessions ago."
    days = limits.days.get(signal.kind, 0)
    if any(p.at is not None and signal.at - p.at < timedelta(days=days) for p in same):
        return f"One of this kind was raised less than {days:g} days ago."
    return None


def _over_the_cap(recent: Sequence[Past], session: float, limits: Limits) -> str | None:
    prompts = [p for p in recent if not p.kind.only_tells]
    if sum(session - p.session < limits.per_sessions for p in prompts) < limits.prompts:
        return None
    return (
        f"At most {limits.prompts} prompt per person in {limits.per_sessions:g} sessions; "
        "another came first."
    )


def _rules_of(signal: Signal) -> set[str]:
    """Return every rule that speaks in a merged signal."""
    return {signal.rule, *str(signal.data.get("also") or "").split(", ")}
