"""Backing up and restoring.

Every row comes back as it was, or nothing does and the place stays empty. The words
people wrote are in no file on the way. On both databases.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import combinations, takewhile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.models import Rupture
from securebase.people.audit.models import AuditEvent
from securebase.people.vault.crypto import new_key
from securebase.people.vault.keys import forget_keys
from securebase.science.errors import BadInput
from securebase.stories.keep_safe import back_up as backing_up
from securebase.stories.keep_safe import own_files as keeping_files
from securebase.stories.keep_safe import restore as restoring
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.envelope import (
    CHUNK,
    HEAD_BYTES,
    TAG,
    SealedReader,
    SealedWriter,
)
from securebase.stories.keep_safe.manifest import Count, schema_in_use, tables_at
from securebase.stories.keep_safe.moment import connected_to, one_moment
from securebase.stories.keep_safe.own_files import as_line, from_line
from securebase.stories.keep_safe.refusals import (
    AnotherKey,
    AnotherVersion,
    Damaged,
    NothingThere,
    PlaceTaken,
    TooMuch,
)
from securebase.stories.keep_safe.restore import restore
from securebase.stories.keep_safe.rows import line_of
from securebase.stories.keep_safe.verify import verify
from tests import factories as make
from tests.stories import keeping
from tests.stories.keeping import CANARIES, NOW, is_empty, root_key

Place = dict[str, Any]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice(transactional_db: None) -> None:
    """Make a practice that was lived in."""
    keeping.a_lived_in_practice()


@pytest.fixture
def backup(practice: None, tmp_path: Path) -> Path:
    """Return a backup of the practice."""
    file = tmp_path / "practice.backup"
    back_up(file, at=NOW)
    return file


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> Iterator[Place]:
    """Return an empty place of the same kind of database."""
    with keeping.an_empty_place(tmp_path / "place") as found:
        yield found


def refused(file: Path, place: Place, why: type[BadInput], *, key: bytes | None = None) -> str:
    """Restore, which must be refused, and return what was said."""
    with pytest.raises(why) as refusal:
        restore(file, database=place, root_key=key or root_key())
    return str(refusal.value)


def rewritten(file: Path, change: Callable[[list[Any]], None]) -> None:
    """Change the lines inside a backup and seal it again, as only the key's holder can."""
    with file.open("rb") as source:
        sealed = io.BufferedReader(SealedReader(source, root_key=root_key()))
        lines = [json.loads(line) for line in gzip.decompress(sealed.read()).splitlines()]
    change(lines)
    with file.open("wb") as target, SealedWriter(target, root_key=root_key()) as out:
        out.write(gzip.compress(b"".join(map(line_of, lines))))


def test_every_row_comes_back_as_it_was(practice: None, place: Place, tmp_path: Path) -> None:
    made = back_up(tmp_path / "a.backup", at=NOW)
    before = keeping.rows_as_the_database_has_them()

    restored = restore(tmp_path / "a.backup", database=place, root_key=root_key())

    assert restored.manifest == made
    assert made.rows > 100
    with connected_to(place):
        assert keeping.rows_as_the_database_has_them() == before


def test_a_restored_practice_opens_and_goes_on(backup: Path, place: Place) -> None:
    restore(backup, database=place, root_key=root_key())
    forget_keys()

    with connected_to(place):
        findings = verify(every_value=True)
        names = {patient.name for patient in Patient.objects.all()}
        make.a_patient(of=make.a_clinician(), name="New Here")

        assert [finding.problems for finding in findings] == [()] * 4
        assert names == {CANARIES[1], "Zoë Ĉapek 🌿"}
        assert CANARIES[2] in {rupture.note for rupture in Rupture.objects.all()}


def test_the_manifest_says_where_the_trail_ends(practice: None, tmp_path: Path) -> None:
    last = AuditEvent.objects.latest("number")

    made = back_up(tmp_path / "a.backup", at=NOW)

    assert (made.trail_number, made.trail_link) == (last.number, bytes(last.link).hex())


def test_a_backup_of_a_restored_practice_has_the_same_manifest(
    backup: Path, place: Place, tmp_path: Path
) -> None:
    first = restore(backup, database=place, root_key=root_key()).manifest

    with connected_to(place):
        assert back_up(tmp_path / "again.backup", at=NOW) == first


def test_two_hundred_flipped_bytes_are_refused(backup: Path, place: Place) -> None:
    whole = backup.read_bytes()
    chance = random.Random(3)  # noqa: S311
    for _ in range(200):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        backup.write_bytes(data)

        refused(backup, place, BadInput)

    assert is_empty(place)


