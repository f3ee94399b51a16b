"""What a partner sees of a person, section by section: the same for both of them.

The partner's page and the patient's "view as" are this one description, so that the
preview cannot show anything else than what will be shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.consent.words import offered
from securebase.pages.shared.charts import trajectory_chart
from securebase.pages.shared.language.content import spoken
from securebase.people.access.words import Category
from securebase.stories.open_record import Course
from securebase.stories.share_with_partner import Seen

MOST_SESSIONS = 8
"""Further ahead a list of times tells nobody more."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of content: its name, facts as (word, value), and charts."""

    name: str
    facts: tuple[tuple[str, str], ...] = ()
    charts: tuple[SafeString, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of this kind yet."""
        return not (self.facts or self.charts)


def sections(seen: Seen) -> list[Section]:
    """Return the sections a partner sees, in the order in which kinds are offered."""
    filled = {
        Category.SCHEDULE: lambda name: Section(name, facts=_times(seen)),
        Category.MEASURE: lambda name: Section(name, charts=tuple(map(_chart, seen.courses))),
        Category.PLAN: lambda name: Section(name, facts=_plan(seen)),
    }
    return [
        filled.get(category, Section)(PLAIN.get(category, kind.name))
        for category, kind in offered().kinds.items()
        if category in seen.categories
    ]


PLAIN = {
    Category.SCHEDULE: gettext_noop("Schedule"),
    Category.MEASURE: gettext_noop("Course over time"),
    Category.PLAN: gettext_noop("Plan"),
    Category.PROGRESS: gettext_noop("Progress notes"),
    Category.SOCIAL: gettext_noop("Social needs"),
    Category.NETWORK: gettext_noop("Support map"),
    Category.SUBSTANCE: gettext_noop("Substance use"),
}
"""Kinds as they are said to professionals."""


def _times(seen: Seen) -> tuple[tuple[str, str], ...]:
    shown = seen.sessions[:MOST_SESSIONS]
    rows = [
        (gettext_noop("Next session") if number == 0 else gettext_noop("Then"), _moment(at))
        for number, at in enumerate(shown)
    ]
    if seen.next_checkin is not None:
        rows.append((gettext_noop("Next check-in"), _moment(seen.next_checkin)))
    return tuple(rows)


def _plan(seen: Seen) -> tuple[tuple[str, str], ...]:
    if seen.plan is None:
        return ()
    since = date_format(timezone.localtime(seen.plan.since), gettext("j F Y"))
    told = {"phase": spoken(str(seen.plan.phase)), "day": since}
    rows = [(gettext_noop("Phase of care"), gettext("%(phase)s, since %(day)s") % told)]
    if seen.plan.planned_sessions:
        rows.append((gettext_noop("Sessions planned"), str(seen.plan.planned_sessions)))
    return tuple(rows)


def _chart(course: Course) -> SafeString:
    prior = course.prior
    return trajectory_chart(
        course.trajectory,
        title=prior.name,
        key=prior.measure.replace(".", "-"),
        span=(prior.low, prior.high),
    )


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), gettext("l j F, H:i"))  # type: ignore[arg-type]
