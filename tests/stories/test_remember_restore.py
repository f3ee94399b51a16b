"""A restore on the trail.

What was restored is exactly what was backed up; the next start notes on the trail that it
was restored, and from what.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.keep_safe.remember import FILE, note_restore, remember_restore
from tests.factories import NOW

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Path:
    """Return the folder of a practice that was just restored."""
    settings.DATA_DIR = tmp_path
    remember_restore(f"{'x' * 300}.backup", made_at="2026-11-22T02:00:00+00:00", at=NOW)
    return tmp_path


def test_the_next_start_puts_the_restore_on_the_trail_once(place: Path) -> None:
    noted = [note_restore(), note_restore()]

    [row] = AuditEvent.objects.filter(verb=Verb.BACKUP_RESTORE.value)
    assert noted == [True, False]
    assert (row.at, row.actor) == (NOW, None)
    assert row.reason.endswith("made at 2026-11-22T02:00:00+00:00")
    assert list(place.glob(FILE)) == []


def test_nothing_is_noted_before_the_start(place: Path) -> None:
    assert AuditEvent.objects.count() == 0
    assert (place / FILE).is_file()
