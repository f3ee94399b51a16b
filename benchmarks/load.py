"""A practice under load: 50 people at once, most of them answering a check-in.

Seeds patients with a past into a scratch SQLite database, serves it with ``securebase
serve``, and lets locust be the people: 70 % patients, 20 % charts, 10 % reasons behind a
signal. Prints p50, p95, p99, errors, and by how much the server grew.
Run with ``.venv/bin/python -m benchmarks.load [patients] [check-ins] [seconds]``; locust is
looked for in ``.venv-bench``, or where ``LOCUST`` says.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from benchmarks import pages
from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.questions import questions_of
from securebase.clinic.episodes.models import Signal
from securebase.people.accounts.models import User

PEOPLE = 50
ANSWERING = 400
"""Patients who have an account here, each with one check-in that waits."""
PATIENCE = 120
PROGRAM = Path(sys.executable).with_name("securebase")
LOCUST = os.environ.get("LOCUST", ".venv-bench/bin/locust")
USERS = Path(__file__).with_name("load_people.py")


def session_of(user: User) -> str:
    """Return the cookie of somebody who has just signed in."""
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def open_checkins(clinician: User) -> dict[str, Any]:
    """Let check-ins wait for some patients; return who can be played, and how."""
    patients = []
    for number, patient in enumerate(Patient.objects.order_by("?")[:ANSWERING]):
        account = pages.person(f"patient{number}@example.org", "patient")
        Patient.objects.filter(pk=patient.pk).update(account=account)
        checkin = CheckIn.objects.create(
            patient=patient,
            rhythm=patient.rhythms.get(),
            instruments=list(pages.ASKED),
            due_at=pages.NOW - timedelta(minutes=1),
            closes_at=pages.NOW + timedelta(hours=48),
        )
        asked = [[q.kind, q.values[-1] if q.values else 0] for q in questions_of(checkin)]
        patients.append(
            {"session": session_of(account), "checkin": str(checkin.pk), "asked": asked}
        )
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "patients": patients,
        "clinicians": [session_of(clinician) for _ in range(PEOPLE)],
        "people": [str(pk) for pk in Patient.objects.values_list("pk", flat=True)[:500]],
        "signals": [str(pk) for pk in Signal.objects.values_list("pk", flat=True)],
    }


def serve() -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on the scratch database; return it and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    words = ["serve", "--port", str(port), "--data-dir", str(pages.SCRATCH)]
    server = subprocess.Popen([str(PROGRAM), *words], start_new_session=True)
    for _ in range(PATIENCE * 2):
        try:
            asking = HTTPConnection("127.0.0.1", port, timeout=5)
            asking.request("GET", "/healthz")
            if asking.getresponse().status == 200:
                return server, port
        except OSError:
            threading.Event().wait(0.5)
    raise SystemExit("The server did not come up.")


def memory(group: int) -> float:
    """Return the megabytes that all processes of a group hold."""
    told = subprocess.run(
        ["ps", "-eo", "pgid=,rss="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split() for line in told.splitlines())
    return sum(int(rss) for pgid, rss in rows if int(pgid) == group) / 1024


def main() -> None:
    """Seed, serve, let people come, and print what they met."""
    patients, checkins, seconds = (int(w) for w in [*sys.argv[1:], "2000", "60", "120"][:3])
    clinician = pages.seed(patients, checkins)
    told = pages.SCRATCH / "people.json"
    told.write_text(json.dumps(open_checkins(clinician)))
    connection.close()
    server, port = serve()
    before = memory(server.pid)
    out = pages.SCRATCH / "load"
    command = [LOCUST, "-f", str(USERS), "--headless", "--only-summary", "-u", str(PEOPLE)]
    command += ["-r", "10", "-t", f"{seconds}s", "--csv", str(out)]
    command += ["-H", f"http://127.0.0.1:{port}"]
    try:
        subprocess.run(command, env={**os.environ, "PEOPLE": str(told)}, check=False)
        after = memory(server.pid)
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(PATIENCE)
    with Path(f"{out}_stats.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            print(
                f"{row['Name']:<24} {int(row['Request Count']):6} asked, "
                f"{row['Failure Count']} failed; p50 {row['50%']} ms, p95 {row['95%']} ms, "
                f"p99 {row['99%']} ms; {float(row['Requests/s']):.1f} a second"
            )
    print(f"memory {before:.0f} MB before, {after:.0f} MB after")


if __name__ == "__main__":
    main()
