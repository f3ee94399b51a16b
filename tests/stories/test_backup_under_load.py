"""Backups while people write.

Every backup taken meanwhile restores clean and holds all that was acknowledged before it
began. ``BACKUPS=20 pytest tests/stories/test_backup_under_load.py`` takes as many.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import note_rupture
from securebase.clinic.therapy.models import Rupture
from securebase.people.accounts.models import User
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.moment import connected_to
from securebase.stories.keep_safe.restore import restore
from securebase.stories.keep_safe.verify import verify
from tests import factories as make
from tests.doors import a_database_with_many_doors
from tests.stories import keeping
from tests.stories.keeping import NOW, root_key

BACKUPS = int(os.environ.get("BACKUPS", "3"))
WRITERS = 3

pytestmark = pytest.mark.django_db(transaction=True)


class Writers:
    """Threads that write notes as fast as they can, and count what was acknowledged."""

    def __init__(self, patient: Patient, by: User) -> None:
        self.kept: list[object] = []
        self._leaving = threading.Event()
        self._patient, self._by = patient, by
        self.threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]

    def _write(self) -> None:
        try:
            while not self._leaving.is_set():
                rupture = note_rupture(
                    patient=self._patient, kind="withdrawal", note="a note", by=self._by, at=NOW
                )
                self.kept.append(rupture.pk)
        finally:
            connection.close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them write while the block runs."""
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self._leaving.set()
            for thread in self.threads:
                thread.join()


def test_every_backup_under_load_restores_clean(transactional_db: None, tmp_path: Path) -> None:
    with a_database_with_many_doors(tmp_path):
        make.a_practice()
        jo = make.a_clinician()
        writers = Writers(make.a_patient(of=jo), jo)
        taken = []
        with writers.at_work():
            for number in range(BACKUPS):
                file, before = tmp_path / f"{number}.backup", list(writers.kept)
                taken.append((file, before, back_up(file, at=NOW)))
        assert len(writers.kept) > BACKUPS

        for file, before, made in taken:
            with keeping.an_empty_place(tmp_path / file.stem) as place:
                restored = restore(file, database=place, root_key=root_key())
                with connected_to(place):
                    findings = verify(every_value=True)
                    there = set(Rupture.objects.values_list("pk", flat=True))

            assert restored.manifest == made
            assert [finding.problems for finding in findings] == [()] * 4
            assert there >= set(before)
