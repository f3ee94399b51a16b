"""When two people would meet next, if they go on as they have so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.queries import interval_agreed
from securebase.stories.open_today import zone_of_practice

A_WEEK = timedelta(days=7)
"""Between sessions, where no other interval was agreed."""


@dataclass(frozen=True, slots=True)
class Usual:
    """A day, a time on the practice's clock, and how long."""

    day: date
    time: time
    minutes: int


def usual_next(patient: Patient, *, at: datetime) -> Usual | None:
    """Return the slot after the last session, by the days agreed; None without a session.

    A day that has gone by is moved on by as many intervals as it takes.
    """
    meetings = TherapySession.objects.filter(patient=patient)
    kept = meetings.exclude(state=TherapySession.State.CANCELLED)
    last = kept.order_by("-starts_at").first()
    if last is None:
        return None
    agreed, zone = interval_agreed(patient), zone_of_practice()
    step = timedelta(days=agreed.days) if agreed else A_WEEK
    begun, today = last.starts_at.astimezone(zone), at.astimezone(zone).date()
    gone = max((today - begun.date()) // step, 0)
    return Usual(begun.date() + (gone + 1) * step, begun.time(), last.minutes)
