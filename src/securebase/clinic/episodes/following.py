"""What follows from new scores: longer trajectories, and the signals they raise.

Nobody decides here: it is worked out by science from what was recorded, so there is no
policy to ask. A signal raised is put on the trail, as it will be shown to somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from securebase.clinic.episodes.dose import sessions_behind
from securebase.clinic.episodes.intake import scores_at_intake
from securebase.clinic.episodes.models import Episode, Signal, TrajectoryPoint
from securebase.clinic.measurement.models import Score
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.queries import sessions_over
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science import words
from securebase.science.signals.assess import Situation, assess
from securebase.science.signals.combine import Past
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import load_priors

Row = tuple[datetime, float | None, Score | None]
"""One score on its line: when, what, and the score itself if it is new."""


@dataclass(frozen=True, slots=True)
class Dose:
    """When care began and its sessions that are over: read once for everything here."""

    start: datetime
    sessions: tuple[TherapySession, ...]
    """Held or missed, in order."""

    @property
    def held(self) -> tuple[TherapySession, ...]:
        """Sessions that took place."""
        return tuple(s for s in self.sessions if s.state == TherapySession.State.HELD)

    @property
    def processed(self) -> datetime | None:
        """When a memory was first worked on in this span of care, if one was."""
        marked = (s.starts_at for s in self.held if s.processed)
        return next((at for at in marked if at >= self.start), None)

    def behind(self, moment: datetime) -> float:
        """Return the sessions behind a moment."""
        times = [session.starts_at for session in self.held]
        return sessions_behind(moment, start=self.start, held=times)


def dose_of(episode: Episode, *, at: datetime) -> Dose:
    """Return what is known of how much therapy there has been in this episode."""
    first = (
        TrajectoryPoint.objects.filter(episode=episode)
        .order_by("at")
        .values_list("at", flat=True)
        .first()
    )
    start = min(first, episode.opened_at) if first else episode.opened_at
    return Dose(start=start, sessions=tuple(sessions_over(episode.patient_id, until=at)))


@transaction.atomic
def extend_trajectories(
    *, episode: Episode, scores: Sequence[Score], dose: Dose
) -> list[words.Trajectory]:
    """Follow each measure that has a prior to its newest score; keep the new points.

    Points kept before stay as they were worked out on their day. A score about one person
    is no point of a line: where there is one over all of them, that is followed.
    """
    priors = load_priors()
    over_all = (score for score in scores if score.response.target_id is None)
    followed = [score for score in over_all if score.measure in priors]
    measures = list(dict.fromkeys(score.measure for score in followed))
    told = scores_at_intake(dose.start, of=followed[0], priors=priors) if followed else {}
    earlier = TrajectoryPoint.objects.filter(episode=episode, measure__in=measures).values_list(
        "measure", "at", "value"
    )
    lines: dict[str, list[Row]] = {measure: [] for measure in measures}
    for measure, at, value in earlier:
        lines[measure].append((at, value, None))
    for score in followed:
        lines[score.measure].append((score.at, score.value, score))
    trajectories: list[words.Trajectory] = []
    points: list[TrajectoryPoint] = []
    for measure, line in lines.items():
        line.sort(key=lambda row: row[0])
        trajectory = follow(
            [at for at, _, _ in line],
            [value for _, value, _ in line],
            prior=priors[measure],
            sessions=[dose.behind(at) for at, _, _ in line],
            planned_sessions=episode.planned_sessions,
            known=priors[measure].told_by(told),
        )
        trajectories.append(trajectory)
        points += [
            _kept(point, score, trajectory, episode)
            for point, (_, _, score) in zip(trajectory.points, line, strict=True)
            if score is not None
        ]
    TrajectoryPoint.objects.bulk_create(points)
    return trajectories


@transaction.atomic
def raise_signals(*, episode: Episode, situation: Situation, dose: Dose) -> list[Signal]:
    """Ask every rule about what is new, and keep what is worth a look.

    ``session``, ``past`` and ``processed`` of the situation are filled in here, from the
    record.
    """
    known = replace(
        situation,
        session=dose.behind(situation.at),
        past=_past(episode, dose),
        processed=dose.processed,
    )
    told = assess(known).raised
    signals = [_signal(one, episode, at=situation.at) for one in told]
    Signal.objects.bulk_create(signals)
    for signal in signals:
        trail.record(
            Verb.SIGNAL_RAISE,
            by=None,
            at=situation.at,
            patient=episode.patient_id,
            about=signal,
        )
    return signals


def in_science_words(signal: Signal) -> words.Signal:
    """Return a kept signal as science spoke it, for guidance and the Why? page."""
    return words.Signal(
        kind=words.Kind(signal.kind),
        rule=signal.rule,
        tier=words.Tier(signal.tier),
        measure=signal.measure,
        at=signal.raised_at,
        statistic=signal.statistic,
        threshold=signal.threshold,
        unit=signal.unit,
        because=tuple(
            words.Because(
                label=one["label"],
                value=one["value"],
                at=datetime.fromisoformat(one["at"]) if one["at"] else None,
            )
            for one in signal.because
        ),
        not_assessed=tuple(signal.not_assessed),
        data=signal.data,
        rule_version=signal.rule_version,
        parameters_version=signal.parameters_version,
    )


def _past(episode: Episode, dose: Dose) -> tuple[Past, ...]:
    kept = Signal.objects.filter(episode=episode).values_list(
        "kind", "raised_at", "state", "rule", "measure"
    )
    return tuple(
        Past(
            kind=words.Kind(kind),
            session=dose.behind(raised_at),
            open=state != Signal.State.CLOSED,
            rule=rule,
            measure=measure,
            at=raised_at,
        )
        for kind, raised_at, state, rule, measure in kept
    )


def _kept(
    point: words.Point, score: Score, trajectory: words.Trajectory, episode: Episode
) -> TrajectoryPoint:
    return TrajectoryPoint(
        episode=episode,
        patient_id=episode.patient_id,
        score=score,
        measure=trajectory.measure,
        at=point.at,
        value=point.value,
        filtered_mean=point.filtered_mean,
        filtered_sd=point.filtered_sd,
        predicted_mean=point.predicted_mean,
        predicted_sd=point.predicted_sd,
        innovation=point.innovation,
        band_low=point.band_low,
        band_high=point.band_high,
        p_improve=point.p_improve,
        p_deteriorate=point.p_deteriorate,
        **(asdict(point.makeup) if point.makeup else {}),
        clipped=point.clipped,
        intake=dict(trajectory.known),
        parameters_version=trajectory.parameters_version,
    )


def _signal(told: words.Signal, episode: Episode, *, at: datetime) -> Signal:
    return Signal(
        episode=episode,
        patient_id=episode.patient_id,
        kind=told.kind.value,
        rule=told.rule,
        tier=told.tier.value,
        measure=told.measure,
        raised_at=at,
        statistic=told.statistic,
        threshold=told.threshold,
        unit=told.unit,
        because=[
            {"label": b.label, "value": b.value, "at": b.at.isoformat() if b.at else None}
            for b in told.because
        ],
        not_assessed=list(told.not_assessed),
        data=dict(told.data),
        rule_version=told.rule_version,
        parameters_version=told.parameters_version,
    )
