"""The trajectory charts of one person: one measure each, with what was marked on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
from django.utils.safestring import SafeString

from securebase.clinic.episodes.models import Episode
from securebase.pages.shared.charts import (
    Expected,
    Marks,
    PhaseMark,
    RuptureMark,
    trajectory_chart,
)
from securebase.science.trajectory.expect import expected_course
from securebase.stories.open_record import Course, Record

A_WEEK = timedelta(weeks=1)
MOST_WEEKS_AHEAD = 26
"""Further ahead a chart would be mostly future."""


def charts(record: Record, courses: Iterable[Course] | None = None) -> list[SafeString]:
    """Return one chart for each measure that has scores, or for some of them."""
    shown = record.courses if courses is None else courses
    return [_chart(course, record) for course in shown]


def _chart(course: Course, record: Record) -> SafeString:
    return trajectory_chart(
        course.trajectory,
        title=course.prior.name,
        key=course.prior.measure.replace(".", "-"),
        span=(course.prior.low, course.prior.high),
        marks=_marks(course, record),
        future=_ahead(course, record),
    )


def _ahead(course: Course, record: Record) -> tuple[Expected, ...]:
    """Return where scores are expected until the planned end, at a session a week."""
    given = [point for point in course.trajectory.points if point.value is not None]
    planned = record.episode.planned_sessions if record.episode else None
    left = min((planned or 0) - len(record.held), MOST_WEEKS_AHEAD)
    if left < 1 or not given or given[0].value is None:
        return ()
    start, last = given[0].at, max(given[-1].at, record.at)
    steps = np.arange(1, left + 1)
    weeks = (last - start) / A_WEEK + steps
    met = sum(session.starts_at >= start for session in record.held)
    sessions = (met if record.held else (last - start) // A_WEEK) + steps
    band = expected_course(given[0].value, course.own_prior, weeks=weeks, sessions=sessions)
    return tuple(
        Expected(at=last + int(step) * A_WEEK, low=float(low), high=float(high))
        for step, low, high in zip(steps, band.low, band.high, strict=True)
    )


def _marks(course: Course, record: Record) -> Marks:
    start = course.trajectory.points[0].at
    return Marks(
        phases=tuple(
            PhaseMark(
                at=max(change.at, start),
                label=change.get_phase_display(),
                shaded=change.phase == Episode.Phase.PROCESS,
            )
            for change in record.phases
        ),
        sessions=tuple(s.starts_at for s in record.held if s.starts_at >= start),
        ruptures=tuple(
            RuptureMark(at=r.noticed_at, label=r.get_kind_display(), repaired=not r.is_open)
            for r in reversed(record.ruptures)
            if r.noticed_at >= start
        ),
    )
