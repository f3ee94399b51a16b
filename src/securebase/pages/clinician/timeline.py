"""What happened, newest first: sessions, check-ins, papers, strains, phases and signals."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.models import Signal
from securebase.clinic.therapy.models import TherapySession
from securebase.pages.clinician.wording import day, says
from securebase.pages.shared.shapes import TimelineEntry
from securebase.science.library import instrument
from securebase.science.words import Tier
from securebase.stories.open_record import Record

MOST = 40


def timeline(record: Record) -> list[TimelineEntry]:
    """Return the last things that happened to this person's care."""
    entries = [
        TimelineEntry(at=record.patient.welcomed_at, title="Welcomed", icon="leaf"),
        *_sessions(record),
        *_checkins(record),
        *_papers(record),
        *_ruptures(record),
        *_phases(record),
        *(_signal(s) for s in record.closed),
        *(_signal(s) for s in record.told),
        *(_signal(noticed.signal) for noticed in record.noticed),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]


def _sessions(record: Record) -> Iterator[TimelineEntry]:
    for session in record.sessions:
        if session.state != TherapySession.State.PLANNED:
            yield TimelineEntry(
                at=session.starts_at,
                title=f"Session {session.get_state_display()}",
                icon="calendar",
            )


def _checkins(record: Record) -> Iterator[TimelineEntry]:
    for checkin in record.checkins:
        if checkin.submitted_at is not None:
            url = reverse("desk_checkin", args=[checkin.pk])
            yield TimelineEntry(
                at=checkin.submitted_at, title="Check-in sent", icon="checkin", url=url
            )
        elif checkin.state == CheckIn.State.MISSED:
            asked = "Check-in" if checkin.rhythm_id else "Form on a handed device"
            yield TimelineEntry(
                at=checkin.closes_at, title=f"{asked} not answered", icon="clock"
            )


def _papers(record: Record) -> Iterator[TimelineEntry]:
    for paper in record.papers:
        yield TimelineEntry(
            at=paper.answered_at,
            title=f"Paper form: {instrument(paper.instrument).name}",
            text=f"Entered {day(paper.recorded_at)}",
            icon="plan",
            url=reverse("desk_response", args=[paper.pk]),
        )


def _ruptures(record: Record) -> Iterator[TimelineEntry]:
    for rupture in record.ruptures:
        yield TimelineEntry(
            at=rupture.noticed_at,
            title=f"Strain noticed: {rupture.get_kind_display()}",
            text=rupture.note,
            icon="rupture",
        )
        if rupture.repaired_at is not None:
            yield TimelineEntry(at=rupture.repaired_at, title="Repair noted", icon="repair")


def _phases(record: Record) -> Iterator[TimelineEntry]:
    for change in record.phases:
        yield TimelineEntry(
            at=change.at, title=f"Phase of care: {change.get_phase_display()}", icon="plan"
        )


def _signal(signal: Signal) -> TimelineEntry:
    title = "A reason to look" if signal.state != Signal.State.CLOSED else "Signal, closed"
    return TimelineEntry(
        at=signal.raised_at,
        title="Worth knowing" if signal.tier == Tier.INFO else title,
        text=says(signal),
        icon="look",
        url=reverse("desk_signal", args=[signal.pk]),
    )
