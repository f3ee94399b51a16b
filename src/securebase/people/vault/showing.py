"""What a page shows where a sealed value does not open: calm words, and the rest as ever.

Only while a page is being read; an act that needs the text refuses instead, and so does
``securebase verify``, which must see the fault.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from securebase.people.vault import crypto

BROKEN = "This text cannot be opened."
ERASED = "This text was erased."
NOTICES = frozenset({BROKEN, ERASED})

_showing: ContextVar[bool] = ContextVar("showing", default=False)
log = logging.getLogger(__name__)


class Unreadable(str):
    """Stands for a text that does not open; never written back."""

    __slots__ = ()


@contextmanager
def showing() -> Iterator[None]:
    """Put words in place of what does not open, until the page is made."""
    before = _showing.set(True)
    try:
        yield
    finally:
        _showing.reset(before)


def in_place_of(fault: crypto.VaultError, *, where: str) -> Unreadable:
    """Return the words for a text that does not open, or raise where nobody looks on.

    Parameters
    ----------
    fault : VaultError
        Why it does not open.
    where : str
        Table and column, for the log; never a row.
    """
    if not _showing.get():
        raise fault
    if isinstance(fault, crypto.KeyErased):
        return Unreadable(ERASED)
    log.error("A sealed value of %s does not open. Run securebase verify.", where)
    return Unreadable(BROKEN)
