"""What a kit may hold and what a device may keep: the numbers of ``content/kit.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from securebase.content import content_toml

FILE = "kit.toml"


@dataclass(frozen=True, slots=True)
class KitTerms:
    """How much a kit may hold; sizes in bytes, lengths in letters and seconds."""

    entries: int
    title_letters: int
    words_letters: int
    picture_bytes: int
    sound_bytes: int
    sound_seconds: int


@dataclass(frozen=True, slots=True)
class HelpTerms:
    """What is expected of an exercise before it was tried, in points of distress."""

    prior_mean: float
    prior_sd: float
    noise_sd: float
    worse_change: float
    a_little: float
    a_lot: float
    early_doings: int
    early_sd: float


@dataclass(frozen=True, slots=True)
class CopyTerms:
    """How the copy on a device is kept, and how late an answer from it may come in."""

    days: int
    shortest_pin: int
    wrong_tries: int
    rounds: int
    """Of PBKDF2 with SHA-256, from the PIN to the key."""
    late: timedelta
    clock: timedelta
    """By how much the device's clock may be wrong."""


def kit_terms() -> KitTerms:
    """Return how much a kit may hold."""
    return KitTerms(**_table("kit"))


def help_terms() -> HelpTerms:
    """Return what is expected of an exercise, and how doubt is worded."""
    return HelpTerms(**_table("help"))


def copy_terms() -> CopyTerms:
    """Return how long and how well a device keeps its copy."""
    told = _table("copy")
    return CopyTerms(
        days=told["days"],
        shortest_pin=told["shortest_pin"],
        wrong_tries=told["wrong_tries"],
        rounds=_table("copy_key")["rounds"],
        late=timedelta(days=told["late_days"]),
        clock=timedelta(minutes=told["clock_minutes"]),
    )


def _table(name: str) -> dict[str, Any]:
    return {key: value for key, value in _content()[name].items() if key != "source"}


@cache
def _content() -> dict[str, Any]:
    return content_toml(FILE)
