"""The scratch practice from inside: ``python -m tests.faults.practice seed|desk|read ...``.

Run with the environment of the practice under test, in a process of its own, so that
what is read is what the disk holds and not what a server remembers.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from securebase.clinic.care.models import Patient  # noqa: E402
from securebase.clinic.checkins.models import CheckIn, Draft  # noqa: E402
from securebase.clinic.checkins.questions import questions_of  # noqa: E402
from securebase.clinic.measurement.models import Response  # noqa: E402
from securebase.clinic.notes.actions import begin_note  # noqa: E402
from securebase.clinic.notes.models import NoteDraft  # noqa: E402
from securebase.clinic.practice.models import KitEntry  # noqa: E402
from securebase.config.first_start import make_ready  # noqa: E402
from securebase.people.accounts.actions import accept_invitation  # noqa: E402
from securebase.people.accounts.models import Role, User  # noqa: E402
from securebase.people.audit import trail  # noqa: E402
from securebase.people.audit.models import AuditEvent  # noqa: E402
from securebase.people.audit.verbs import Verb  # noqa: E402
from securebase.stories.set_up_practice import Founder, Place, set_up_practice  # noqa: E402
from securebase.stories.welcome_patient import welcome_patient  # noqa: E402
from tests.factories import try_the_sheet  # noqa: E402

PASSWORD = "a long enough pass phrase"
MIXTURES = (
    ["session-check-in"],
    ["arousal", "phq-9"],
    ["gad-7", "session-check-in"],
    ["felt-security"],
)
NOTE = "seen-thought-next"
"""The shape of the note that is written."""
LONG = ["phq-9", "gad-7", "k10", "pcl-5"]
"""What the one check-in asks that is answered on many devices at once."""


def seed(patients: int, checkins: int) -> dict[str, Any]:
    """Set up a practice; each patient gets a password and check-ins that are open now."""
    make_ready(host="127.0.0.1", workers=1)
    at = datetime.now(UTC)
    founder = Founder(email="jo@example.org", name="Dr Jo Marsh", password=PASSWORD)
    _, clinician = set_up_practice(
        place=Place(name="Willow House", signals_on=True), founder=founder, at=at
    )
    try_the_sheet()
    people = [_welcome(number, by=clinician, at=at) for number in range(patients)]
    for patient in people:
        asked = [MIXTURES[n % len(MIXTURES)] for n in range(checkins)]
        _open(patient, [LONG, *asked], at=at)
    opened = CheckIn.objects.select_related("patient")
    return {
        "password": PASSWORD,
        "emails": [f"patient{number}@example.org" for number in range(patients)],
        "long": {
            one.patient.account.email: str(one.pk)
            for one in opened.select_related("patient__account")
            if one.instruments == LONG and one.patient.account
        },
        "open": {
            patient.account.email: [
                str(pk)
                for pk in patient.checkins.order_by("due_at").values_list("pk", flat=True)
            ]
            for patient in people
            if patient.account
        },
        "questions": {
            str(one.pk): [[q.ref, q.kind, q.values[0], q.values[-1]] for q in questions_of(one)]
            for one in opened
        },
    }


def read() -> dict[str, Any]:
    """Return everything that is kept of the check-ins, and whether the store is sound."""
    sent = CheckIn.objects.filter(state=CheckIn.State.SUBMITTED)
    owners = {
        uuid5(one.submission, slug): str(one.pk)
        for one in sent
        if one.submission
        for slug in one.instruments
    }
    submits = AuditEvent.objects.filter(verb=Verb.CHECKIN_SUBMIT.value)
    return {
        "drafts": {str(one.checkin_id): json.loads(one.content) for one in Draft.objects.all()},
        "versions": {str(one.checkin_id): one.version for one in Draft.objects.all()},
        "sent": {str(one.pk): one.instruments for one in sent},
        "responses": [_told(one, owners.get(one.key)) for one in Response.objects.all()],
        "noted": Counter(submits.values_list("object_id", flat=True)),
        "notes": {
            str(one.pk): [part.text for part in one.body.parts]
            for one in NoteDraft.objects.all()
        },
        "kit": [
            [one.patient.account.email, one.title, one.file.content]
            for one in KitEntry.objects.select_related("patient__account", "file")
            if one.patient.account
        ],
        "breaks": [f"row {one.number}: {one.problem}" for one in trail.breaks()],
        "damage": list(_damage()),
    }


def desk() -> dict[str, Any]:
    """Let the clinician sit at a desk with a note begun; say how a browser goes on there."""
    at = datetime.now(UTC)
    clinician = User.objects.get(roles_held__role=Role.CLINICIAN)
    Authenticator.objects.create(user=clinician, type=Authenticator.Type.TOTP, data={})
    draft = begin_note(patient=Patient.objects.earliest("pk"), shape=NOTE, by=clinician, at=at)
    signed_in = SessionStore()
    signed_in["_auth_user_id"] = str(clinician.pk)
    signed_in["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    signed_in["_auth_user_hash"] = clinician.get_session_auth_hash()
    signed_in.save()
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "session": signed_in.session_key,
        "draft": str(draft.pk),
    }


def _welcome(number: int, *, by: User, at: datetime) -> Patient:
    welcome = welcome_patient(
        name=f"Person {number}",
        pronouns="they/them",
        email=f"patient{number}@example.org",
        by=by,
        at=at,
    )
    token = welcome.link.rstrip("/").rsplit("/", 1)[-1]
    accept_invitation(token=token, password=PASSWORD, at=at)
    return welcome.patient


def _open(patient: Patient, asked: list[list[str]], *, at: datetime) -> None:
    CheckIn.objects.bulk_create(
        CheckIn(
            patient=patient,
            instruments=slugs,
            due_at=at - timedelta(minutes=len(asked) - number),
            closes_at=at + timedelta(days=1),
        )
        for number, slugs in enumerate(asked)
    )


def _told(response: Response, checkin: str | None) -> dict[str, Any]:
    return {
        "checkin": checkin,
        "instrument": response.instrument,
        "answers": response.answers,
        "texts": json.loads(response.texts),
        "scores": response.scores.count(),
    }


def _damage() -> list[str]:
    """Return what the database finds wrong with itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            return [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
        if cursor.fetchone() is None:
            return []
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(
            "SELECT bt_index_check(i.indexrelid, true) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE a.amname = 'btree' AND n.nspname = 'public'"
        )
        return []


if __name__ == "__main__":
    wish, *numbers = sys.argv[1:]
    told = seed(*map(int, numbers)) if wish == "seed" else {"desk": desk, "read": read}[wish]()
    json.dump(told, sys.stdout)
