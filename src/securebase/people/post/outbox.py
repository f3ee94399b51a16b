"""Entering letters and taking them back.

Enter a letter in the transaction that writes what it tells of: then there is no letter
about what did not happen, and nothing happens without its letter.
"""

from __future__ import annotations

from collections.abc import Iterable

from securebase.people.accounts.models import User
from securebase.people.post.models import Letter

OPEN = (Letter.State.WAITING, Letter.State.SENDING)
"""States of a letter that is not settled."""


def enter(letters: Iterable[Letter]) -> None:
    """Enter letters; one whose key is known is entered already and stays as it is."""
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


def withdraw_letters(*, account: User) -> int:
    """Take back whatever waits for somebody; return how many letters that were."""
    waiting = Letter.objects.filter(account=account, state=Letter.State.WAITING)
    return waiting.update(state=Letter.State.WITHDRAWN, claimed_until=None, secret=None)
