"""A clinician opens the therapy desk: the sessions of these days, and what waits of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from securebase.clinic.notes.models import Note, NoteDraft
from securebase.clinic.notes.queries import drafts_visible_to
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.queries import sessions_visible_to
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys
from securebase.stories.open_today import zone_of_practice

AHEAD = timedelta(days=7)
BACK = timedelta(days=28)
MOST = 40


@dataclass(frozen=True, slots=True)
class Listed:
    """The therapy desk of one clinician."""

    today: tuple[TherapySession, ...]
    """Each with ``noted``: whether a note of it is signed."""
    ahead: tuple[TherapySession, ...]
    """Planned for the week that follows."""
    unwritten: tuple[TherapySession, ...]
    """Held in the last four weeks, with no note signed by anybody and none begun by this
    clinician; the last held first."""
    more_unwritten: int
    """How many more of these there are."""
    drafts: tuple[NoteDraft, ...]
    """One's own notes that are not signed, the last kept first."""


def list_sessions(*, user: User, at: datetime) -> Listed:
    """Gather the sessions of one clinician; names are opened with one query."""
    here = at.astimezone(zone_of_practice())
    morning = here.replace(hour=0, minute=0, second=0, microsecond=0)
    evening = morning + timedelta(days=1)
    mine = sessions_visible_to(user, at=at).filter(clinician=user).select_related("patient")
    signed = Exists(Note.objects.filter(session=OuterRef("pk")))
    begun = Exists(NoteDraft.objects.filter(session=OuterRef("pk"), author=user))
    planned, held = TherapySession.State.PLANNED, TherapySession.State.HELD
    unwritten = mine.filter(state=held, starts_at__lt=morning, starts_at__gte=morning - BACK)
    unwritten = unwritten.exclude(signed).exclude(begun).order_by("-starts_at")
    waiting = _some(unwritten)
    listed = Listed(
        today=_some(
            mine.filter(starts_at__gte=morning, starts_at__lt=evening)
            .exclude(state=TherapySession.State.CANCELLED)
            .annotate(noted=signed)
        ),
        ahead=_some(
            mine.filter(starts_at__gte=evening, starts_at__lt=evening + AHEAD, state=planned)
        ),
        unwritten=waiting,
        more_unwritten=unwritten.count() - MOST if len(waiting) == MOST else 0,
        drafts=tuple(
            drafts_visible_to(user, at=at)
            .filter(author=user)
            .select_related("patient", "session")[:MOST]
        ),
    )
    hold_keys(one.patient_id for part in (listed.today, listed.ahead) for one in part)
    hold_keys(one.patient_id for one in listed.unwritten)
    hold_keys(one.patient_id for one in listed.drafts)
    return listed


def _some(sessions: QuerySet[TherapySession]) -> tuple[TherapySession, ...]:
    return tuple(sessions[:MOST])
