"""A clinician opens a record: one person whole, in the order in which one asks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.checkins.entries import Entry
from securebase.clinic.checkins.models import CheckIn, Rhythm
from securebase.clinic.checkins.reading import note_checkin_read
from securebase.clinic.episodes.models import Episode, PhaseChange, Signal, TrajectoryPoint
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.library import instrument
from securebase.science.strategies import strategy
from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.words import Strategy, Tier, Trajectory
from securebase.stories.alike_forms import alike_forms
from securebase.stories.open_today import course_of, urgency

LAST_CHECKINS = 6
MOST_OFFERS = 3
"""Ways of working that wait for a decision on one page: more are not read."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion, the card behind it, and the decision on it if there is one."""

    suggestion: Suggestion
    card: Strategy
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """A signal that is not closed, with what was offered for it."""

    signal: Signal
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One measure over time, with what was expected of it before anything was known."""

    prior: Prior
    trajectory: Trajectory
    alike: int = 0
    """How many full forms in a row were identical, if so many that none raises a signal."""

    @property
    def own_prior(self) -> Prior:
        """The prior of somebody of whom the same was known at intake."""
        return self.prior.given(self.trajectory.known)


@dataclass(frozen=True, slots=True)
class Answered:
    """One check-in as it came back: its responses, its words, and whether it was read."""

    checkin: CheckIn
    responses: tuple[Response, ...]
    scores: tuple[Score, ...]
    texts: tuple[tuple[Response, str, str], ...]
    """Free text by response and item, in the order it was asked."""
    read: bool

    @property
    def safety(self) -> bool:
        """Whether a safety question was marked."""
        return any(response.safety for response in self.responses)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the person page shows."""

    at: datetime
    patient: Patient
    bond: Care | None
    episode: Episode | None
    phases: tuple[PhaseChange, ...]
    rhythm: Rhythm | None
    sessions: tuple[TherapySession, ...]
    ruptures: tuple[Rupture, ...]
    noticed: tuple[Noticed, ...]
    closed: tuple[Signal, ...]
    told: tuple[Signal, ...]
    """Signals that only tell something, and ask for no look."""
    courses: tuple[Course, ...]
    checkins: tuple[CheckIn, ...]
    """Every check-in that is over or open, the oldest first."""
    answered: tuple[Answered, ...]
    """The last submitted ones, the newest first."""
    papers: tuple[Response, ...]
    """Forms that were entered from paper, the oldest first."""

    @property
    def held(self) -> tuple[TherapySession, ...]:
        """Sessions that took place, in order."""
        return tuple(s for s in self.sessions if s.state == TherapySession.State.HELD)

    @property
    def to_close(self) -> tuple[TherapySession, ...]:
        """Sessions whose time is over and of which nobody said how they went."""
        planned = TherapySession.State.PLANNED
        return tuple(s for s in self.sessions if s.state == planned and s.starts_at <= self.at)

    @property
    def next_session(self) -> TherapySession | None:
        """The next planned session; None if none is planned."""
        planned = TherapySession.State.PLANNED
        ahead = (s for s in self.sessions if s.state == planned and s.starts_at > self.at)
        return next(ahead, None)

    @property
    def open_ruptures(self) -> tuple[Rupture, ...]:
        """Strains that wait to be talked through."""
        return tuple(rupture for rupture in self.ruptures if rupture.is_open)


def open_record(*, user: User, patient: Patient, at: datetime) -> Record:
    """Gather the record of one person, for somebody who may see it."""
    check_can_treat(user, patient, at=at)
    return gather(patient, at=at)


def gather(patient: Patient, *, at: datetime) -> Record:
    """Return the record of one person; whoever calls has checked that it may be seen."""
    episode = Episode.objects.filter(patient=patient, closed_at__isnull=True).first()
    known = list(Signal.objects.filter(patient=patient))
    signals = [s for s in known if s.tier != Tier.INFO]
    waiting = sorted((s for s in signals if s.state != Signal.State.CLOSED), key=urgency)
    offers = offers_of(waiting)
    checkins = list(CheckIn.objects.filter(patient=patient))
    return Record(
        at=at,
        patient=patient,
        bond=bond_of_record(patient, at=at),
        episode=episode,
        phases=tuple(episode.phase_changes.all()) if episode else (),
        rhythm=Rhythm.objects.filter(patient=patient, ends_on__isnull=True).first(),
        sessions=tuple(TherapySession.objects.filter(patient=patient)),
        ruptures=tuple(Rupture.objects.filter(patient=patient)),
        noticed=tuple(Noticed(s, offers.get(s.pk, ())) for s in waiting),
        closed=tuple(s for s in signals if s.state == Signal.State.CLOSED),
        told=tuple(s for s in known if s.tier == Tier.INFO),
        courses=courses_of(patient),
        checkins=tuple(checkins),
        answered=answered(
            [c for c in reversed(checkins) if c.submitted_at is not None][:LAST_CHECKINS]
        ),
        papers=tuple(Response.objects.filter(patient=patient, source=Response.Source.PAPER)),
    )


