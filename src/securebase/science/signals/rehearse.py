"""Whole courses through every rule: which signals would have been raised, and when.

For measuring how often signals are wrong, and for trying thresholds before they are used:
give invented people, or a practice's own past, and compare what was raised with what is
true of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from securebase.science.errors import BadInput
from securebase.science.signals.after_session import Distress
from securebase.science.signals.assess import Situation, assess
from securebase.science.signals.combine import Combined, Past
from securebase.science.signals.mending import Mending
from securebase.science.signals.open_strain import Strain
from securebase.science.signals.rules import Rules, load_rules
from securebase.science.signals.rupture import Tension
from securebase.science.signals.silence import Asked, Attendance
from securebase.science.signals.views import Noticed, Sides
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import Priors, load_priors
from securebase.science.words import Kind, Trajectory

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One person's occasions, in order: each a moment with what was asked and said.

    Every sequence has one entry for each of ``times``; None where nothing was said, and
    empty where it was never asked. ``scores`` by measure, raw points. ``tension`` and
    ``mended`` are the patient's 0 to 4, ``noticed`` the clinician's; ``ended`` is distress
    at the end of the session, 0 to 10. ``answered`` and ``came`` say whether the check-in
    was sent and the session held; where absent, both are taken as true. ``processed`` is
    when the first processing session was.
    """

    times: Sequence[datetime]
    sessions: Sequence[float]
    scores: Mapping[str, Values]
    planned_sessions: int | None = None
    tension: Values = ()
    mended: Values = ()
    noticed: Values = ()
    ended: Values = ()
    answered: Sequence[bool] = ()
    came: Sequence[bool] = ()
    processed: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse sequences of different lengths."""
        given = {
            **self.scores,
            "sessions": self.sessions,
            "tension": self.tension or self.times,
            "mended": self.mended or self.times,
            "noticed": self.noticed or self.times,
            "ended": self.ended or self.times,
            "answered": self.answered or self.times,
            "came": self.came or self.times,
        }
        for name, values in given.items():
            if len(values) != len(self.times):
                raise BadInput(
                    f"{name} has {len(values)} entries for {len(self.times)} times. "
                    "Give one for each, None where nothing was said."
                )


@dataclass(slots=True)
class _Memory:
    """What a person's course has left behind so far."""

    past: list[Past] = field(default_factory=list)
    strain: tuple[datetime, float] | None = None


def rehearse(
    people: Sequence[Life],
    *,
    rules: Rules | None = None,
    priors: Priors | None = None,
    closed_after: float = 1.0,
) -> list[list[Combined]]:
    """Ask every rule at every occasion of many people.

    Parameters
    ----------
    people : sequence of Life
        Courses without anybody's name.
    rules : Rules, optional
        The register to try; by default the one that comes with the program.
    priors : Priors, optional
        The priors to follow with.
    closed_after : float
        Sessions after which the clinician closes a signal; until then its kind does not
        speak again.

    Returns
    -------
    list of list of Combined
        For each person, what was raised and held at each occasion, in order. ``raised``
        is after merging, rests and caps; ``held`` has what the rules said besides.

    Examples
    --------
    >>> from datetime import datetime, timedelta, timezone
    >>> start = datetime(2026, 1, 5, tzinfo=timezone.utc)
    >>> weeks = [start + timedelta(weeks=i) for i in range(5)]
    >>> one = Life(times=weeks, sessions=range(5),
    ...            scores={"session-check-in.alliance": [8, 8, 8, 8, 4]})
    >>> [[s.rule for s in told.raised] for told in rehearse([one])[0]]
    [[], [], [], [], ['RUP.R1']]
    """
    register, known = rules or load_rules(), priors or load_priors()
    return [list(_course(one, register, known, closed_after)) for one in people]


def _course(
    life: Life, rules: Rules, priors: Priors, closed_after: float
) -> Iterator[Combined]:
    lines = [
        follow(
            life.times,
            values,
            prior=priors[measure],
            sessions=life.sessions,
            planned_sessions=life.planned_sessions,
        )
        for measure, values in life.scores.items()
    ]
    memory = _Memory()
    for i in range(len(life.times)):
        now = _situation(life, i, lines, memory)
        told = assess(now, rules=rules, priors=priors)
        yield told
        _remember(memory, told, now, closed_after)


def _situation(life: Life, i: int, lines: list[Trajectory], memory: _Memory) -> Situation:
    at = life.times[i]
    ended, mended, strain = _at(life.ended, i), _at(life.mended, i), memory.strain
    return Situation(
        at=at,
        session=life.sessions[i],
        trajectories=tuple(
            line.until(i + 1) for line in lines if line.points[i].value is not None
        ),
        sides=_sides(life, i),
        attendance=_attendance(life, i),
        strain=Strain(strain[0], int(life.sessions[i] - strain[1])) if strain else None,
        mending=Mending(mended, at, strain[0]) if strain and mended is not None else None,
        processed=life.processed,
        ended=None if ended is None else Distress(ended, at),
        past=tuple(memory.past),
    )


def _sides(life: Life, i: int) -> Sides:
    at, said, noticed = life.times[i], _at(life.tension, i), _at(life.noticed, i)
    return Sides(
        tension=None if said is None else Tension(said, at),
        noticed=None if noticed is None else Noticed(noticed, at),
        missed=at if life.came and not life.came[i] else None,
    )


def _attendance(life: Life, i: int) -> Attendance | None:
    """Return attendance where it is new: something was missed now."""
    answered = not life.answered or life.answered[i]
    came = not life.came or life.came[i]
    if answered and came:
        return None
    return Attendance(
        asked=_over(life.times, life.answered, i), sessions=_over(life.times, life.came, i)
    )


def _over(times: Sequence[datetime], kept: Sequence[bool], i: int) -> tuple[Asked, ...]:
    return tuple(Asked(at, yes) for at, yes in zip(times[: i + 1], kept, strict=False))


def _remember(memory: _Memory, told: Combined, now: Situation, closed_after: float) -> None:
    """Keep what was raised; a strain stays open until it is found repaired."""
    memory.past = [_aged(past, now.session, closed_after) for past in memory.past]
    for signal in told.raised:
        memory.past.append(
            Past(
                signal.kind,
                now.session,
                open=closed_after > 0,
                rule=signal.rule,
                measure=signal.measure,
                at=now.at,
            )
        )
        if signal.kind is Kind.RUPTURE and memory.strain is None:
            memory.strain = (now.at, now.session)
        elif signal.kind in {Kind.REPAIR, Kind.OPEN_RUPTURE}:
            memory.strain = None


def _aged(past: Past, session: float, closed_after: float) -> Past:
    waits = past.open and session + 1 - past.session < closed_after
    return (
        past
        if waits == past.open
        else Past(past.kind, past.session, rule=past.rule, measure=past.measure, at=past.at)
    )


def _at(values: Values, i: int) -> float | None:
    return values[i] if values else None
