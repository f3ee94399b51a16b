"""The trajectory charts of one person: one measure each, with what was marked on the way."""

from __future__ import annotations

from django.utils.safestring import SafeString

from securebase.clinic.episodes.models import Episode
from securebase.pages.shared.charts import Marks, PhaseMark, RuptureMark, trajectory_chart
from securebase.stories.open_record import Course, Record


def charts(record: Record) -> list[SafeString]:
    """Return one chart for each measure that has scores."""
    return [_chart(course, record) for course in record.courses]


def _chart(course: Course, record: Record) -> SafeString:
    return trajectory_chart(
        course.trajectory,
        title=course.prior.name,
        key=course.prior.measure.replace(".", "-"),
        span=(course.prior.low, course.prior.high),
        marks=_marks(course, record),
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
