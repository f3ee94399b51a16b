"""Many writers in one note.

Each reads, adds a line and keeps it. Whoever was overtaken joins the two texts and tries
again, as the page offers it; whoever finds the database too busy tries again, as the page
does by itself. At the end every line of everybody is there.

``EDITS=100`` makes it the long run: 8 writers with 100 edits each.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.actions import Changed, Said, begin_note, keep_note
from securebase.clinic.notes.body import Body, join
from securebase.clinic.notes.models import NoteDraft
from securebase.people.accounts.models import User
from tests.doors import a_database_with_many_doors
from tests.factories import NOW, a_clinician, a_patient, a_practice

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
EDITS = int(os.environ.get("EDITS", "4"))


@pytest.fixture(autouse=True)
def _many_doors(tmp_path: Path) -> Iterator[None]:
    with a_database_with_many_doors(tmp_path):
        yield


@pytest.fixture
def clinician() -> User:
    a_practice()
    return a_clinician()


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician)


def add_line(draft: NoteDraft, line: str, *, by: User) -> int:
    """Add a line to the note, joining as often as others were first; return how often."""
    read = NoteDraft.objects.get(pk=draft.pk)
    base, version = read.body, read.version
    mine, joined = with_line(base, line), 0
    while True:
        try:
            keep_note(draft=draft, said=Said(version, mine.texts), by=by, at=NOW)
        except OperationalError:
            connections.close_all()
        except Changed as changed:
            mine = join(base=base, mine=mine, theirs=changed.now.body).body
            base, version, joined = changed.now.body, changed.now.version, joined + 1
        else:
            return joined


def with_line(body: Body, line: str) -> Body:
    """Return the note with one line more at its end."""
    return body.saying({"note": f"{body.texts['note']}\n{line}".strip()})


def test_eight_writers_lose_no_line(patient: Patient, clinician: User) -> None:
    draft = begin_note(patient=patient, shape="free", by=clinician, at=NOW)
    together, joined = threading.Barrier(WRITERS), list[int]()

    def write(number: int) -> None:
        try:
            together.wait()
            for edit in range(EDITS):
                joined.append(add_line(draft, f"line {number}.{edit}", by=clinician))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = NoteDraft.objects.get().body.texts["note"].split("\n")
    wanted = [f"line {number}.{edit}" for number in range(WRITERS) for edit in range(EDITS)]
    assert sorted(lines) == sorted(wanted)
    assert len(joined) == WRITERS * EDITS
    assert NoteDraft.objects.get().version == 1 + WRITERS * EDITS
