"""A clinician asks how ready somebody is: each domain, the data beside their own view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from securebase.clinic.care.models import Patient
from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.episodes.models import Signal
from securebase.clinic.episodes.queries import open_episode_of
from securebase.clinic.guidance.models import Proceeding, ReadinessView
from securebase.clinic.guidance.readying import last_views, proceedings_visible_to
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.accounts.models import User
from securebase.science.library import instrument
from securebase.science.readiness import Facts, Row, readiness_panel, weigh

LAST_SESSIONS = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """One domain: what the data say, and how the clinician last saw it."""

    row: Row
    view: ReadinessView | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """The panel for one person, and the decisions to go ahead so far."""

    rows: tuple[Weighed, ...]
    proceedings: tuple[Proceeding, ...]

    @property
    def standing(self) -> dict[str, str]:
        """The state of each domain by its key: the clinician's view where there is one."""
        return {
            one.row.domain.key: one.view.view if one.view else one.row.state.value
            for one in self.rows
        }


def see_readiness(*, user: User, patient: Patient, at: datetime) -> Readiness:
    """Return the panel for one person, for somebody who treats them."""
    check_can_treat(user, patient, at=at)
    views = last_views(patient)
    rows = weigh(facts_of(patient, at=at), at=at)
    kept = proceedings_visible_to(user, at=at).filter(patient=patient).select_related("by")
    return Readiness(
        rows=tuple(Weighed(row, views.get(row.domain.key)) for row in rows),
        proceedings=tuple(kept),
    )


def facts_of(patient: Patient, *, at: datetime) -> Facts:
    """Return what is known of a patient that the panel speaks of."""
    return Facts(
        scores=_scores(patient, at=at),
        signals=_signals(patient),
        safety=_safety(patient, at=at),
        strain=_strain(patient),
        distress=_distress(patient, at=at),
        sessions_left=_sessions_left(patient),
    )


def _scores(patient: Patient, *, at: datetime) -> dict[str, tuple[float, datetime]]:
    wanted = {m for domain in readiness_panel().domains for m in domain.measures}
    kept = Score.objects.filter(
        patient=patient, measure__in=wanted, value__isnull=False, at__lte=at
    )
    return {s.measure: (s.value or 0.0, s.at) for s in kept.order_by("at", "pk")}


def _signals(patient: Patient) -> dict[str, datetime]:
    waiting = Signal.objects.filter(patient=patient).exclude(state=Signal.State.CLOSED)
    return {signal.kind: signal.raised_at for signal in waiting.order_by("raised_at")}


def _safety(patient: Patient, *, at: datetime) -> tuple[bool, datetime] | None:
    asking = Response.objects.filter(patient=patient, answered_at__lte=at)
    for response in asking.order_by("-answered_at")[:LAST_SESSIONS]:
        asked = [one.id for one in instrument(response.instrument).items if one.safety]
        if any(response.answers.get(item) is not None for item in asked):
            return bool(response.safety), response.answered_at
    return None


def _strain(patient: Patient) -> datetime | None:
    waiting = Rupture.objects.filter(patient=patient, repaired_at__isnull=True)
    oldest = waiting.order_by("noticed_at").first()
    return oldest.noticed_at if oldest else None


def _distress(patient: Patient, *, at: datetime) -> tuple[tuple[int, datetime], ...]:
    held = TherapySession.objects.filter(
        Q(distress__isnull=False), patient=patient, starts_at__lte=at
    )
    last = held.order_by("-starts_at")[:LAST_SESSIONS]
    return tuple((s.distress, s.starts_at) for s in last if s.distress is not None)


def _sessions_left(patient: Patient) -> int | None:
    episode = open_episode_of(patient)
    if episode is None or episode.planned_sessions is None:
        return None
    held = TherapySession.objects.filter(
        patient=patient, state=TherapySession.State.HELD, starts_at__gte=episode.opened_at
    )
    return max(episode.planned_sessions - held.count(), 0)
