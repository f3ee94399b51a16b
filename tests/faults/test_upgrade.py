"""An upgrade that is killed, refused, or begun from an old release.

Before the tables of a practice change, a backup is made and tried. Each step is done whole
or not at all, so that a start killed anywhere is simply repeated. ``make faults`` kills at
every few statements; this is the short form.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.models import Rupture
from securebase.people.audit.models import AuditEvent
from securebase.people.vault.crypto import read_root_key
from securebase.people.vault.keys import forget_keys
from securebase.stories.keep_safe import upgrade as upgrading
from securebase.stories.keep_safe.drill import drill
from securebase.stories.keep_safe.moment import connected_to
from securebase.stories.keep_safe.proofs import Proof, proofs
from securebase.stories.keep_safe.refusals import AnotherVersion, Damaged
from securebase.stories.keep_safe.restore import restore
from securebase.stories.keep_safe.upgrade import bring_up_to_date
from securebase.stories.keep_safe.verify import is_up_to_date
from tests.factories import NOW
from tests.faults.releases.make import HERE, own_key
from tests.stories import keeping

if TYPE_CHECKING:
    from pytest_django import Settings

RELEASES = sorted(HERE.glob("*.backup"))
"""The first is the oldest, with most to renew; ``make faults`` tears at each of them."""

Shape = dict[str, list[str]]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=RELEASES[:1], ids=lambda path: path.stem)
def old(
    request: pytest.FixtureRequest,
    transactional_db: None,
    settings: Settings,
    tmp_path: Path,
) -> Iterator[Path]:
    """Connect to a practice as an earlier release left it; return where its backups go."""
    settings.DATA_DIR = tmp_path / "data"
    settings.SECUREBASE_BACKUP_DIR = str(tmp_path / "backups")
    key = own_key(settings.DATA_DIR / "keys")
    settings.SECUREBASE_KEY_FILE = str(key)
    forget_keys()
    with keeping.an_empty_place(tmp_path / "place") as place:
        restore(request.param, database=place, root_key=read_root_key(key))
        with connected_to(place):
            yield tmp_path / "backups"
            connection.close()
    forget_keys()


def shape() -> Shape:
    """Return the columns of every table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        describe = connection.introspection.get_table_description
        return {table: [column.name for column in describe(cursor, table)] for table in tables}


@pytest.mark.parametrize("old", RELEASES, ids=lambda path: path.stem, indirect=True)
def test_every_release_can_be_upgraded_opened_and_gone_back_to(old: Path) -> None:
    was_behind, rows = not is_up_to_date(), AuditEvent.objects.values("pk").count()

    proof = bring_up_to_date(at=NOW)

    assert is_up_to_date()
    assert rows == AuditEvent.objects.count()
    assert {patient.name for patient in Patient.objects.all()} == {"Sam Reed", "Kim Lee"}
    assert {one.note for one in Rupture.objects.all()} == {
        "a heron by the weir",
        "the blue door",
    }
    assert proofs() == ([proof] if was_behind else [])
    if proof:
        again = drill(old / "before-upgrade-2026-11-23-090000.backup", at=NOW)
        assert proof.passed
        assert (again.problems, again.rows) == ((), proof.rows)


def test_a_backup_that_cannot_be_proved_stops_the_upgrade(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_up_to_date():
        pytest.skip("this release has the tables of today")

    def failed(file: Path, **_: object) -> Proof:
        return Proof(file.name, NOW, problems=("The trail does not hold.",))

    monkeypatch.setattr(upgrading, "drill", failed)
    with pytest.raises(Damaged, match="The trail does not hold") as refusal:
        bring_up_to_date(at=NOW)

    assert not is_up_to_date()
    assert "as it was" in str(refusal.value)


def test_tables_newer_than_the_program_are_left_alone(old: Path) -> None:
    MigrationRecorder(connection).record_applied("care", "9999_later")
    before = connection.introspection.table_names()

    with pytest.raises(AnotherVersion, match=r"newer than this program.*care\.9999_later"):
        bring_up_to_date(at=NOW)

    assert connection.introspection.table_names() == before
    assert not old.exists()


def test_a_step_and_its_note_are_one_transaction(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_up_to_date():
        pytest.skip("this release has the tables of today")

    before = shape()
    note: Callable[..., None] = MigrationExecutor.record_migration

    def die(*said: object) -> None:
        if shape() != before:
            raise KeyboardInterrupt
        note(*said)

    monkeypatch.setattr(upgrading, "_somebody_is_there", lambda: False)
    monkeypatch.setattr(MigrationExecutor, "record_migration", die)
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(at=NOW)

    assert shape() == before
    assert not is_up_to_date()


def test_an_upgrade_that_kills_itself_at_a_statement_goes_on_at_the_next_start() -> None:
    command = [sys.executable, "-m", "tests.faults.upgrade", "--every", "600"]

    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert re.search(r"[1-9]\d* kills", done.stdout)
    assert "0 not startable" in done.stdout
