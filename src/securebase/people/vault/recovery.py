"""The recovery sheet: the root key as words, whole on one sheet or in three shares.

SLIP-39 words: each share has a checksum, so a mistyped word is noticed and, if it is the
only one, found. Two of three shares rebuild the key; one alone says nothing about it.
"""

from __future__ import annotations

import difflib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from securebase.people.vault import crypto, homes, keys
from securebase.people.vault.models import SheetTrial

WORDS_IN_A_SHARE = 33
ONE_SHEET, THREE_SHARES = (1, 1), (2, 3)
KNOWN = frozenset(WORDLIST)


class WordsWrong(crypto.VaultError):
    """The words do not rebuild the key; the message says where to look."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Shares of the root key in words; shown once, never kept."""

    shares: tuple[tuple[str, ...], ...]
    needed: int
    mark: str
    """Which root key they belong to; says nothing about it."""


def make_sheet(*, shared: bool) -> Sheet:
    """Return the root key in words: one sheet, or three shares of which two are needed."""
    root = keys.root_in_force()
    needed, made = THREE_SHARES if shared else ONE_SHEET
    [mnemonics] = generate_mnemonics(1, [(needed, made)], root)
    shares = tuple(tuple(words.split()) for words in mnemonics)
    return Sheet(shares, needed, crypto.mark_of(root).hex())


def root_key_from(texts: Sequence[str]) -> bytes:
    """Return the root key that the words of the shares rebuild, or WordsWrong."""
    shares = [" ".join(_checked(text, number)) for number, text in enumerate(texts, start=1)]
    try:
        root: bytes = combine_mnemonics(shares)
    except MnemonicError:
        raise WordsWrong(
            "Each share is right in itself, but together they do not rebuild a key. "
            "Take shares that were made on the same day, and as many as the sheet asks for."
        ) from None
    return root


def try_sheet(texts: Sequence[str], *, by: UUID | None, at: datetime) -> SheetTrial:
    """Prove that the words rebuild the root key in force, and note that they did."""
    root = keys.root_in_force()
    if not hmac.compare_digest(root_key_from(texts), root):
        raise WordsWrong(
            "The words rebuild a key, but not the one in force. They are of an older sheet, "
            "or of another practice. Make a new sheet and try that one."
        )
    mark = crypto.mark_of(root)
    return SheetTrial.objects.create(mark=mark, shares=len(texts), by=by, at=at)


def last_trial() -> SheetTrial | None:
    """Return when the words of the root key in force were last proved; None if never."""
    mark = bytes(keys.practice_in_force().mark)
    return SheetTrial.objects.filter(mark=mark).last()


def restore_root_key(texts: Sequence[str]) -> None:
    """Write the key file anew from the words; never over another file."""
    homes.write_restored(root_key_from(texts))


def _checked(text: str, number: int) -> list[str]:
    """Return the words of one share, each known and all of them together right."""
    words = text.lower().split()
    where = f"Share {number}"
    for place, word in enumerate(words, start=1):
        if word not in KNOWN:
            raise WordsWrong(f"{where}, word {place} is not on the list.{_near(word)}")
    if len(words) != WORDS_IN_A_SHARE:
        raise WordsWrong(f"{where} has {len(words)} words; a share has {WORDS_IN_A_SHARE}.")
    if not _is_right(words):
        raise WordsWrong(f"{where} does not fit together. {_where_to_look(words)}")
    return words


def _near(word: str) -> str:
    near = difflib.get_close_matches(word, WORDLIST, n=2)
    return f" Perhaps {' or '.join(near)}?" if near else ""


def _is_right(words: Sequence[str]) -> bool:
    try:
        Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        return False
    return True


def _where_to_look(words: list[str]) -> str:
    """Say which word to look at again: two that changed places, or a single wrong one."""
    for place in range(len(words) - 1):
        swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
        if _is_right(swapped):
            return f"Words {place + 1} and {place + 2} seem to have changed places."
    for place in range(len(words)):
        before, after = words[:place], words[place + 1 :]
        if any(_is_right([*before, other, *after]) for other in WORDLIST):
            return f"Look at word {place + 1} again."
    return "More than one word is wrong; compare it with the sheet, line by line."
