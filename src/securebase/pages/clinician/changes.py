"""What changed since we met: three sentences built from data, with their uncertainty."""

from __future__ import annotations

from datetime import datetime

from securebase.clinic.checkins.models import CheckIn
from securebase.pages.clinician.wording import day, figure
from securebase.science.words import Better, Point
from securebase.stories.open_record import Course, Record

LIKELY = 1.96
"""Standard deviations either side that hold 95 of 100 normal values."""
BOND = "session-check-in.alliance"


def changes(record: Record) -> tuple[str, str, str]:
    """Return what changed in how the person is, in the work together, and in contact."""
    since = met_at(record)
    return _distress(record, since), _bond(record), _contact(record, since)


def met_at(record: Record) -> datetime:
    """Return when the two last met: the last session held, else the welcome."""
    return record.held[-1].starts_at if record.held else record.patient.welcomed_at


def since_words(record: Record) -> str:
    """Return since when changes are told."""
    if record.held:
        return f"Since the session of {day(record.held[-1].starts_at)}"
    return f"Since the welcome on {day(record.patient.welcomed_at)}"


def _distress(record: Record, since: datetime) -> str:
    moved = [c for c in record.courses if c.prior.better is Better.LOWER and _after(c, since)]
    if not moved:
        return "No symptom score has come in since then."
    course = max(moved, key=lambda c: len(c.trajectory.points))
    new = _after(course, since)
    now = new[-1]
    before = _before(course, since) or (new[0] if new[1:] else None)
    estimate = f"best estimate {figure(now.filtered_mean)} ± {figure(LIKELY * now.filtered_sd)}"
    if before is None or before.value is None or now.value is None:
        return f"{course.prior.name} is {_value(now)} ({estimate}); nothing before to compare."
    return (
        f"{course.prior.name} went from {_value(before)} to {_value(now)} ({estimate})"
        f"{_noise(course, abs(now.value - before.value))}."
    )


def _noise(course: Course, change: float) -> str:
    needed = course.prior.reliable_change
    if needed is None:
        return ""
    beyond = "more than" if change >= needed else "within"
    return f", {beyond} what measurement noise alone can make (under {figure(needed)} points)"


def _bond(record: Record) -> str:
    strain = (
        f" A strain noticed on {day(record.open_ruptures[0].noticed_at)} is still open."
        if record.open_ruptures
        else ""
    )
    course = next((c for c in record.courses if c.prior.measure == BOND), None)
    rated = [p for p in course.trajectory.points if p.value is not None] if course else []
    if not rated:
        return f"The work together has not been rated yet.{strain}"
    now = rated[-1]
    usual = f"{figure(now.predicted_mean)} ± {figure(LIKELY * now.predicted_sd)}"
    return (
        f"Alliance was last rated {_value(now)} on {day(now.at)}; "
        f"{usual} was expected for this person.{strain}"
    )


def _contact(record: Record, since: datetime) -> str:
    over = [c for c in record.checkins if c.due_at > since and c.state != CheckIn.State.OPEN]
    sent = [c for c in over if c.submitted_at is not None]
    waits = _unread(sum(not one.read for one in record.answered))
    if not over:
        return f"No check-in was due since then.{waits}"
    if len(over) == 1:
        return f"The one check-in was {'' if sent else 'not '}answered.{waits}"
    return f"{len(sent)} of {len(over)} check-ins were answered.{waits}"


def _unread(many: int) -> str:
    if not many:
        return ""
    return f" {many} of the last ones {'waits' if many == 1 else 'wait'} to be read."


def _before(course: Course, since: datetime) -> Point | None:
    earlier = [p for p in course.trajectory.points if p.at <= since and p.value is not None]
    return earlier[-1] if earlier else None


def _after(course: Course, since: datetime) -> list[Point]:
    return [p for p in course.trajectory.points if p.at > since and p.value is not None]


def _value(point: Point) -> str:
    return figure(point.value) if point.value is not None else "not answered"