@transaction.atomic
def read_checkin(*, checkin: CheckIn, by: User, at: datetime) -> Answered:
    """Open one check-in that was sent; from here on it counts as read."""
    return answered([note_checkin_read(checkin=checkin, by=by, at=at)])[0]


@transaction.atomic
def read_signal(*, signal: Signal, by: User, at: datetime) -> None:
    """Put on the trail that a clinician looked at what is behind a signal."""
    check_can_treat(by, signal.patient, at=at)
    trail.record(Verb.SIGNAL_READ, by=by, at=at, patient=signal.patient_id, about=signal)


def offers_of(signals: Iterable[Signal]) -> dict[UUID, tuple[Offer, ...]]:
    """Return what was offered for each signal, in order, with the latest decision."""
    found: dict[UUID, list[Offer]] = defaultdict(list)
    suggestions = Suggestion.objects.filter(signal__in=[s.pk for s in signals])
    for suggestion in suggestions.prefetch_related("decisions"):
        decision = next(iter(suggestion.decisions.all()), None)
        card = strategy(suggestion.strategy)
        found[suggestion.signal_id].append(Offer(suggestion, card, decision))
    return {pk: tuple(offers) for pk, offers in found.items()}


def at_hand(noticed: Sequence[Noticed]) -> list[tuple[Noticed, tuple[Offer, ...]]]:
    """Return what to show for each signal: what was decided, and a few cards still open.

    No more than a handful wait at a time over all signals of a person, the most pressing
    signal first; the others come up as these are decided on.
    """
    room = MOST_OFFERS
    shown = []
    for one in noticed:
        settled = tuple(offer for offer in one.offers if offer.decision is not None)
        free = [offer for offer in one.offers if offer.decision is None][:room]
        room -= len(free)
        shown.append((one, (*free, *settled)))
    return shown


def answered(checkins: Sequence[CheckIn]) -> tuple[Answered, ...]:
    """Return what came back in each of these check-ins of one person.

    A response belongs to the check-in that was sent at the moment it was answered.
    """
    if not checkins:
        return ()
    patient = checkins[0].patient_id
    responses = Response.objects.filter(
        patient=patient,
        source=Response.Source.CHECKIN,
        answered_at__in=[c.submitted_at for c in checkins],
    ).prefetch_related("scores", "target__patient")
    of_moment: dict[datetime, list[Response]] = defaultdict(list)
    for response in responses:
        of_moment[response.answered_at].append(response)
    return tuple(
        _one(c, of_moment[c.submitted_at]) for c in checkins if c.submitted_at is not None
    )


def _one(checkin: CheckIn, responses: list[Response]) -> Answered:
    order = {name: place for place, name in enumerate(checkin.instruments)}
    responses.sort(key=lambda r: order.get(_entry(r), len(order)))
    return Answered(
        checkin=checkin,
        responses=tuple(responses),
        scores=tuple(score for r in responses for score in r.scores.all()),
        texts=tuple(
            (response, item, text)
            for response in responses
            for item, text in texts_of(response).items()
            if text.strip()
        ),
        read=checkin.read_at is not None,
    )


def _entry(response: Response) -> str:
    """Return the entry of a check-in that a response answers."""
    key = response.target.key if response.target else ""
    return Entry(response.instrument, key).name


def texts_of(response: Response) -> dict[str, str]:
    """Return the free text of a response by item."""
    texts: dict[str, str] = json.loads(response.texts) if response.texts else {}
    return texts


def courses_of(patient: Patient) -> tuple[Course, ...]:
    """Return the measures that have points, in the order of the register of priors."""
    points: dict[str, list[TrajectoryPoint]] = defaultdict(list)
    for point in TrajectoryPoint.objects.filter(patient=patient):
        points[point.measure].append(point)
    whole = whole_measures(points)
    alike = alike_forms(patient.pk, whole)
    return tuple(
        Course(prior, course_of(measure, points[measure]), alike.get(_form_of(measure), 0))
        for measure, prior in load_priors().by_measure.items()
        if measure in whole
    )


def course_behind(signal: Signal) -> Course | None:
    """Return the measure a signal speaks of, as it stood when the signal was raised.

    None if it speaks of no measure that is followed.
    """
    priors = load_priors()
    if signal.measure not in priors:
        return None
    points = list(
        TrajectoryPoint.objects.filter(
            episode=signal.episode_id, measure=signal.measure, at__lte=signal.raised_at
        )
    )
    return Course(priors[signal.measure], course_of(signal.measure, points)) if points else None


def _form_of(measure: str) -> str:
    return measure.partition(".")[0]


def whole_measures(measures: Collection[str]) -> set[str]:
    """Leave out measures that are part of a longer one among them, as PHQ-2 of PHQ-9."""
    items = {measure: _items_of(measure) for measure in measures}
    return {m for m in items if not any(items[m] < items[other] for other in items)}


def _items_of(measure: str) -> frozenset[str]:
    slug, _, scale = measure.partition(".")
    return frozenset(f"{slug}.{item}" for item in instrument(slug).scale(scale).items)
