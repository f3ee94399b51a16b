"""What stands around a check-in or a session, as the rules ask for it.

Read from the record, worked out by nobody: what was noticed in the session, what was
missed, how forms were answered, and since when a strain is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.following import Dose
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.measurement.models import Response, Score, Verdict
from securebase.clinic.practice.queries import doings_shared_by
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.queries import strains_open
from securebase.science.library import instrument
from securebase.science.signals.after_session import Distress
from securebase.science.signals.dissociation import Dissociation
from securebase.science.signals.helping import Needs, Tried
from securebase.science.signals.mending import Mending
from securebase.science.signals.needs import screens
from securebase.science.signals.quality import Form, same_in_a_row
from securebase.science.signals.rules import load_rules
from securebase.science.signals.rupture import Tension
from securebase.science.signals.silence import Asked
from securebase.science.signals.views import Noticed, Sides
from securebase.science.words import Kind, Trajectory

ALLIANCE = "session-check-in.alliance"
TENSION, MENDED = "session-check-in.tension", "session-check-in.mended"
DISTRESS, DISSOCIATION = "sud.level", "des-ii.mean"
MS = 1000
FORMS_BACK = 12
"""So many rounds of the same forms are looked back on."""
TRIED_BACK = timedelta(days=28)
"""Exercises tried longer ago say little about what to choose now."""
STRAIN_BACK = timedelta(weeks=26)
"""Older strains are not looked for when somebody says that it is mended."""


def sides_of(scores: Sequence[Score], trajectories: Sequence[Trajectory], dose: Dose) -> Sides:
    """Return what was said now, and what was noticed or missed since the answer before."""
    before = _answered_before(trajectories)
    last = dose.sessions[-1] if dose.sessions else None
    held = dose.held[-1] if dose.held else None
    new_held = held is not None and (before is None or held.starts_at > before)
    missed = last is not None and last.state == TherapySession.State.MISSED
    return Sides(
        tension=tension_of(scores),
        noticed=noticed_in(held) if held is not None and new_held else None,
        missed=last.starts_at
        if last is not None and missed and (before is None or last.starts_at > before)
        else None,
    )


def tension_of(scores: Sequence[Score]) -> Tension | None:
    """Return the direct answer about tension, if one was given."""
    found = _score(scores, TENSION)
    return None if found is None else Tension(value=found[0], at=found[1])


def tension_said_since(session: TherapySession) -> Tension | None:
    """Return the answer about tension that came after a session, if it is there already.

    Only while no later session was held: the answer is about the last one.
    """
    later = TherapySession.objects.filter(
        patient=session.patient_id,
        state=TherapySession.State.HELD,
        starts_at__gt=session.starts_at,
    )
    given = Score.objects.filter(
        patient=session.patient_id,
        measure=TENSION,
        value__isnull=False,
        at__gte=session.starts_at,
    )
    return None if later.exists() else tension_of(list(given[:1]))


def noticed_in(session: TherapySession) -> Noticed | None:
    """Return how much tension the clinician noticed in a session, if they said."""
    if session.tension is None:
        return None
    return Noticed(float(session.tension), session.ended_at)


def left_with(session: TherapySession) -> Distress | None:
    """Return the distress at the end of a session, if it was noted."""
    if session.distress is None:
        return None
    return Distress(float(session.distress), session.ended_at)


def day_after(scores: Sequence[Score], dose: Dose) -> tuple[Distress | None, Distress | None]:
    """Return the distress at the end of the last session and now, where both are known."""
    now, end = _score(scores, DISTRESS), left_with(dose.held[-1]) if dose.held else None
    if now is None or end is None:
        return None, None
    return end, Distress(now[0], now[1], DISTRESS)


def dissociation_of(scores: Sequence[Score]) -> Dissociation | None:
    """Return the newest score of dissociation with the first, if one is new."""
    found = next((s for s in scores if s.measure == DISSOCIATION), None)
    if found is None or found.value is None:
        return None
    first = (
        Score.objects.filter(
            patient=found.patient_id, measure=DISSOCIATION, value__isnull=False
        )
        .exclude(pk=found.pk)
        .first()
    )
    return Dissociation(
        measure=DISSOCIATION,
        now=found.value,
        at=found.at,
        first=first.value if first else None,
        first_at=first.at if first else None,
    )


def forms_of(responses: Sequence[Response]) -> tuple[Form, ...]:
    """Return how each form was answered, how fast, and how often in a row just so.

    A form about one person is compared with earlier ones about the same person.
    """
    if not responses:
        return ()
    slugs = [response.instrument for response in responses]
    newest = (
        Response.objects.filter(patient=responses[0].patient_id, instrument__in=slugs)
        .order_by("-answered_at", "-recorded_at")
        .exclude(answers={})
        .values_list("instrument", "target", "answers")[: FORMS_BACK * len(slugs)]
    )
    past = list(newest)[::-1]
    return tuple(
        Form(
            instrument=response.instrument,
            name=instrument(response.instrument).name,
            at=response.answered_at,
            asked=len(response.answers),
            skipped=sum(value is None for value in response.answers.values()),
            same_in_a_row=same_in_a_row(
                [
                    answers
                    for slug, target, answers in past
                    if (slug, target) == (response.instrument, response.target_id)
                ]
            ),
            seconds=seconds_of(response),
        )
        for response in responses
    )


def tried_by(patient: Patient, *, at: datetime) -> tuple[Tried, ...]:
    """Return how distress went with exercises lately, if the person shares how they help."""
    done = doings_shared_by(patient, since=at - TRIED_BACK, until=at)
    return tuple(
        Tried(one.exercise, one.before, one.after, one.done_at)
        for one in done
        if one.before is not None and one.after is not None
    )


def needs_of(responses: Sequence[Response], *, at: datetime) -> Needs | None:
    """Return what screens of social needs say now, if one of these answers belongs to them.

    The newest answers to each form count, for as long as they speak for now: a screen and
    the question whether help is wanted need not come together.
    """
    known = screens()
    new = [response for response in responses if response.instrument in known.forms]
    if not new:
        return None
    newest = dict(
        Response.objects.filter(
            patient=new[0].patient_id,
            instrument__in=known.forms,
            answered_at__gt=at - known.speaks_for,
        )
        .order_by("answered_at", "recorded_at")
        .values_list("instrument", "pk")
    )
    told = Verdict.objects.filter(response__in=newest.values()).values_list(
        "response__instrument", "key", "value"
    )
    return Needs(
        named=known.named(told),
        wants_help=known.wants_help(told),
        at=max(response.answered_at for response in new),
    )


def seconds_of(response: Response) -> float | None:
    """Return how long a form took; None if that is known for fewer than all but one.

    Of the first answer of a check-in nobody knows when it began; it counts as the others.
    """
    given, took = len(response.answers), list(response.took_ms.values())
    if not took or len(took) < given - 1:
        return None
    seconds: float = sum(took) / len(took) * given / MS
    return seconds


def mending_of(
    scores: Sequence[Score], episode: Episode, dose: Dose, *, at: datetime
) -> Mending | None:
    """Return how far a strain is said to be mended, if one is open that is not too old."""
    said = _score(scores, MENDED)
    since = None if said is None else strain_since(episode, dose, at=at)
    if said is None or since is None:
        return None
    return Mending(said=said[0], at=said[1], since=since)


def strain_since(episode: Episode, dose: Dose, *, at: datetime) -> datetime | None:
    """Return when the first strain was noticed that may still be found repaired."""
    within = load_rules()["REPAIR.BACK"].thresholds["sessions"]
    back = at - STRAIN_BACK
    told = Signal.objects.filter(
        episode=episode,
        kind__in=[Kind.RUPTURE.value, Kind.REPAIR.value],
        raised_at__gte=back,
        raised_at__lt=at,
    )
    noted = [rupture.noticed_at for rupture in strains_open(episode.patient_id, since=back)]
    for kind, raised_at in told.order_by("raised_at").values_list("kind", "raised_at"):
        noted = [] if kind == Kind.REPAIR.value else [*noted, raised_at]
    now = dose.behind(at)
    return min((when for when in noted if now - dose.behind(when) <= within), default=None)


def came_to_sessions(dose: Dose) -> tuple[Asked, ...]:
    """Return sessions that were held or missed, in order."""
    held = TherapySession.State.HELD
    return tuple(Asked(s.starts_at, s.state == held) for s in dose.sessions)


def _answered_before(trajectories: Sequence[Trajectory]) -> datetime | None:
    """Return when the session check-in was rated before this time."""
    for trajectory in trajectories:
        if trajectory.measure == ALLIANCE and len(trajectory.points) > 1:
            return trajectory.points[-2].at
    return None


def _score(scores: Sequence[Score], measure: str) -> tuple[float, datetime] | None:
    for score in scores:
        if score.measure == measure and score.value is not None:
            return score.value, score.at
    return None
