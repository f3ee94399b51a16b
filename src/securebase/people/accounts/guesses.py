"""Guesses are slowed down, never locked out, and the tally outlives a restart.

A guess is written down *before* the secret is compared, so that a thousand at once are
not a thousand free ones. A right answer takes it back. A browser that was signed in to
the account before has a tally of its own: whoever floods an account from elsewhere does
not stand in its person's way.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from securebase.people.accounts.figures import Pace, pace_of
from securebase.people.accounts.models import GuessTally
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.people.vault import crypto, keys

SHARED_BITS = 64
"""Bits of an IPv6 address that one household shares."""


class TooManyGuesses(Exception):
    """The next guess must wait; says for how many seconds."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(f"Please wait {self.seconds} seconds, then try again.")


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a guess comes from."""

    address: str
    device: str = ""
    """A mark of a browser that was signed in to the account before; empty if unknown."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess under way, and the tallies it was written to."""

    own: str
    """The tally of what is guessed at; empty if that is nobody's in particular."""
    shared: tuple[str, ...]
    slows: bool = False
    """Whether with this one a stranger's guesses at an account begin to wait."""


@transaction.atomic
def begin_guess(*, about: str, asker: Asker, at: datetime, kind: str = "account") -> Guess:
    """Write a guess down; raise TooManyGuesses if one of its tallies asks to wait.

    Parameters
    ----------
    about : str
        What is guessed at: an e-mail address as typed, ``factor|<account>``, or empty
        for a secret that belongs to nobody in particular.
    asker : Asker
        The place, and the device if the account knows it.
    at : datetime
        Now.
    kind : str
        Which pace the first tally follows.

    Returns
    -------
    Guess
        To be handed to ``guess_was_right``.
    """
    own, paces = _tallies(about.strip().lower(), asker, kind)
    for key in sorted(paces):
        GuessTally.objects.get_or_create(key=key, defaults={"last_at": at, "open_at": at})
    tallies = list(
        GuessTally.objects.select_for_update(no_key=True).filter(key__in=paces).order_by("key")
    )
    wait = max(tally.open_at for tally in tallies) - at
    if wait > timedelta(0):
        raise TooManyGuesses(wait)
    began = {tally.key: _add_miss(tally, paces[tally.key], at=at) for tally in tallies}
    if any(began.values()):
        trail.record(Verb.ACCOUNT_GUESSES_SLOWED, by=None, at=at, reason=kind)
    slows = kind == "account" and not asker.device and began.get(own, False)
    return Guess(own=own, shared=tuple(key for key in paces if key != own), slows=slows)


@transaction.atomic
def guess_was_right(guess: Guess, *, at: datetime) -> None:
    """Clear the account's own tally and take this one guess back from the shared ones.

    The shared ones are not cleared: somebody who signs in to an account of their own
    between guesses at another would otherwise never be slowed.
    """
    GuessTally.objects.filter(key=guess.own).update(misses=0, open_at=at)
    GuessTally.objects.filter(key__in=guess.shared, misses__gte=1).update(
        misses=F("misses") - 1, open_at=at
    )


def forget_old_guesses(*, at: datetime) -> int:
    """Delete tallies that nobody added to for a week; by then hardly a guess is left."""
    return GuessTally.objects.filter(last_at__lt=at - timedelta(days=7)).delete()[0]


def network_of(address: str) -> str:
    """Return what stands for one place: an IPv4 address, or the first half of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, SHARED_BITS), strict=False).network_address)
    return str(found)


def _tallies(about: str, asker: Asker, kind: str) -> tuple[str, dict[str, Pace]]:
    """Return the guess's own tally, and the pace of every tally it is written to."""
    if asker.device and about:
        own = _key("device", f"{asker.device}|{about}")
        return own, {own: pace_of("device")}
    shared = {
        _key("place", network_of(asker.address)): pace_of("place"),
        _key("everywhere", ""): pace_of("everywhere"),
    }
    if not about:
        return "", shared
    own = _key(kind, about)
    return own, {own: pace_of(kind)} | shared


def _add_miss(tally: GuessTally, pace: Pace, *, at: datetime) -> bool:
    """Write a miss down, and say whether with it the waiting begins."""
    waited = pace.wait_after(tally.misses)
    tally.misses = pace.left_of(tally.misses, after=at - tally.last_at) + 1
    tally.last_at = at
    tally.open_at = at + pace.wait_after(tally.misses)
    tally.save(update_fields=["misses", "last_at", "open_at"])
    return tally.open_at > at and not waited


def _key(kind: str, value: str) -> str:
    key = keys.subkey(keys.PRACTICE, "guesses", sealing=True)
    return crypto.fingerprint(key, f"{kind}|{value}").hex()
