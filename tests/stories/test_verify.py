"""Verifying.

What is whole is said to be whole; a changed row of the trail, a sealed value that does
not open, a key of another house and a damaged file are each named, in plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from securebase.clinic.care.models import Patient
from securebase.people.audit.guard import lifted
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import record
from securebase.people.audit.verbs import Verb
from securebase.people.vault.crypto import new_key, seal
from securebase.people.vault.keys import forget_keys
from securebase.people.vault.models import DataKey
from securebase.stories.keep_safe import verify as verifying
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.refusals import Damaged
from securebase.stories.keep_safe.restore import manifest_of
from securebase.stories.keep_safe.verify import Finding, verify
from tests import factories as make
from tests.doors import a_database_with_many_doors
from tests.stories import keeping
from tests.stories.keeping import CANARIES, NOW
from tests.tampering import delete, reorder, truncate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _practice(transactional_db: None) -> None:
    keeping.a_lived_in_practice()
    forget_keys()


def finding(name: str, *, every_value: bool = True) -> Finding:
    """Return what was found under a name; no word of a record is said."""
    [found] = [one for one in verify(every_value=every_value) if one.name == name]
    assert not any(canary in str(found) for canary in CANARIES)
    return found


def overwrite(table: str, column: str, value: Any, *, of: Any, by: str = "id") -> None:
    """Change one value past the program."""
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {by} = %s", [value, of])  # noqa: S608


def sealed_name(patient: Patient) -> bytes:
    """Return the sealed name of a patient as it is kept."""
    [kept] = Patient.objects.filter(pk=patient.pk).values_list("name", flat=True)
    return bytes(kept.data)


def key_in_table(patient: Patient) -> object:
    """Return a patient's key as the table has it."""
    return patient.pk.hex if connection.vendor == "sqlite" else patient.pk


def test_a_practice_that_is_well_is_said_to_be_well() -> None:
    found = verify(every_value=True)

    assert [one.name for one in found] == ["Database", "Trail", "Keys", "Sealed text"]
    assert [one.problems for one in found] == [()] * 4


def test_every_value_is_opened_when_asked_and_some_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifying, "SAMPLE", 1)

    opened, there = re.findall(r"\d+", finding("Sealed text", every_value=False).says)
    assert int(opened) < int(there)
    assert "--all" in finding("Sealed text", every_value=False).says
    assert "--all" not in finding("Sealed text").says


@pytest.mark.parametrize("column", ["verb", "reason", "object_id"])
def test_an_edited_row_of_the_trail_is_named(column: str) -> None:
    overwrite("audit_auditevent", column, "something else", of=3, by="number")

    assert "row 3: " in finding("Trail").problems[0]


def test_a_missing_row_of_the_trail_is_named() -> None:
    delete(4)

    assert "row 4 is missing" in finding("Trail").problems[0]


def test_two_rows_of_the_trail_in_each_others_place_are_named() -> None:
    reorder(2)

    assert "row 2: " in finding("Trail").problems[0]


def test_a_changed_moment_in_the_trail_is_named() -> None:
    with lifted():
        AuditEvent.objects.filter(number=2).update(at=F("at") + timedelta(seconds=1))

    assert "row 2: " in finding("Trail").problems[0]


def test_a_trail_cut_off_at_its_end_shows_against_a_backup(tmp_path: Path) -> None:
    then = back_up(tmp_path / "a.backup", at=NOW)
    truncate(then.trail_number - 3)

    assert finding("Trail").problems == ()
    [found] = [one for one in verify(since=then) if one.name == "Trail"]
    assert f"row {then.trail_number} was there" in found.problems[0]


def test_a_trail_written_anew_with_the_key_shows_against_a_backup(tmp_path: Path) -> None:
    then = back_up(tmp_path / "a.backup", at=NOW)
    number = then.trail_number
    delete(number)
    record(Verb.RECORD_READ, by=None, at=NOW, reason="written anew")

    assert finding("Trail").problems == ()
    [found] = [one for one in verify(since=then) if one.name == "Trail"]
    assert found.problems == (f"row {number} is not the one that was backed up",)


def test_a_trail_that_went_on_agrees_with_the_backup(tmp_path: Path) -> None:
    back_up(tmp_path / "a.backup", at=NOW)
    then = manifest_of(tmp_path / "a.backup", root_key=keeping.root_key())
    make.a_patient(of=make.a_clinician())

    assert [one.problems for one in verify(since=then)] == [()] * 4


def test_many_problems_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "MOST_SAID", 2)
    for number in (2, 5, 8):
        overwrite("audit_auditevent", "reason", "changed", of=number, by="number")

    assert finding("Trail").problems[2:] == ("and 1 more",)


def test_a_sealed_value_with_a_flipped_bit_is_named() -> None:
    patient = Patient.objects.all()[0]
    kept = bytearray(sealed_name(patient))
    kept[-1] ^= 1

    overwrite("care_patient", "name", bytes(kept), of=key_in_table(patient))

    assert f"care_patient.name, row {patient.pk}" in finding("Sealed text").problems[0]


def test_a_sealed_value_moved_to_another_row_is_named() -> None:
    one, other = Patient.objects.all()[:2]

    overwrite("care_patient", "name", sealed_name(other), of=key_in_table(one))

    assert f"row {one.pk}" in finding("Sealed text").problems[0]


def test_a_lost_key_is_named() -> None:
    patient = Patient.objects.all()[0]
    DataKey.objects.filter(owner=patient.pk).delete()

    assert any(str(patient.pk) in said for said in finding("Sealed text").problems)


def test_a_key_of_another_house_is_named() -> None:
    row = DataKey.objects.order_by("-pk")[0]
    overwrite(
        "vault_datakey",
        "wrapped",
        seal(new_key(), new_key(), bound_to=row.owner.bytes),
        of=row.pk,
    )

    assert f"data key {row.pk}" in finding("Keys").problems[0]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Return the practice as SQLite has it in a file of its own."""
    if connection.vendor != "sqlite":
        pytest.skip("damages the file of a SQLite database")
    with a_database_with_many_doors(tmp_path):
        yield tmp_path / "practice.sqlite3"


def test_a_damaged_file_is_named_and_not_backed_up(file: Path, tmp_path: Path) -> None:
    data = bytearray(file.read_bytes())
    for page in range(30, 34):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(data)

    assert finding("Database").problems
    with pytest.raises(Damaged, match="verify"):
        back_up(tmp_path / "a.backup", at=NOW)


def test_a_row_that_points_nowhere_is_named(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("DELETE FROM measurement_response")
    connection.close()

    assert "measurement_response that is not there" in finding("Database").problems[0]
