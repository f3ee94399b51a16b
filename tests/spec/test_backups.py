"""Backups.

A backup is one encrypted file that holds the practice as it was at one moment. Whether
it is any good is not promised but shown: it is restored, and compared row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from securebase.clinic.care.models import Patient
from securebase.people.vault.crypto import new_key
from securebase.science.errors import BadInput
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.moment import connected_to
from securebase.stories.keep_safe.refusals import AnotherKey, Damaged, PlaceTaken
from securebase.stories.keep_safe.restore import restore
from securebase.stories.keep_safe.verify import verify
from tests import factories as make
from tests.stories import keeping
from tests.stories.keeping import CANARIES, NOW, is_empty, root_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(transactional_db: None, tmp_path: Path) -> Path:
    """Return a backup of a practice with two patients."""
    keeping.a_lived_in_practice()
    back_up(tmp_path / "practice.backup", at=NOW)
    return tmp_path / "practice.backup"


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Return an empty place."""
    with keeping.an_empty_place(tmp_path / "place") as found:
        yield found


def test_a_restored_practice_is_the_one_that_was_backed_up(
    backup: Path, place: dict[str, Any]
) -> None:
    """Every row of every table is read again and compared before the place is used."""
    before = keeping.rows_as_the_database_has_them()

    restore(backup, database=place, root_key=root_key())

    with connected_to(place):
        assert keeping.rows_as_the_database_has_them() == before


def test_what_came_after_the_backup_is_not_in_it(backup: Path, place: dict[str, Any]) -> None:
    make.a_patient(of=make.a_clinician(), name="Came Later")

    restore(backup, database=place, root_key=root_key())

    with connected_to(place):
        assert "Came Later" not in {patient.name for patient in Patient.objects.all()}


def test_the_trail_comes_back_unbroken(backup: Path, place: dict[str, Any]) -> None:
    restore(backup, database=place, root_key=root_key())

    with connected_to(place):
        assert [one.problems for one in verify() if one.name == "Trail"] == [()]


def test_a_backup_tells_nothing_without_the_root_key(
    backup: Path, place: dict[str, Any]
) -> None:
    """The root key is in no backup; whoever finds one cannot read even how many there are."""
    with pytest.raises(AnotherKey):
        restore(backup, database=place, root_key=new_key())

    data = backup.read_bytes()
    assert root_key().hex().encode() not in data
    assert not any(canary.encode() in data for canary in (*CANARIES, "care_patient"))


@pytest.mark.parametrize("where", [0, 30, 200, -1])
def test_one_wrong_byte_is_enough_to_refuse_all_of_it(
    backup: Path, place: dict[str, Any], where: int
) -> None:
    data = bytearray(backup.read_bytes())
    data[where] ^= 1
    backup.write_bytes(data)

    with pytest.raises(BadInput):
        restore(backup, database=place, root_key=root_key())


def test_a_refused_restore_leaves_the_place_as_it_was(
    backup: Path, place: dict[str, Any]
) -> None:
    backup.write_bytes(backup.read_bytes()[:-1])

    with pytest.raises(Damaged):
        restore(backup, database=place, root_key=root_key())

    assert is_empty(place)


def test_nothing_is_ever_restored_over_something(backup: Path, place: dict[str, Any]) -> None:
    restore(backup, database=place, root_key=root_key())

    with pytest.raises(PlaceTaken):
        restore(backup, database=place, root_key=root_key())
