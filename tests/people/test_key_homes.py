"""Where the root key lives, and what it takes to get it back.

A key can be kept under a passphrase; until that is given, the place is locked, help is
not. The words of a recovery sheet rebuild the key, and a mistyped word is found. A
destroyed key stays destroyed, also when an older backup comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings
from shamir_mnemonic.wordlist import WORDLIST

from securebase.clinic.care.models import Patient
from securebase.config.first_start import NotSafe, _check_home, open_vault
from securebase.people.vault import (
    blind,
    crypto,
    erasure,
    homes,
    keys,
    passphrases,
    recovery,
    showing,
)
from securebase.people.vault.models import BlindIndex, DataKey, ErasedOwner
from tests.factories import NOW

PASSPHRASE = "heron weir mill lane door quartz"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_key_of_its_own(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(homes, "MEMORY", memory)
    monkeypatch.setattr(passphrases, "MEMORY_KIB", 64)
    settings.DATA_DIR = tmp_path
    settings.SECUREBASE_KEY_FILE = str(tmp_path / "keys" / "root.key")
    crypto.make_root_key(homes.key_path())
    keys.forget_keys()
    yield
    keys.forget_keys()


def patient(name: str = "Sam Reed") -> Patient:
    return Patient.objects.create(name=name, welcomed_at=NOW)


def test_under_a_passphrase_the_file_holds_no_key_and_opens_with_the_passphrase_only() -> None:
    key = homes.root_key()
    homes.set_passphrase(PASSPHRASE)
    homes.lock()

    assert key.hex() not in homes.key_path().read_text()
    assert homes.is_locked()
    with pytest.raises(homes.Locked, match="securebase keys unlock"):
        homes.root_key()
    with pytest.raises(passphrases.WrongPassphrase):
        homes.unlock(PASSPHRASE + "s")
    homes.unlock(PASSPHRASE)
    assert homes.root_key() == key


def test_a_short_passphrase_is_refused_and_the_key_stays_as_it_was() -> None:
    key = homes.root_key()
    with pytest.raises(crypto.VaultError, match="needs 15"):
        homes.set_passphrase("short")

    assert homes.root_key() == key


def test_while_locked_only_help_answers(client: Client) -> None:
    homes.set_passphrase(PASSPHRASE)
    homes.lock()

    page = client.get("/")
    assert page.status_code == 503
    assert "waits for its key" in page.content.decode()
    assert client.get("/help-now").status_code == 200
    homes.unlock(PASSPHRASE)
    assert client.get("/").status_code != 503


def test_a_key_file_that_everybody_may_read_is_refused() -> None:
    homes.key_path().chmod(0o444)

    with pytest.raises(NotSafe, match="chmod 400"):
        _check_home(homes.key_path())


def test_a_key_file_among_the_backups_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.SECUREBASE_BACKUP_DIR = str(tmp_path / "keys")

    with pytest.raises(NotSafe, match="where the backups go"):
        _check_home(homes.key_path())


def test_the_key_of_another_database_is_refused_by_name() -> None:
    patient()
    homes.key_path().unlink()
    crypto.make_root_key(homes.key_path())
    keys.forget_keys()

    with pytest.raises(NotSafe, match="not the key of this database"):
        open_vault()


@pytest.mark.parametrize("shared", [False, True])
def test_the_words_of_the_sheet_rebuild_the_key(shared: bool) -> None:
    root = homes.root_key()
    sheet = recovery.make_sheet(shared=shared)
    texts = [" ".join(words) for words in sheet.shares[-sheet.needed :]]
    recovery.try_sheet(texts, by=None, at=NOW)
    homes.key_path().unlink()
    recovery.restore_root_key([text.upper() for text in texts])

    assert homes.root_key() == root
    assert recovery.last_trial() is not None


def test_one_share_of_three_rebuilds_nothing() -> None:
    sheet = recovery.make_sheet(shared=True)

    with pytest.raises(recovery.WordsWrong, match="as many as the sheet asks for"):
        recovery.root_key_from([" ".join(sheet.shares[0])])


@pytest.fixture
def words() -> list[str]:
    return list(recovery.make_sheet(shared=False).shares[0])


def test_a_word_that_is_on_no_list_is_named_by_its_place(words: list[str]) -> None:
    words[6] = "xylophones"

    with pytest.raises(recovery.WordsWrong, match="Share 1, word 7 is not on the list"):
        recovery.root_key_from([" ".join(words)])


def test_a_wrong_word_is_found_by_the_checksum_and_no_word_is_repeated(
    words: list[str],
) -> None:
    words[1] = next(word for word in WORDLIST if word != words[1])

    with pytest.raises(recovery.WordsWrong, match="Look at word 2 again") as refused:
        recovery.root_key_from([" ".join(words)])
    assert not set(words) & set(str(refused.value).lower().split())
    assert refused.value.__cause__ is None


def test_words_that_changed_places_and_words_left_out_are_told(words: list[str]) -> None:
    place = next(n for n in range(4, len(words)) if words[n] != words[n + 1])
    words[place], words[place + 1] = words[place + 1], words[place]

    with pytest.raises(recovery.WordsWrong, match=f"Words {place + 1} and {place + 2} "):
        recovery.root_key_from([" ".join(words)])
    with pytest.raises(recovery.WordsWrong, match="has 32 words"):
        recovery.root_key_from([" ".join(words[1:])])


def test_the_sheet_of_an_older_key_does_not_count() -> None:
    from securebase.people.vault.rotation import rotate_root

    text = " ".join(recovery.make_sheet(shared=False).shares[0])
    recovery.try_sheet([text], by=None, at=NOW)
    rotate_root(at=NOW)

    assert recovery.last_trial() is None
    with pytest.raises(recovery.WordsWrong, match="not the one in force"):
        recovery.try_sheet([text], by=None, at=NOW)


def test_erased_is_not_the_same_as_never_there_and_no_key_is_made_again() -> None:
    gone = patient()
    erasure.destroy_keys(owner=gone.pk, by=None, at=NOW)

    with pytest.raises(crypto.KeyErased):
        _ = Patient.objects.get(pk=gone.pk).name
    with pytest.raises(crypto.KeyErased), transaction.atomic():
        gone.save()
    with pytest.raises(crypto.KeyMissing, match="no key"):
        keys.key_of(uuid4())
    assert not BlindIndex.objects.filter(owner=gone.pk).exists()


def test_another_process_stops_serving_an_erased_person_with_its_next_request() -> None:
    from securebase.people.vault import ring

    gone = patient()
    keys.forget_keys()
    keys.key_of(gone.pk)
    remembered = dict(keys._kept)
    erasure.destroy_keys(owner=gone.pk, by=None, at=NOW)
    keys._kept.update(remembered)
    assert Patient.objects.get(pk=gone.pk).name == "Sam Reed"
    ring.look_again()

    with pytest.raises(crypto.KeyErased):
        _ = Patient.objects.get(pk=gone.pk).name


def test_whom_an_older_backup_brings_back_is_erased_again_at_the_start() -> None:
    gone = patient()
    [row] = DataKey.objects.filter(owner=gone.pk)
    erasure.destroy_keys(owner=gone.pk, by=None, at=NOW)
    erasure.write_list()
    ErasedOwner.objects.all().delete()
    row.save(force_insert=True)
    assert erasure.resurrected() == [gone.pk]
    open_vault()

    assert not DataKey.objects.filter(owner=gone.pk).exists()
    assert erasure.read_list()[gone.pk] == (NOW, None)


def test_names_are_found_by_their_whole_text_however_it_is_written() -> None:
    zoe = patient("Zoë  Ĉapek")

    assert blind.find_owners("care.patient.name", " zoe\u0308 ĈAPEK ") == [zoe.pk]
    assert blind.find_owners("care.patient.name", "Zoë") == []
    assert blind.find_owners("care.patient.name", "") == []


def test_a_renamed_person_is_found_by_the_new_name_only() -> None:
    one = patient("Sam Reed")
    one.name = "Sam Ash"
    one.save()

    assert blind.find_owners("care.patient.name", "Sam Reed") == []
    assert blind.find_owners("care.patient.name", "Sam Ash") == [one.pk]


def damage(one: Patient) -> None:
    where = one.pk if connection.vendor == "postgresql" else one.pk.hex
    with connection.cursor() as cursor:
        cursor.execute("SELECT pronouns FROM care_patient WHERE id = %s", [where])
        data = bytearray(bytes(cursor.fetchone()[0]))
        data[-1] ^= 1
        cursor.execute(
            "UPDATE care_patient SET pronouns = %s WHERE id = %s", [bytes(data), where]
        )


def test_where_one_bit_was_flipped_a_page_shows_calm_words_and_the_rest() -> None:
    damage(patient())
    with showing.showing():
        seen = Patient.objects.get()

        assert (seen.name, seen.pronouns) == ("Sam Reed", showing.BROKEN)
    with pytest.raises(crypto.SealBroken):
        _ = Patient.objects.get().pronouns


def test_the_words_for_a_broken_text_are_never_kept_in_its_place() -> None:
    damage(patient())
    with showing.showing():
        seen = Patient.objects.get()
        shown = seen.pronouns
    seen.save()
    with pytest.raises(crypto.SealBroken):
        _ = Patient.objects.get().pronouns
    seen.pronouns = shown

    with pytest.raises(crypto.SealBroken, match="a notice"):
        seen.save()
