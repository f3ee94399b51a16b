"""New keys for old.

Root, practice and data keys can be replaced while people read and write. A rotation that
is killed anywhere leaves everything readable and is taken up again; what somebody saves
meanwhile is never overwritten; when it has ended, nothing opens under the old keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from securebase.clinic.care.models import Patient
from securebase.people.vault import blind, crypto, homes, keys, ring, rotation
from securebase.people.vault.models import BlindIndex, DataKey, PracticeKey, Rotation
from securebase.people.vault.resealing import sealed_columns
from tests.factories import NOW

NAMES = {f"Person {n}" for n in range(7)}

pytestmark = pytest.mark.django_db


class Killed(Exception):
    """Stands for a process that is gone."""


@pytest.fixture(autouse=True)
def _a_key_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.SECUREBASE_KEY_FILE = str(tmp_path / "keys" / "root.key")
    crypto.make_root_key(homes.key_path())
    keys.forget_keys()


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rotation, "securebase.people.vault.resealing"):
        name = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{name}.AT_ONCE", 2)


@pytest.fixture
def people() -> list[Patient]:
    return [Patient.objects.create(name=name, welcomed_at=NOW) for name in sorted(NAMES)]


def names() -> set[str]:
    keys.forget_keys()
    return {patient.name for patient in Patient.objects.all()}


def ciphertexts() -> dict[UUID, bytes]:
    found = Patient.objects.values_list("pk", "name")
    return {pk: sealed.data for pk, sealed in found}


def data(between: Callable[[], None] = rotation.nothing) -> rotation.Rotated:
    return rotation.rotate_data(at=NOW, settle=rotation.nothing, between=between)


def practice(between: Callable[[], None] = rotation.nothing) -> rotation.Rotated:
    return rotation.rotate_practice(at=NOW, between=between)


def root(between: Callable[[], None] = rotation.nothing) -> rotation.Rotated:
    return rotation.rotate_root(at=NOW, between=between)


def dying_at(step: int) -> Callable[[], None]:
    """Return a between that kills at one step and notes whether it got that far."""
    steps: Iterator[int] = count(1)

    def between() -> None:
        if next(steps) == step:
            raise Killed

    return between


@pytest.mark.parametrize("rotate", [root, practice, data])
@pytest.mark.usefixtures("people")
def test_everything_opens_after_a_rotation(rotate: Callable[[], rotation.Rotated]) -> None:
    rotate()

    assert names() == NAMES
    assert not Rotation.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("rotate", [root, practice, data])
def test_killed_at_any_step_everything_opens_and_it_is_taken_up_again(
    people: list[Patient], rotate: Callable[[Callable[[], None]], rotation.Rotated]
) -> None:
    for step in count(1):
        try:
            rotate(dying_at(step))
        except Killed:
            assert names() == NAMES, f"killed at step {step}"
            new = Patient.objects.create(name="Newly come", welcomed_at=NOW)
            rotate(rotation.nothing)
            assert names() == {*NAMES, "Newly come"}, f"taken up after step {step}"
            DataKey.objects.filter(owner=new.pk).delete()
            new.delete()
        else:
            break

    assert step > 3
    assert not Rotation.objects.filter(ended_at=None).exists()
    assert {p.pk for p in people} == set(ciphertexts())


@pytest.mark.usefixtures("people")
def test_a_new_root_key_takes_the_place_of_the_old_one_which_opens_nothing() -> None:
    old = homes.root_key()
    root()

    assert homes.root_key() != old
    assert not homes.next_path().exists()
    homes.key_path().unlink()
    crypto.write_secret(homes.key_path(), old.hex().encode())
    with pytest.raises(crypto.WrongKey, match="not the key of this database"):
        names()


@pytest.mark.usefixtures("people")
def test_a_new_practice_key_leaves_nothing_wrapped_by_the_old_one() -> None:
    before = PracticeKey.objects.get().number
    practice()

    assert PracticeKey.objects.get().number == before + 1
    assert set(DataKey.objects.values_list("practice_key", flat=True)) == {before + 1}


def test_new_data_keys_seal_every_value_anew_and_the_old_ones_are_destroyed(
    people: list[Patient],
) -> None:
    before = ciphertexts()
    data()

    after = ciphertexts()
    assert all(before[pk] != after[pk] for pk in before)
    assert {crypto.number_of(sealed) for sealed in after.values()} == {2}
    mine = DataKey.objects.filter(owner__in=[one.pk for one in people])
    assert set(mine.values_list("generation", flat=True)) == {2}


def test_the_keys_of_the_trail_are_never_replaced() -> None:
    linked = keys.wrapping_key()
    data()
    practice()
    keys.forget_keys()

    assert keys.wrapping_key() == linked


def test_what_somebody_saves_while_values_are_sealed_anew_is_kept(
    people: list[Patient], monkeypatch: pytest.MonkeyPatch
) -> None:
    from securebase.people.vault import resealing

    write = resealing._write

    def written_meanwhile(column: object, changes: list[object]) -> int:
        saved = Patient.objects.get(pk=people[0].pk)
        if saved.name == "Person 0":
            saved.name = "Said meanwhile"
            saved.save()
        return write(column, changes)  # type: ignore[arg-type]

    monkeypatch.setattr(resealing, "_write", written_meanwhile)
    data()

    keys.forget_keys()
    assert Patient.objects.get(pk=people[0].pk).name == "Said meanwhile"


def test_a_row_read_before_a_rotation_and_saved_after_it_still_opens(
    people: list[Patient],
) -> None:
    read_before = Patient.objects.get(pk=people[0].pk)
    rotation.rotate_data(at=NOW, settle=read_before.save, between=rotation.nothing)

    assert names() == NAMES


def test_a_process_that_remembers_the_old_ring_seals_under_the_new_key(
    people: list[Patient],
) -> None:
    keys.forget_keys()
    keys.hold_keys(one.pk for one in people)
    old_ring = dict(keys._kept)
    data()
    keys._kept.update(old_ring)
    keys._known["version"] = 0
    ring.look_again()
    people[0].name = "Said by an old process"
    people[0].save()

    assert crypto.number_of(ciphertexts()[people[0].pk]) == 2


def test_a_value_that_does_not_open_is_counted_and_its_key_kept(people: list[Patient]) -> None:
    damaged = bytearray(ciphertexts()[people[0].pk])
    damaged[-1] ^= 1
    with connection.cursor() as cursor:
        key = people[0].pk if connection.vendor == "postgresql" else people[0].pk.hex
        cursor.execute("UPDATE care_patient SET name = %s WHERE id = %s", [bytes(damaged), key])
    rotated = data()

    assert rotated.unreadable == 1
    assert DataKey.objects.filter(owner=people[0].pk).count() == 2
    assert Patient.objects.get(pk=people[1].pk).name == "Person 1"


def test_every_sealed_column_leads_to_its_owner_in_the_database() -> None:
    for column in sealed_columns():
        owner = column.owner.replace(".", "__")
        if owner != "practice":
            list(column.model._base_manager.values_list("pk", owner, column.attname)[:1])

    assert {f"{c.model._meta.label}.{c.name}" for c in sealed_columns()} >= {
        "care.Patient.name",
        "accounts.User.name",
        "episodes.SignalAct.reason",
    }


def test_what_an_earlier_version_sealed_opens_and_is_taken_in() -> None:
    """Once the root key itself wrapped data keys, and no value had a number."""
    owner, key = uuid4(), crypto.new_key()
    wrap = crypto.derive(homes.root_key(), "securebase wrap v1")
    DataKey.objects.all().delete()
    PracticeKey.objects.all().delete()
    DataKey.objects.create(owner=owner, wrapped=sealed_as_before(wrap, key, owner.bytes))
    Patient.objects.bulk_create([Patient(pk=owner, welcomed_at=NOW)])
    place = f"care_patient|{owner}|name".encode()
    text = sealed_as_before(crypto.derive(key, "securebase id v1"), b"From before", place)
    with connection.cursor() as cursor:
        where = owner if connection.vendor == "postgresql" else owner.hex
        cursor.execute("UPDATE care_patient SET name = %s WHERE id = %s", [text, where])

    assert names() == {"From before"}
    assert keys.wrapping_key() == wrap
    data()
    assert names() == {"From before"}
    assert ciphertexts()[owner][:1] == crypto.NUMBERED


def sealed_as_before(key: bytes, text: bytes, bound_to: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = b"n" * crypto.NONCE_BYTES
    return crypto.UNNUMBERED + nonce + AESGCM(key).encrypt(nonce, text, bound_to)


def test_the_index_finds_people_before_during_and_after_a_rotation(
    people: list[Patient],
) -> None:
    found = []
    blind.keep("care.patient.name", people[0].pk, "Zoë  Ash")
    rotation.rotate_data(
        at=NOW,
        settle=lambda: found.append(blind.find_owners("care.patient.name", "zoë ash")),
        between=rotation.nothing,
    )
    found.append(blind.find_owners("care.patient.name", "ZOE\u0308 ASH"))

    assert found == [[people[0].pk], [people[0].pk]]
    assert b"Ash" not in bytes(BlindIndex.objects.get(owner=people[0].pk).digest)
