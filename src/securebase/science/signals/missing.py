"""What could not be asked: rules without their inputs, each with what is missing.

Absence of a signal then does not read as "all is well".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from securebase.science.signals.rules import Rules

if TYPE_CHECKING:
    from securebase.science.signals.situation import Situation

NEEDS: dict[str, tuple[str, Callable[[Situation], bool]]] = {
    "SAFE1": ("answers to safety questions", lambda s: bool(s.safety)),
    "RUP.R2": ("an answer about tension", lambda s: s.sides.tension is not None),
    "RUP.GAP": (
        "your rating and the patient's answer on one session",
        lambda s: s.sides.noticed is not None and s.sides.tension is not None,
    ),
    "OPEN": ("a strain that is open", lambda s: s.strain is not None),
    "ENG.TWO": ("check-ins that are over", lambda s: s.attendance is not None),
    "ENG.GAP": (
        "an agreed interval between sessions",
        lambda s: s.attendance is not None and s.attendance.days_agreed is not None,
    ),
    "REPAIR.BACK": ("an answer on how far it is mended", lambda s: s.mending is not None),
    "DISS.CUT": ("a dissociation questionnaire", lambda s: s.dissociation is not None),
    "OVER.END": ("distress at the end of a session", lambda s: s.ended is not None),
    "OVER.DAY": (
        "distress at the end of a session and the day after",
        lambda s: s.day_after is not None,
    ),
    "SKILL.WORSE": ("distress before and after exercises", lambda s: bool(s.tried)),
    "NEED.HELP": ("a screen of social needs", lambda s: s.needs is not None),
    "DATA.SAME": ("answered forms", lambda s: bool(s.forms)),
    "DATA.FAST": ("the time a form took", lambda s: any(f.seconds for f in s.forms)),
}


def not_assessed(situation: Situation, rules: Rules) -> dict[str, str]:
    """Return what is missing, by rule, for every rule that could not be asked."""
    return dict(_missing(situation, rules))


def _missing(situation: Situation, rules: Rules) -> Iterator[tuple[str, str]]:
    rated = {trajectory.measure for trajectory in situation.trajectories}
    for rule in rules.by_id.values():
        if rule.id in NEEDS:
            what, given = NEEDS[rule.id]
            if not given(situation):
                yield rule.id, f"not assessed: {what}"
        elif rule.id not in SHARED and not rated & set(rule.measures):
            yield rule.id, "not assessed: a new score of " + " or ".join(rule.measures)


SHARED = frozenset(
    {"SAFE2", "RUP.R4", "ENG.RATE", "ENG.MISS", "DIP.14", "DISS.RC", "DATA.GAPS"}
)
"""Rules whose inputs are those of another rule here."""
