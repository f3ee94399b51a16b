"""Why a backup is not made, or not restored. Each leaves everything as it was.

BadInput
├─ Damaged             not one byte of a backup may differ from what was written
├─ AnotherKey          the backup was sealed under another root key
├─ AnotherVersion      the program and the backup or the database do not fit together
├─ PlaceTaken          something is already where this would be written
├─ NothingThere        there is no practice to back up or to verify
└─ TooMuch             more than a backup holds at once
"""

from __future__ import annotations

from securebase.science.errors import BadInput


class Damaged(BadInput):
    """The file is not a backup, or no longer what was written."""


class AnotherKey(BadInput):
    """The root key here is not the one the backup was sealed under."""


class AnotherVersion(BadInput):
    """The program does not know this format or this state of the tables."""


class PlaceTaken(BadInput):
    """Nothing is ever overwritten: what is there stays."""


class NothingThere(BadInput):
    """The database has no tables."""


class TooMuch(BadInput):
    """The practice's own files are more than a backup takes in."""