def test_a_backup_cut_short_at_fifty_places_is_refused(backup: Path, place: Place) -> None:
    whole, chance = backup.read_bytes(), random.Random(4)  # noqa: S311
    edges = (0, 10, HEAD_BYTES, HEAD_BYTES + CHUNK + TAG, len(whole) // 2, len(whole) - 1)
    anywhere = [chance.randrange(len(whole)) for _ in range(44)]
    for length in (*edges, *anywhere):
        backup.write_bytes(whole[:length])

        refused(backup, place, Damaged)

    assert is_empty(place)


def test_parts_in_the_wrong_order_doubled_or_left_out_are_refused(
    backup: Path, place: Place
) -> None:
    whole, size = backup.read_bytes(), CHUNK + TAG
    head, rest = whole[:HEAD_BYTES], whole[HEAD_BYTES:]
    parts = [rest[n : n + size] for n in range(0, len(rest), size)]
    last = len(parts) - 1
    orders = [
        order
        for one, other in combinations(range(len(parts)), 2)
        for order in (swapped(parts, one, other), [*parts[:one], parts[other], *parts[one:]])
    ]
    orders += [parts[:n] + parts[n + 1 :] for n in range(len(parts))]
    orders += [[*parts, parts[last]], parts[::-1]]
    assert last >= 2
    for order in orders:
        backup.write_bytes(head + b"".join(order))

        assert "damaged" in refused(backup, place, Damaged)

    assert is_empty(place)


def swapped(parts: list[bytes], one: int, other: int) -> list[bytes]:
    """Return the parts with two of them in one another's place."""
    order = parts.copy()
    order[one], order[other] = parts[other], parts[one]
    return order


def test_damage_at_the_very_end_is_seen_before_anything_is_made(
    backup: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_nothing(database: Place) -> None:
        raise AssertionError("something was made")

    monkeypatch.setattr(restoring, "_empty_place", make_nothing)
    backup.write_bytes(backup.read_bytes()[:-1] + b"?")

    refused(backup, place, Damaged)


def test_another_root_key_is_refused(backup: Path, place: Place) -> None:
    said = refused(backup, place, AnotherKey, key=new_key())

    assert "root key" in said
    assert is_empty(place)


def test_newer_tables_are_refused(backup: Path, place: Place) -> None:
    rewritten(backup, lambda lines: lines[0]["schema"].append(["care", "9999_later"]))

    said = refused(backup, place, AnotherVersion)

    assert "care.9999_later" in said
    assert is_empty(place)


def test_a_backup_of_before_files_were_in_it_is_still_restored(
    backup: Path, place: Place
) -> None:
    def as_it_was(lines: list[Any]) -> None:
        lines[0]["format"] = 1
        del lines[-1]["manifest"]["files"]

    rewritten(backup, as_it_was)

    assert restore(backup, database=place, root_key=root_key()).manifest.files == {}


def test_another_format_is_refused(backup: Path, place: Place) -> None:
    rewritten(backup, lambda lines: lines[0].update(format=3, made_by="2031.1"))

    assert "2031.1" in refused(backup, place, AnotherVersion)
    assert is_empty(place)


def test_a_row_that_is_not_the_one_counted_is_refused_before_a_table_is_made(
    backup: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_a_row(lines: list[Any]) -> None:
        at = lines.index({"table": "measurement_score"})
        del lines[at + 1]

    rewritten(backup, lose_a_row)
    monkeypatch.delattr(restoring, "make_tables")

    assert "measurement_score" in refused(backup, place, Damaged)
    assert is_empty(place)


def test_a_value_that_its_column_does_not_take_is_refused(backup: Path, place: Place) -> None:
    every = tables_at(schema_in_use())
    [scores] = [table for table in every if table._meta.db_table == "measurement_score"]

    def no_key(lines: list[Any]) -> None:
        at = lines.index({"table": "measurement_score"})
        lines[at + 1][0] = "measurement_score"
        count = Count(scores)
        for row in takewhile(lambda line: isinstance(line, list), lines[at + 1 :]):
            count.add(line_of(row))
        lines[-1]["manifest"]["tables"]["measurement_score"] = asdict(count.table)

    rewritten(backup, no_key)

    assert "not a backup" in refused(backup, place, Damaged)
    assert is_empty(place)


def test_older_tables_come_back_as_they_were(
    practice: None, place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "old.backup"
    back_up(file, at=NOW)

    def without_last_step(lines: list[Any]) -> None:
        steps = [step for step in lines[0]["schema"] if step[0] == "approvals"]
        lines[0]["schema"].remove(max(steps))

    rewritten(file, without_last_step)

    restored = restore(file, database=place, root_key=root_key())

    assert restored.manifest.rows > 100
    with connected_to(place), pytest.raises(AnotherVersion, match="older"):
        verify()


def test_a_place_with_something_in_it_is_left_alone(backup: Path, place: Place) -> None:
    restore(backup, database=place, root_key=root_key())
    with connected_to(place):
        before = keeping.rows_as_the_database_has_them()

    refused(backup, place, PlaceTaken)

    with connected_to(place):
        assert keeping.rows_as_the_database_has_them() == before


def test_no_backup_is_overwritten(backup: Path) -> None:
    before = backup.read_bytes()

    with pytest.raises(PlaceTaken, match=r"practice\.backup"):
        back_up(backup, at=NOW)

    assert backup.read_bytes() == before


def test_a_backup_that_fails_leaves_no_file(
    practice: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backing_up, "end_of_trail", full)

    with pytest.raises(OSError, match="No space"):
        back_up(tmp_path / "a.backup", at=NOW)

    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_no_practice(place: Place, tmp_path: Path) -> None:
    with connected_to(place), pytest.raises(NothingThere, match="--data-dir"):
        back_up(tmp_path / "a.backup", at=NOW)


def test_tables_newer_than_the_program_are_not_backed_up(
    practice: None, tmp_path: Path
) -> None:
    steps = MigrationRecorder(connection)
    steps.record_applied("care", "9999_later")

    try:
        with pytest.raises(AnotherVersion, match=r"care\.9999_later"):
            back_up(tmp_path / "a.backup", at=NOW)
    finally:
        steps.record_unapplied("care", "9999_later")


def test_sessions_and_keys_stay_out(backup: Path) -> None:
    seen: list[Any] = []
    rewritten(backup, seen.extend)
    tables = [line["table"] for line in seen if isinstance(line, dict) and "table" in line]

    assert "django_session" not in tables
    assert root_key().hex() not in json.dumps(seen)


def test_what_people_wrote_is_in_no_file_on_the_way(
    practice: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    remove = shutil.rmtree

    def look_and_remove(folder: Path, **options: Any) -> None:
        seen.extend(path.read_bytes() for path in Path(folder).glob("*"))
        remove(folder, **options)

    monkeypatch.setattr(shutil, "rmtree", look_and_remove)

    back_up(tmp_path / "a.backup", at=NOW)

    seen.append((tmp_path / "a.backup").read_bytes())
    assert len(seen) == (2 if connection.vendor == "sqlite" else 1)
    for canary in CANARIES:
        for said in (canary, canary.encode("utf-16-le").decode("latin-1")):
            assert not any(said.encode() in data for data in seen)


def test_the_copy_has_no_name_while_it_is_read(practice: None) -> None:
    with one_moment():
        assert list(Path(settings.DATA_DIR).glob("copying-*")) == []
        assert Patient.objects.count() == 2


def test_what_a_killed_backup_left_is_swept(practice: None, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is not copied")
    left = Path(settings.DATA_DIR) / "copying-killed"
    left.mkdir()
    (left / "copy.sqlite3").write_bytes(b"half")

    back_up(tmp_path / "a.backup", at=NOW)

    assert not left.exists()


def test_a_practice_moves_to_the_other_kind_of_database_and_back(
    practice: None, place: Place, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs both kinds of database: run with PostgreSQL")
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "there.sqlite3")}
    made = back_up(tmp_path / "a.backup", at=NOW)

    there = connection.settings_dict | sqlite | {"OPTIONS": {}}
    moved = restore(tmp_path / "a.backup", database=there, root_key=root_key())
    with connected_to(there):
        back_up(tmp_path / "b.backup", at=NOW)
    back = restore(tmp_path / "b.backup", database=place, root_key=root_key())

    assert made == moved.manifest == back.manifest


OWN_FILES = {
    "instruments/own-scale/instrument.toml": b'slug = "own-scale"\n',
    "note-shapes.toml": "# Formen für Notizen\n".encode(),
}


@pytest.fixture
def own_files(settings: Any, tmp_path: Path) -> Path:
    """Return a data directory with files of the practice's own, and some that are not."""
    home = tmp_path / "home"
    for path, content in {**OWN_FILES, "keys/root.key": b"secret", "other.txt": b"?"}.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    (home / "packs").symlink_to(home / "keys")
    settings.DATA_DIR = home
    return home


def test_the_practices_own_files_come_back_and_nothing_else_of_its_folder(
    practice: None, own_files: Path, tmp_path: Path, place: Place
) -> None:
    back_up(tmp_path / "a.backup", at=NOW)
    there = tmp_path / "there"

    restore(tmp_path / "a.backup", database=place, root_key=root_key(), home=there)

    found = {
        path.relative_to(there).as_posix(): path.read_bytes()
        for path in there.rglob("*")
        if path.is_file() and ".sqlite3" not in path.name
    }
    assert found == OWN_FILES


def test_files_go_again_if_the_restore_fails_after_they_came(
    practice: None,
    own_files: Path,
    tmp_path: Path,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(tmp_path / "a.backup", at=NOW)
    there = tmp_path / "there"
    monkeypatch.setattr(restoring, "Restored", None)

    with pytest.raises(BadInput):
        restore(tmp_path / "a.backup", database=place, root_key=root_key(), home=there)

    assert not any(path.is_file() for path in there.rglob("*"))


@pytest.mark.parametrize("path", ["../elsewhere", "keys/root.key", "packs/../../x", ""])
def test_a_file_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(Damaged, match="belongs nowhere"):
        from_line(as_line(path, b""))


def test_a_folder_that_is_far_too_large_is_named(
    practice: None, own_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_files, "MOST_BYTES", 20)

    with pytest.raises(TooMuch, match=r"instruments.*note-shapes.toml"):
        back_up(tmp_path / "a.backup", at=NOW)
