"""How long pages take with a full practice behind them: p50, p95, processor time, queries.

Seeds 2,000 patients with 60 check-ins each for one clinician into a scratch SQLite
database, then asks for each page fifty times through the whole stack, in process.
Run with ``.venv/bin/python benchmarks/pages.py [patients] [check-ins]``.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

SCRATCH = Path(tempfile.mkdtemp(prefix="sb-bench-"))
os.environ["SECUREBASE_DATA_DIR"] = str(SCRATCH)
os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.demo"

import django  # noqa: E402

from securebase.people.vault.crypto import make_root_key  # noqa: E402

make_root_key(SCRATCH / "keys" / "root.key")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from securebase.clinic.care.models import Care, Patient, Practice  # noqa: E402
from securebase.clinic.checkins.models import CheckIn, Draft, Rhythm  # noqa: E402
from securebase.clinic.episodes.models import Episode, Signal, TrajectoryPoint  # noqa: E402
from securebase.clinic.measurement.models import Response, Score  # noqa: E402
from securebase.clinic.notes.actions import Said, begin_note, keep_note, sign_note  # noqa: E402
from securebase.clinic.notes.models import Note  # noqa: E402
from securebase.clinic.therapy.actions import close_session, plan_session  # noqa: E402
from securebase.clinic.therapy.models import TherapySession  # noqa: E402
from securebase.people.accounts.models import RoleHeld, User  # noqa: E402
from securebase.science.library import instrument  # noqa: E402
from securebase.stories.submit_checkin import submit_checkin  # noqa: E402

NOW = datetime.now(UTC).replace(microsecond=0)
ASKED = ("phq-9", "session-check-in")
MEASURES = {"phq-9": "phq-9.total", "session-check-in": "session-check-in.alliance"}
ROUNDS = 50
RANDOM = Random(1)


def seed(patients: int, checkins: int) -> User:
    """Fill the scratch database; one clinician cares for everybody."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    clinician = person("clinician@example.org", "clinician")
    Practice.objects.create(pk=1, name="Bench", set_up_at=NOW, signals_on=True)
    start = NOW - timedelta(weeks=checkins)
    for first in range(0, patients, 100):
        with transaction.atomic():
            some = [
                Patient(name=f"Person {first + n} Example", welcomed_at=start)
                for n in range(min(100, patients - first))
            ]
            Patient.objects.bulk_create(some)
            history(some, clinician, start, checkins)
    return clinician


def person(email: str, role: str) -> User:
    """Make one account with one role."""
    user = User.objects.create_user(email, name=f"Somebody {role}")
    RoleHeld.objects.create(user=user, role=role, since=NOW - timedelta(days=900))
    return user


def history(some: list[Patient], clinician: User, start: datetime, checkins: int) -> None:
    """Give each patient a bond, an episode and a score for each week."""
    Care.objects.bulk_create(
        Care(patient=p, clinician=clinician, since=start, reading_days=[0, 1, 2, 3, 4])
        for p in some
    )
    episodes = Episode.objects.bulk_create(
        Episode(patient=p, opened_at=start, planned_sessions=checkins + 8) for p in some
    )
    rhythms = Rhythm.objects.bulk_create(
        Rhythm(
            patient=p,
            weekdays=[0],
            at_time="18:00",
            time_zone="Europe/London",
            instruments=[{"slug": slug, "every": 1} for slug in ASKED],
            starts_on=start.date(),
            planned_by=clinician,
            planned_at=start,
        )
        for p in some
    )
    for episode, rhythm in zip(episodes, rhythms, strict=True):
        weeks(episode, rhythm, start, checkins)


