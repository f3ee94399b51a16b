"""What no passphrase is made of: words of this place, common ones, and leaked ones.

The length alone is no rule: ``passwordpassword`` has sixteen characters, and whoever
guesses tries it among the first. Nothing is asked of signs or capitals.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from hashlib import sha1
from itertools import combinations
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from securebase.people.accounts.figures import passphrase_rules
from securebase.people.accounts.models import User

SHORTEST = 3
"""Letters of a word that counts as one."""
LONGEST_COMMON = 20
LOOKED_AT = 64
"""Characters: longer ones are not taken apart, so that no form takes long to answer."""
LISTED = re.compile(rb"[0-9A-F]{40}:\d+\s")
OWN_WORDS = gettext_lazy(
    "This is mostly names and words of this place. Add words that only you would think of."
)
COMMON_WORDS = gettext_lazy(
    "This is one or two very common words. Add words that only you would think of."
)
LEAKED = gettext_lazy("This one was in a leak elsewhere, so others know it. Choose another.")


def words_in(*texts: str) -> frozenset[str]:
    """Return the words of some texts, as they are compared."""
    found = (re.findall(rf"[^\W\d_]{{{SHORTEST},}}", text.casefold()) for text in texts)
    return frozenset(word for words in found for word in words)


def is_mostly(passphrase: str, words: Collection[str]) -> bool:
    """Whether little that is a person's own is left of a passphrase without some words."""
    told = left = _plain(passphrase)
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    return left != told and len(left.replace(" ", "")) < passphrase_rules().left_at_least


def refuse_own_words(passphrase: str, words: Collection[str]) -> None:
    """Raise if too little is left without some words and those that are everybody's here."""
    if is_mostly(passphrase, passphrase_rules().words | frozenset(words)):
        raise ValidationError(OWN_WORDS, code="own_words")


def is_common(passphrase: str) -> bool:
    """Whether it is one or two common ones, however often they are repeated."""
    told = _plain(passphrase)
    if len(told) > LOOKED_AT:
        return False
    parts = _common_parts(told)
    pairs = [(part, part) for part in parts] + list(combinations(parts, 2))
    return any(_is_made_of(told, pair) for pair in pairs)


def is_leaked(passphrase: str, listed: Path) -> bool:
    """Whether a list of leaked ones has it.

    Parameters
    ----------
    passphrase : str
        As it was typed.
    listed : Path
        Lines of a SHA-1 digest in capitals, a colon and a count, in the order of the
        digests: as the Pwned Passwords are published. It may be larger than the memory.
    """
    digest = sha1(passphrase.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with listed.open("rb") as lines:
        return _first_from(lines, digest, size=listed.stat().st_size).startswith(digest)


def is_such_a_list(listed: Path) -> bool:
    """Whether a file can be read and begins as a list of leaked ones does."""
    try:
        with listed.open("rb") as lines:
            return LISTED.match(lines.readline(80)) is not None
    except OSError:
        return False


class NotCommon(CommonPasswordValidator):
    """No common one, nor two of them, however often repeated."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise if it is made of such."""
        if is_common(password):
            raise ValidationError(COMMON_WORDS, code="common_words")
        super().validate(password, user)


class NotLeaked:
    """None of a list of leaked ones, where the host keeps such a list on the machine."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise if the list has it; no other place is ever asked."""
        listed = settings.SECUREBASE_LEAKED_LIST
        if listed and is_leaked(password, Path(listed)):
            raise ValidationError(LEAKED, code="leaked")

    def get_help_text(self) -> str:
        """Say it before it is asked."""
        return gettext("It was not in a leak elsewhere.")


def _plain(text: str) -> str:
    """Return letters and figures alone, without a difference of case."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _common_parts(told: str) -> list[str]:
    """Return what a text holds of common ones; one sign over and over is such a part."""
    spans = range(SHORTEST, LONGEST_COMMON + 1)
    cut = {told[at : at + span] for at in range(len(told)) for span in spans}
    return sorted(part for part in cut if part in _common() or len(set(part)) == 1)


def _is_made_of(told: str, parts: Collection[str]) -> bool:
    reached = {0}
    for at in range(len(told)):
        if at in reached:
            reached |= {at + len(part) for part in parts if told.startswith(part, at)}
    return bool(told) and len(told) in reached


def _first_from(lines: BinaryIO, digest: bytes, *, size: int) -> bytes:
    """Return the first line that is not before a digest; bytes are halved, not lines."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        line = _line_from(lines, middle)
        if line and line[: len(digest)] < digest:
            low = middle + 1
        else:
            high = middle
    return _line_from(lines, low)


def _line_from(lines: BinaryIO, start: int) -> bytes:
    """Return the first whole line that begins at a byte or after it; empty at the end."""
    lines.seek(max(0, start - 1))
    if start:
        lines.readline()
    return lines.readline()
