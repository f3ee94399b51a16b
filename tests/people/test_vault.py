"""The vault.

Names and free text are kept encrypted under one key for each person. A value that was
changed, or moved to another row, does not open; destroying a key erases what it sealed.
"""

from __future__ import annotations

import stat
import uuid
from pathlib import Path

import pytest
from django.db import connection, transaction

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.vault import crypto, keys
from securebase.people.vault.models import DataKey

CANARY = "canary Ödipus 7f3a"
AT = "2026-03-02T09:00:00+00:00"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_keys_in_memory() -> None:
    keys.forget_keys()


def patient(name: str = CANARY) -> Patient:
    return Patient.objects.create(name=name, welcomed_at=AT)


def stored(row: Patient) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM care_patient WHERE id = %s", [row.pk.hex])
        found = cursor.fetchone()
    return bytes(found[0])


def overwrite(row: Patient, data: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE care_patient SET name = %s WHERE id = %s", [data, row.pk.hex])


def test_the_database_never_holds_the_text() -> None:
    row = patient()

    assert CANARY.encode() not in stored(row)
    assert Patient.objects.get().name == CANARY


def test_text_of_any_script_and_length_comes_back() -> None:
    for text in ("", "x", "深い息 🌿", "a" * 100_000):
        assert Patient.objects.get(pk=patient(text).pk).name == text


def test_a_value_moved_to_another_row_does_not_open() -> None:
    one, other = patient(), patient("other")
    overwrite(other, stored(one))

    with pytest.raises(crypto.SealBroken):
        _ = Patient.objects.get(pk=other.pk).name


@pytest.mark.parametrize("place", [0, 5, 13, -1])
def test_one_changed_bit_is_noticed(place: int) -> None:
    row = patient()
    data = bytearray(stored(row))
    data[place] ^= 1
    overwrite(row, bytes(data))

    with pytest.raises(crypto.SealBroken):
        _ = Patient.objects.get().name


def test_destroying_a_key_erases_what_it_sealed_and_nothing_else() -> None:
    gone, stays = patient(), patient("stays")
    DataKey.objects.filter(owner=gone.pk).delete()
    keys.forget_keys()

    with pytest.raises(crypto.KeyMissing):
        _ = Patient.objects.get(pk=gone.pk).name
    assert Patient.objects.get(pk=stays.pk).name == "stays"


def test_a_bulk_update_of_sealed_text_is_refused() -> None:
    patient()

    with pytest.raises(TypeError, match="never update in bulk"):
        Patient.objects.update(name="plain")


def test_many_names_cost_one_query_for_their_keys(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    rows = [patient(str(n)) for n in range(30)]
    keys.forget_keys()

    with django_assert_num_queries(2):  # type: ignore[operator]
        keys.hold_keys(row.pk for row in rows)
        names = {row.name for row in Patient.objects.all()}
    assert names == {str(n) for n in range(30)}


def test_a_key_made_in_a_transaction_that_fails_is_not_remembered() -> None:
    owner = uuid.uuid4()
    with transaction.atomic():
        lost = keys.subkey(owner, "id", sealing=True)
        transaction.set_rollback(True)

    assert keys.subkey(owner, "id", sealing=True) != lost


def test_categories_of_one_person_have_different_keys() -> None:
    owner = uuid.uuid4()
    keys.key_for_sealing(owner)

    assert keys.subkey(owner, "progress") != keys.subkey(owner, "process")


def test_neither_a_sealed_value_nor_its_owner_shows_text_in_a_message() -> None:
    row = Patient.objects.get(pk=patient().pk)
    user = User.objects.create_user("a@example.org", name=CANARY)

    assert CANARY not in f"{row!r} {row} {user!r} {user} {row.__dict__['name']!r}"


def test_the_root_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "root.key"
    crypto.make_root_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    with pytest.raises(FileExistsError):
        crypto.make_root_key(path)


@pytest.mark.parametrize("content", [None, "", "not hex", "abcd"])
def test_a_missing_or_damaged_root_key_is_refused_in_clear_words(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "root.key"
    if content is not None:
        path.write_text(content)

    with pytest.raises(crypto.KeyMissing, match=r"root\.key"):
        crypto.read_root_key(path)
