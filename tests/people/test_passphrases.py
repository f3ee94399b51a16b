"""What no passphrase is made of.

Fifteen characters are asked, and no signs or capitals. Refused is what others try first:
words of the practice and of the person, common passwords, even two together or repeated,
and, where the host keeps a list on the machine, what was in a leak elsewhere.
"""

from __future__ import annotations

from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from securebase.people.accounts.models import User
from securebase.people.accounts.passphrases import (
    is_common,
    is_leaked,
    is_mostly,
    is_such_a_list,
    words_in,
)
from tests.factories import a_practice

GOOD = "four quiet herons stand"


@pytest.mark.parametrize(
    "passphrase",
    ["Willow-Practice-2026", "securebase2026!!", "Therapy.Praxis.7", "Sam Harper 1 2 3"],
)
@pytest.mark.django_db
def test_words_of_the_practice_and_of_the_person_are_refused(passphrase: str) -> None:
    a_practice()

    with pytest.raises(ValidationError, match="words of this place"):
        validate_password(passphrase, User(name="Sam Harper", email="sam@example.org"))


@pytest.mark.django_db
def test_such_a_word_among_words_of_ones_own_is_taken() -> None:
    a_practice()

    validate_password("a willow and nine herons", User(name="Sam", email="sam@example.org"))


def test_an_account_without_a_name_has_no_words() -> None:
    assert words_in("", "") == frozenset()
    assert not is_mostly(GOOD, words_in("Al", "x@y.zz"))


@pytest.mark.parametrize(
    "passphrase",
    [
        "passwordpassword",
        "Password-12345678",
        "iloveyou iloveyou iloveyou",
        "qwertyuiop123456",
        "aaaaaaaaaaaaaaaa",
        "1234567890 1234567890",
    ],
)
def test_one_or_two_common_ones_are_refused_however_often_repeated(passphrase: str) -> None:
    assert is_common(passphrase)


@pytest.mark.parametrize("passphrase", [GOOD, "ein Reiher steht im Schilf", "  ", "x" * 256])
def test_others_are_not_common(passphrase: str) -> None:
    assert not is_common(passphrase)


def a_list(folder: Path, *leaked: str, end: str = "\r\n") -> Path:
    """Return a file as leaked passphrases are published: digests in order, with counts."""
    digests = sorted(sha1(one.encode()).hexdigest().upper() for one in leaked)  # noqa: S324
    path = folder / "leaked.txt"
    path.write_bytes("".join(f"{one}:{n}{end}" for n, one in enumerate(digests)).encode())
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_line_of_a_list_is_found_and_nothing_else(tmp_path: Path, end: str) -> None:
    leaked = [f"a leaked passphrase, number {n}" for n in range(200)]
    listed = a_list(tmp_path, *leaked, end=end)

    assert all(is_leaked(one, listed) for one in leaked)
    assert not any(is_leaked(f"{one}, changed", listed) for one in leaked)


def test_a_list_is_known_by_its_first_line(tmp_path: Path) -> None:
    assert is_such_a_list(a_list(tmp_path, GOOD))
    assert not is_such_a_list(a_list(tmp_path))


def test_an_empty_list_has_nothing(tmp_path: Path) -> None:
    assert not is_leaked(GOOD, a_list(tmp_path))


@pytest.mark.django_db
def test_a_leaked_one_is_refused_where_the_host_keeps_a_list(
    tmp_path: Path, settings: Any
) -> None:
    validate_password(GOOD)
    settings.SECUREBASE_LEAKED_LIST = str(a_list(tmp_path, GOOD))

    with pytest.raises(ValidationError, match="in a leak elsewhere"):
        validate_password(GOOD)
