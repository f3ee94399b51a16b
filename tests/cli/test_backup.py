"""Backup, restore and verify at the command line.

Each says in plain words what it did, or refuses with one line on standard error, exit
code 1, nothing changed and no traceback.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("securebase"))
CANARY = "a heron by the weir"
MAKE = f"""
import django; django.setup()
from securebase.config.first_start import make_ready
make_ready(host="127.0.0.1", workers=1)
from tests import factories as make
from securebase.clinic.therapy.actions import note_rupture
make.a_practice()
jo = make.a_clinician()
sam = make.a_patient(of=jo, name="{CANARY}")
make.send(make.a_checkin(sam), {{"phq-9.1": 2}}, at=make.NOW)
note_rupture(patient=sam, kind="withdrawal", note="{CANARY}", by=jo, at=make.NOW)
"""


def environment() -> dict[str, str]:
    mine = ("SECUREBASE", "DJANGO", "DATABASE_URL", "PG")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}


def securebase(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command and return what it said."""
    done = subprocess.run(
        [COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        env=environment() | more,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def refusal(*words: object, **more: str) -> str:
    """Run one command, which must be refused, and return the reason."""
    done = securebase(*words, **more)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def take_the_guard_away(database: sqlite3.Connection) -> None:
    """Do what somebody who owns the file can do before changing the trail."""
    for kind in ("update", "delete"):
        database.execute(f"DROP TRIGGER audit_auditevent_no_{kind}")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a practice, made as the first start makes it."""
    folder = tmp_path_factory.mktemp("practice") / "data"
    where = {
        "SECUREBASE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "securebase.config.settings.local",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    subprocess.run([sys.executable, "-c", MAKE], env=environment() | where, check=True)
    return folder


@pytest.fixture(scope="module")
def backup(practice: Path) -> Path:
    """Return a backup of it."""
    file = practice.parent / "monday.backup"
    assert securebase("backup", file, "--data-dir", practice).returncode == 0
    return file


@pytest.fixture
def place(practice: Path, tmp_path: Path) -> Path:
    """Return an empty folder with the practice's root key in it."""
    (tmp_path / "place" / "keys").mkdir(parents=True)
    shutil.copy(practice / "keys" / "root.key", tmp_path / "place" / "keys")
    return tmp_path / "place"


def in_it(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_backup_says_what_it_holds_and_that_the_key_is_elsewhere(
    practice: Path, tmp_path: Path
) -> None:
    before = in_it(practice)

    done = securebase("backup", tmp_path / "a.backup", "--data-dir", practice)

    assert done.returncode == 0
    assert "The root key is not in it" in done.stdout
    assert str(practice / "keys" / "root.key") in done.stdout
    assert stat.S_IMODE((tmp_path / "a.backup").stat().st_mode) == 0o600
    assert in_it(practice) == before


def test_a_restored_practice_is_the_same_and_verifies(
    practice: Path, place: Path, tmp_path: Path
) -> None:
    made = securebase("backup", tmp_path / "a.backup", "--data-dir", practice, "--json")

    restored = securebase("restore", tmp_path / "a.backup", "--data-dir", place, "--json")
    verified = securebase("verify", "--data-dir", place, "--all")

    assert (restored.returncode, verified.returncode) == (0, 0)
    assert json.loads(restored.stdout)["tables"] == json.loads(made.stdout)["tables"]
    assert "All is well." in verified.stdout
    assert in_it(place) == ["keys", "keys/root.key", "restored.json", "securebase.sqlite3"]


def test_what_people_wrote_is_not_in_the_backup(backup: Path) -> None:
    assert CANARY.encode() not in backup.read_bytes()


def test_a_damaged_backup_is_refused_and_the_place_untouched(
    backup: Path, place: Path, tmp_path: Path
) -> None:
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 4
    (tmp_path / "bad.backup").write_bytes(data)

    said = refusal("restore", tmp_path / "bad.backup", "--data-dir", place)

    assert "damaged" in said
    assert in_it(place) == ["keys", "keys/root.key"]


def test_without_the_root_key_it_says_where_to_put_it(backup: Path, tmp_path: Path) -> None:
    said = refusal("restore", backup, "--data-dir", tmp_path / "new")

    assert "root key" in said
    assert "SECUREBASE_KEY_FILE" in said
    assert not (tmp_path / "new").exists()


def test_the_root_key_may_be_anywhere(practice: Path, backup: Path, tmp_path: Path) -> None:
    key = str(practice / "keys" / "root.key")

    done = securebase(
        "restore", backup, "--data-dir", tmp_path / "new", SECUREBASE_KEY_FILE=key
    )

    assert done.returncode == 0
    assert in_it(tmp_path / "new") == ["restored.json", "securebase.sqlite3"]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_folder_with_something_in_it_is_refused(backup: Path, place: Path) -> None:
    (place / "letters.txt").write_text("mine")

    said = refusal("restore", backup, "--data-dir", place)

    assert "letters.txt" in said
    assert in_it(place) == ["keys", "keys/root.key", "letters.txt"]


def test_no_backup_is_overwritten(practice: Path, backup: Path) -> None:
    before = backup.read_bytes()

    assert "already there" in refusal("backup", backup, "--data-dir", practice)
    assert backup.read_bytes() == before


@pytest.mark.parametrize("command", [("backup", "a.backup"), ("verify",)])
def test_a_folder_without_a_practice_is_named_and_nothing_made(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    said = refusal(*command, "--data-dir", tmp_path / "nowhere")

    assert str(tmp_path / "nowhere") in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "securebase.sqlite3").write_text("not a database at all, but long enough")

    assert "not a database" in refusal("verify", "--data-dir", tmp_path)


def test_a_trail_can_be_compared_with_a_backup(backup: Path, place: Path) -> None:
    securebase("restore", backup, "--data-dir", place)

    well = securebase("verify", "--data-dir", place, "--since", backup)
    with closing(sqlite3.connect(place / "securebase.sqlite3")) as database:
        take_the_guard_away(database)
        database.execute("DELETE FROM audit_auditevent WHERE number > 3")
        database.commit()
    cut = securebase("verify", "--data-dir", place, "--since", backup)

    assert (well.returncode, cut.returncode) == (0, 1)
    assert "is gone" in cut.stdout


def test_verify_names_what_is_wrong_and_no_words(backup: Path, place: Path) -> None:
    securebase("restore", backup, "--data-dir", place)
    with closing(sqlite3.connect(place / "securebase.sqlite3")) as database:
        take_the_guard_away(database)
        database.execute("UPDATE audit_auditevent SET reason = 'x' WHERE number = 2")
        database.execute("UPDATE care_patient SET name = substr(name, 2)")
        database.commit()

    plain = securebase("verify", "--data-dir", place)
    told = securebase("verify", "--data-dir", place, "--json")

    assert (plain.returncode, told.returncode) == (1, 1)
    assert "wrong: row 2: " in plain.stdout
    assert "wrong: care_patient.name" in plain.stdout
    assert CANARY not in plain.stdout + plain.stderr
    assert json.loads(told.stdout)["well"] is False