def weeks(episode: Episode, rhythm: Rhythm, start: datetime, checkins: int) -> None:
    """Add the weekly check-ins of one patient, and an open signal for one in ten."""
    patient, rows, level = episode.patient, [], RANDOM.uniform(8, 22)
    times = [start + timedelta(weeks=n) for n in range(checkins)]
    CheckIn.objects.bulk_create(
        CheckIn(
            patient=patient,
            rhythm=rhythm,
            instruments=list(ASKED),
            due_at=at,
            closes_at=at + timedelta(hours=48),
            state="submitted",
            submitted_at=at,
            submission=uuid.uuid4(),
            read_at=at + timedelta(hours=12),
        )
        for at in times
    )
    for slug in ASKED:
        one = instrument(slug)
        rows += [
            Response(
                patient=patient,
                instrument=slug,
                version=one.version,
                digest=one.digest,
                source="checkin",
                answered_at=at,
                recorded_at=at,
                answers={item.id: 1 for item in one.items},
            )
            for at in times
        ]
    Response.objects.bulk_create(rows)
    scores = Score.objects.bulk_create(
        Score(
            response=row,
            patient=patient,
            measure=MEASURES[row.instrument],
            at=row.answered_at,
            value=max(0.0, level + RANDOM.gauss(0, 2)),
            state="scored",
            answered=9,
        )
        for row in rows
    )
    TrajectoryPoint.objects.bulk_create(
        TrajectoryPoint(
            episode=episode,
            patient=patient,
            score=score,
            measure=score.measure,
            at=score.at,
            value=score.value,
            filtered_mean=level,
            filtered_sd=1.5,
            predicted_mean=level,
            predicted_sd=3.0,
            innovation=0.1,
            band_low=level - 4,
            band_high=level + 4,
            p_improve=0.5,
            p_deteriorate=0.05,
            parameters_version="bench",
        )
        for score in scores
    )
    if RANDOM.random() < 0.1:
        Signal.objects.create(
            episode=episode,
            patient=patient,
            kind="RUP",
            rule="RUP.R1",
            tier="look",
            measure="session-check-in.alliance",
            raised_at=times[-1],
            statistic=-2.1,
            threshold=-1.96,
            unit="sd",
            data={"usual": 7.9, "now": 5.2, "name": "Alliance"},
        )


def timed(name: str, act: Callable[[], object]) -> None:
    """Run an act fifty times after a warm-up and print its p50, p95 and queries."""
    act()
    seconds, worked = [], time.process_time()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begun)
    worked = (time.process_time() - worked) / ROUNDS
    connection.force_debug_cursor = True
    reset_queries()
    act()
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    cuts = statistics.quantiles(seconds, n=20)
    print(
        f"{name:<28} p50 {statistics.median(seconds) * 1000:7.1f} ms   "
        f"p95 {cuts[-1] * 1000:7.1f} ms   cpu {worked * 1000:7.1f} ms   {queries:3d} queries"
    )


def main() -> None:
    """Seed, then time Today, a person's page and a check-in with all that follows."""
    patients, checkins = (int(word) for word in [*sys.argv[1:], "2000", "60"][:2])
    begun = time.perf_counter()
    clinician = seed(patients, checkins)
    print(f"{patients} patients x {checkins} check-ins in {time.perf_counter() - begun:.0f} s")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(clinician)
    somebody = Patient.objects.order_by("?")[:1].get()

    def page(address: str) -> Callable[[], object]:
        def ask() -> object:
            answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
            return answer

        return ask

    timed("Today", page("/desk/"))
    timed("One person", page(f"/desk/people/{somebody.pk}/"))
    session, signed = written_up(somebody, clinician, weeks=checkins - 1)
    timed("Before a session", page(f"/desk/sessions/{session.pk}/before"))
    timed("The hour, with a note", page(f"/desk/sessions/{session.pk}/"))
    timed("A signed note", page(f"/desk/notes/{signed.pk}/"))
    timed("A check-in sent", submitting(somebody))


def written_up(patient: Patient, clinician: User, *, weeks: int) -> tuple[TherapySession, Note]:
    """Give a patient weekly sessions with signed notes, and one with a note begun."""
    by: dict[str, Any] = {"by": clinician}
    for week in range(weeks, -1, -1):
        at = NOW - timedelta(weeks=week, minutes=10)
        session = plan_session(patient=patient, clinician=clinician, starts_at=at, at=at, **by)
        draft = begin_note(patient=patient, shape="free", session=session, at=at, **by)
        said = Said(draft.version, {"note": "We spoke of the week. " * 40})
        draft = keep_note(draft=draft, said=said, at=at, **by)
        if week:
            signed = sign_note(draft=draft, version=draft.version, at=at, **by)
            close_session(session=session, state="held", at=at, **by)
    return session, signed


def submitting(patient: Patient) -> Callable[[], object]:
    """Return an act that answers and sends one more check-in of this patient."""
    account = person("patient@example.org", "patient")
    Patient.objects.filter(pk=patient.pk).update(account=account)
    rhythm = patient.rhythms.get()
    content = {
        "answers": {
            f"{slug}.{i.id}": 1 for slug in ASKED for i in instrument(slug).items if i.scored
        },
        "texts": {},
        "place": 0,
    }
    count = iter(range(10_000))

    def act() -> object:
        at = NOW + timedelta(minutes=next(count))
        checkin = CheckIn.objects.create(
            patient=patient,
            rhythm=rhythm,
            instruments=list(ASKED),
            due_at=at,
            closes_at=at + timedelta(hours=48),
        )
        Draft.objects.create(
            checkin=checkin, patient=patient, content=json.dumps(content), kept_at=at
        )
        return submit_checkin(checkin=checkin, key=uuid.uuid4(), by=account, at=at)

    return act


if __name__ == "__main__":
    main()
