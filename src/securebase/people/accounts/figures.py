"""The figures of signing in, read once from ``content/sign_in.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from securebase.content import content_toml

FILE = "sign_in.toml"


@dataclass(frozen=True, slots=True)
class Lock:
    """When a page locks by itself, and when everything is asked again."""

    idle: timedelta
    again: timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How wrong guesses of one kind are slowed down."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    forget: timedelta

    def left_of(self, misses: float, *, after: timedelta) -> float:
        """Return how many of the wrong guesses are still remembered after some time."""
        return max(0.0, misses - self.free * (after / self.forget))

    def wait_after(self, misses: float) -> timedelta:
        """Return how long the next guess must wait after this many wrong ones."""
        beyond = int(misses) - self.free
        if beyond < 0:
            return timedelta(0)
        # Twenty doublings exceed any longest wait; the exponent must not grow for ever.
        doubled: timedelta = self.first_wait * 2 ** min(beyond, 20)
        return min(doubled, self.longest_wait)


@dataclass(frozen=True, slots=True)
class PassphraseRules:
    """What a passphrase must not mostly consist of."""

    words: frozenset[str]
    left_at_least: int
    """Letters and figures that are left without those words."""


def passphrase_rules() -> PassphraseRules:
    """Return which words are everybody's here, and how much must be left without them."""
    told = _read()["passphrase"]
    return PassphraseRules(words=frozenset(told["words"]), left_at_least=told["left_at_least"])


def lock_of(*, is_staff: bool, is_shared: bool = False) -> Lock:
    """Return when pages of staff lock, of everybody else, and of these on a shared device."""
    others = "shared" if is_shared else "patient"
    told = _read()["lock"]["staff" if is_staff else others]
    return Lock(
        idle=timedelta(minutes=told["idle_minutes"]), again=timedelta(hours=told["again_hours"])
    )


def pace_of(kind: str) -> Pace:
    """Return how guesses of one kind are slowed: account, device, place, everywhere, letter."""
    told = _read()["guesses"][kind]
    return Pace(
        free=told["free"],
        first_wait=timedelta(seconds=told["first_wait_seconds"]),
        longest_wait=timedelta(seconds=told["longest_wait_seconds"]),
        forget=timedelta(hours=told["forget_hours"]),
    )


def words_kept_for() -> timedelta:
    """Return how long words that met a locked page wait for their person."""
    return timedelta(days=_read()["words"]["kept_days"])


def link_open_for(purpose: str) -> timedelta:
    """Return how long a link by mail works: for a check_in, or for a new passphrase."""
    return timedelta(minutes=_read()["link"][purpose]["minutes"])


def link_visit_for() -> timedelta:
    """Return how long a check-in that was opened by a link stays open."""
    return timedelta(minutes=_read()["link"]["check_in"]["open_minutes"])


def hand_over_lock() -> Lock:
    """Return when a form on a device that was handed over closes by itself."""
    told = _read()["hand_over"]
    return Lock(
        idle=timedelta(minutes=told["idle_minutes"]),
        again=timedelta(minutes=told["open_minutes"]),
    )


@cache
def _read() -> dict[str, Any]:
    return content_toml(FILE)
