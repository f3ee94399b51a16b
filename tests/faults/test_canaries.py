"""Fifty phrases that nobody else would write.

They are put into every sealed column a lived-in practice fills, and through pages that
fail, then looked for in all that is left on the disk: database files with their journals,
a backup, the temporary folder, mail, error pages and everything the program said.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import note_rupture
from securebase.people.vault import keys
from securebase.people.vault.fields import SealedText
from securebase.people.vault.resealing import sealed_columns
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.welcome_patient import welcome_patient
from tests import factories as make
from tests.doors import a_database_with_many_doors

CANARIES = [f"heron {n:02d} by the quartz weir" for n in range(50)]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Collect all that is logged, through the filter that the console has."""
    logging_as_set: Any = settings.LOGGING
    usual = logging_as_set["filters"]["nothing_personal"]["()"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    module, _, name = usual.rpartition(".")
    handler.addFilter(getattr(__import__(module, fromlist=[name]), name)())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def written_everywhere() -> set[str]:
    """Put the phrases into people, notes and answers, then into every sealed column."""
    jo = make.a_clinician(CANARIES[0])
    make.a_practice()
    patient = make.a_patient(of=jo, name=CANARIES[1])
    make.send(make.a_checkin(patient, "phq-9"), {"phq-9.1": 1}, at=make.NOW)
    other = make.a_patient(of=jo, name=CANARIES[4])
    make.answer(make.a_checkin(other, "phq-9"), {"phq-9.1": 1}, at=make.NOW)
    note_rupture(patient=patient, kind="withdrawal", note=CANARIES[2], by=jo, at=make.NOW)
    welcome_patient(name=CANARIES[3], pronouns="", email="x@example.org", by=jo, at=make.NOW)
    phrases = count(5)
    return {column.label for column in sealed_columns() if _put(column, phrases)}


def _put(column: SealedText, phrases: Iterator[int]) -> bool:
    rows = list(column.model._base_manager.all()[:3])
    for row in rows:
        setattr(row, column.attname, CANARIES[next(phrases) % len(CANARIES)])
        row.save(update_fields=[column.attname])
    return bool(rows)


def database_files() -> list[Path]:
    """Return every file the database keeps: one with its journals, or a whole folder."""
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        return list(place.parent.glob(f"{place.name}*"))
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    return [path for path in folder.rglob("*") if path.is_file()]


def hits(files: list[Path]) -> list[str]:
    """Return the files that hold a phrase, in UTF-8 or as JSON or base64 would have it."""
    return [str(file) for file in files if _holds(file.read_bytes())]


def _holds(data: bytes) -> bool:
    return b"by the quartz weir" in data or b"quartz\\u0020weir" in data


def test_no_phrase_is_found_anywhere_but_in_an_opened_record(
    tmp_path: Path, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with a_database_with_many_doors(tmp_path):
        columns = written_everywhere()
        pages = b"".join(failing_pages(monkeypatch))
        back_up(tmp_path / "a.backup", at=make.NOW)
        files = database_files()
        connection.close()

        assert len(columns) >= 6
        assert len(files) >= 1
        assert hits([*files, *(p for p in tmp_path.rglob("*") if p.is_file())]) == []
        assert not _holds(pages)
        assert not _holds(said.getvalue().encode())
        assert not _holds("".join(f"{m.subject}{m.body}{m.to}" for m in mail.outbox).encode())
        assert "refused 500" in said.getvalue()


def failing_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[bytes]:
    """Let a page fail with a phrase in its hands, and open a record whose text is broken."""
    jo = make.a_clinician()
    make.with_factor(jo)
    visit = Client(raise_request_exception=False)
    visit.force_login(jo)

    def fails(**said: Any) -> None:
        raise RuntimeError(f"{said['name']} cannot be welcomed")

    monkeypatch.setattr("securebase.pages.clinician.people.welcome_patient", fails)
    form = {"name": CANARIES[40], "pronouns": "", "email": "n@example.org"}
    form["language"] = "en"
    failed = visit.post("/desk/people/new", form)
    assert failed.status_code == 500
    yield failed.content
    visit.get("/desk/people/", {"q": CANARIES[41]})
    yield visit.get(f"/desk/people/{CANARIES[42]}/").content


def test_the_search_would_find_a_phrase_that_was_kept_in_the_clear(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(f"so {CANARIES[7]} said")
    keys.forget_keys()

    assert hits([tmp_path / "kept"]) == [str(tmp_path / "kept")]
    assert not Patient.objects.exists()
