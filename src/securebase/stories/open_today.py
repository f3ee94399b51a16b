"""A clinician opens the day: who to look at first, and why, and what was promised.

The number of queries does not grow with the number of patients, and only the names
that will be shown are opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.queries import open_bonds, patients_treated_by, the_practice
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.models import Signal, TrajectoryPoint
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys
from securebase.science.signals.rules import load_rules
from securebase.science.strategies import strategy
from securebase.science.trajectory.prior import load_priors
from securebase.science.words import Better, Kind, Makeup, Point, Tier, Trajectory

MOST_PEOPLE = 9
"""People shown under "Look first" besides those with a safety answer, who all are."""
MOST_PROMISES = 6
SPARK_POINTS = 10
"""How far back an unread check-in still counts as a promise of today."""
QUIET_WINDOW = timedelta(days=7)

TIERS = [Tier.NOW.value, Tier.LOOK.value, Tier.INFO.value]


@dataclass(frozen=True, slots=True)
class LookFirst:
    """One person worth a look: the most pressing reason, and how many more there are."""

    patient: Patient
    signal: Signal
    others: int
    course: Trajectory | None
    attempt: str
    """Title of the first suggestion not yet decided on; empty if there is none."""
    session: TherapySession | None
    """The session with this person today, if there is one."""


@dataclass(frozen=True, slots=True)
class SessionToday:
    """A session of today, and the tier of the person's most pressing reason to look."""

    session: TherapySession
    tier: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What one person sent and nobody has read: the first of it, and by when it was due."""

    checkin: CheckIn
    others: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Quiet:
    """What needs nothing now: people without a reason to look, check-ins not answered."""

    people: int
    on_their_way: int
    not_answered: int


@dataclass(frozen=True, slots=True)
class Today:
    """The day of one clinician."""

    at: datetime
    """Now, in the zone of the practice."""
    look_first: tuple[LookFirst, ...]
    more_people: int
    sessions: tuple[SessionToday, ...]
    promises: tuple[Promise, ...]
    more_promises: int
    quiet: Quiet


def open_today(*, user: User, at: datetime) -> Today:
    """Gather the day of one clinician."""
    here = at.astimezone(zone_of_practice())
    mine = patients_treated_by(user, at=at)
    signals = first_signals(waiting_signals(mine, at=at))
    shown = _shown(signals)
    sessions = _sessions_of_day(user, here)
    unread = unread_checkins(mine, at=at)
    waiting = list(CheckIn.objects.filter(pk__in=list(unread)[:MOST_PROMISES]))
    patients = _people(
        [s.patient_id for s, _ in shown]
        + [s.patient_id for s in sessions]
        + [checkin.patient_id for checkin in waiting]
    )
    _give_patients((*sessions, *waiting), patients)
    return Today(
        at=here,
        look_first=_rows(shown, patients, sessions, at=at),
        more_people=len(signals) - len(shown),
        sessions=tuple(
            SessionToday(s, signals[s.patient_id][0].tier if s.patient_id in signals else "")
            for s in sessions
        ),
        promises=_promises(waiting, unread, user, at=here),
        more_promises=len(unread) - len(waiting),
        quiet=_quiet(mine, signals, at=at),
    )


def zone_of_practice() -> ZoneInfo:
    """Return the zone in which the practice reads its clock."""
    practice = the_practice()
    return ZoneInfo(practice.time_zone if practice else "Europe/London")


def waiting_signals(patients: QuerySet[Patient], *, at: datetime) -> QuerySet[Signal]:
    """Return the signals of these people that ask for a look now."""
    returned = Q(state=Signal.State.LATER, later_until__lte=at)
    return Signal.objects.filter(
        Q(state=Signal.State.OPEN) | returned, patient__in=patients.values("pk")
    ).exclude(tier=Tier.INFO.value)


def first_signals(signals: Iterable[Signal]) -> dict[UUID, tuple[Signal, int]]:
    """Merge signals per person: the most pressing, and how many others there are."""
    of_person: dict[UUID, list[Signal]] = defaultdict(list)
    for signal in signals:
        of_person[signal.patient_id].append(signal)
    firsts = [(min(all_, key=urgency), len(all_) - 1) for all_ in of_person.values()]
    firsts.sort(key=lambda pair: urgency(pair[0]))
    return {signal.patient_id: (signal, others) for signal, others in firsts}


def urgency(signal: Signal) -> tuple[int, int, float]:
    """Return the place of a signal in a line: tier, then kind, then the newest first.

    Kinds stand in the order of the register.
    """
    kind = load_rules().limits.order.index(Kind(signal.kind))
    return TIERS.index(signal.tier), kind, -signal.raised_at.timestamp()


def unread_checkins(patients: QuerySet[Patient], *, at: datetime) -> dict[UUID, int]:
    """Return the first check-in of each person that nobody has read.

    With each comes how many more of that person wait; who wrote first comes first.
    """
    sent = CheckIn.objects.filter(
        state=CheckIn.State.SUBMITTED,
        read_at__isnull=True,
        submitted_at__lte=at,
        patient__in=patients.values("pk"),
    )
    unread: dict[UUID, list[UUID]] = defaultdict(list)
    for pk, patient in sent.order_by("submitted_at", "pk").values_list("pk", "patient_id"):
        unread[patient].append(pk)
    return {waiting[0]: len(waiting) - 1 for waiting in unread.values()}


def course_of(measure: str, points: Sequence[TrajectoryPoint]) -> Trajectory:
    """Return kept points of one measure as the trajectory that charts draw."""
    priors = load_priors()
    return Trajectory(
        measure=measure,
        better=priors[measure].better if measure in priors else Better.NEITHER,
        points=tuple(
            Point(
                at=p.at,
                value=p.value,
                filtered_mean=p.filtered_mean,
                filtered_sd=p.filtered_sd,
                predicted_mean=p.predicted_mean,
                predicted_sd=p.predicted_sd,
                innovation=p.innovation,
                band_low=p.band_low,
                band_high=p.band_high,
                p_improve=p.p_improve,
                p_deteriorate=p.p_deteriorate,
                makeup=_makeup(p),
                clipped=p.clipped,
            )
            for p in points
        ),
        parameters_version=points[-1].parameters_version if points else "",
        known=points[-1].intake if points else {},
    )


def _makeup(point: TrajectoryPoint) -> Makeup | None:
    """Return what a kept estimate is made of; None for one kept before that was kept."""
    parts = point.curve, point.past, point.last, point.weight
    told = [part for part in parts if part is not None]
    return Makeup(*told) if len(told) == len(parts) else None


def _shown(signals: Mapping[UUID, tuple[Signal, int]]) -> list[tuple[Signal, int]]:
    """Keep every safety answer, and of the others as many as a morning can hold."""
    firsts = list(signals.values())
    now = [pair for pair in firsts if pair[0].tier == Tier.NOW]
    rest = [pair for pair in firsts if pair[0].tier != Tier.NOW]
    return now + rest[:MOST_PEOPLE]


def _sessions_of_day(user: User, here: datetime) -> list[TherapySession]:
    morning = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return list(
        TherapySession.objects.filter(
            clinician=user,
            starts_at__gte=morning,
            starts_at__lt=morning + timedelta(days=1),
        ).exclude(state=TherapySession.State.CANCELLED)
    )


def _people(ids: Iterable[UUID]) -> dict[UUID, Patient]:
    wanted = set(ids)
    hold_keys(wanted)
    return Patient.objects.in_bulk(list(wanted))


def _give_patients(
    things: Iterable[TherapySession | CheckIn], patients: Mapping[UUID, Patient]
) -> None:
    for thing in things:
        thing.patient = patients[thing.patient_id]


def _rows(
    shown: Sequence[tuple[Signal, int]],
    patients: Mapping[UUID, Patient],
    sessions: Sequence[TherapySession],
    *,
    at: datetime,
) -> tuple[LookFirst, ...]:
    courses = _courses([signal for signal, _ in shown])
    attempts = _attempts([signal for signal, _ in shown], at=at)
    meeting = {s.patient_id: s for s in reversed(sessions)}
    return tuple(
        LookFirst(
            patient=patients[signal.patient_id],
            signal=signal,
            others=others,
            course=courses.get((signal.patient_id, signal.measure)),
            attempt=attempts.get(signal.pk, ""),
            session=meeting.get(signal.patient_id),
        )
        for signal, others in shown
    )


def _courses(signals: Sequence[Signal]) -> dict[tuple[UUID, str], Trajectory]:
    """Return the last few points of the measure that each signal is about."""
    wanted = {(s.patient_id, s.measure) for s in signals}
    counted = TrajectoryPoint.objects.filter(
        patient__in={patient for patient, _ in wanted},
        measure__in={measure for _, measure in wanted},
    ).annotate(
        from_last=Window(
            RowNumber(),
            partition_by=[F("patient"), F("measure")],
            order_by=[F("at").desc(), F("pk").desc()],
        )
    )
    points: dict[tuple[UUID, str], list[TrajectoryPoint]] = defaultdict(list)
    for point in counted.filter(from_last__lte=SPARK_POINTS).order_by("at", "pk"):
        points[point.patient_id, point.measure].append(point)
    return {key: course_of(key[1], found) for key, found in points.items() if key in wanted}


def _attempts(signals: Sequence[Signal], *, at: datetime) -> dict[UUID, str]:
    """Return the title of the first suggestion still to decide on, for each signal."""
    put_off = Q(choice=Decision.Choice.LATER, return_at__lte=at)
    settled = Decision.objects.filter(~put_off, suggestion__signal__in=[s.pk for s in signals])
    waiting = Suggestion.objects.filter(signal__in=[s.pk for s in signals]).exclude(
        pk__in=settled.values("suggestion")
    )
    return {s.signal_id: strategy(s.strategy).title for s in waiting.order_by("-rank")}


def _promises(
    waiting: Sequence[CheckIn], unread: Mapping[UUID, int], user: User, *, at: datetime
) -> tuple[Promise, ...]:
    bonds = {
        bond.patient_id: bond
        for bond in Care.objects.filter(
            open_bonds(at), clinician=user, patient__in=[c.patient_id for c in waiting]
        )
    }
    zone = zone_of_practice().key
    promises = [
        Promise(
            checkin=c,
            others=unread[c.pk],
            due_at=next_reading(bonds[c.patient_id], after=c.submitted_at, zone=zone),
        )
        for c in waiting
        if c.patient_id in bonds and c.submitted_at is not None
    ]
    return tuple(sorted(promises, key=lambda one: (one.due_at, one.checkin.pk)))


def _quiet(
    mine: QuerySet[Patient], signals: Mapping[UUID, tuple[Signal, int]], *, at: datetime
) -> Quiet:
    people = mine.count()
    missed = CheckIn.objects.filter(
        state=CheckIn.State.MISSED,
        closes_at__gte=at - QUIET_WINDOW,
        patient__in=mine.values("pk"),
    ).aggregate(n=Count("pk"))["n"]
    return Quiet(people=people, on_their_way=people - len(signals), not_answered=missed)
