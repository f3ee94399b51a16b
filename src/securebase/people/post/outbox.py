"""Entering letters.

Enter a letter in the transaction that writes what it tells of: then there is no letter
about what did not happen, and nothing happens without its letter.
"""

from __future__ import annotations

from collections.abc import Iterable

from securebase.people.post.models import Letter


def enter(letters: Iterable[Letter]) -> None:
    """Enter letters; one whose key is known is entered already and stays as it is."""
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
