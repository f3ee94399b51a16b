"""Guesses are slowed down, and nobody is locked out.

A wrong passphrase, code, key or link costs a wait that grows. The tally lies in the
database, so a restart forgets nothing. A browser that its person used before has a tally
of its own: strangers who guess do not stand in the way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebase.people.accounts.figures import pace_of
from securebase.people.accounts.guesses import (
    Asker,
    TooManyGuesses,
    begin_guess,
    forget_old_guesses,
    guess_was_right,
    network_of,
)
from securebase.people.accounts.models import GuessTally
from securebase.people.audit.models import AuditEvent
from tests.factories import NOW

ADDRESS = "sam@example.org"
STRANGER = Asker("203.0.113.9")
HER_PHONE = Asker("203.0.113.9", device="a1b2")
CEILING = 20
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def guess(about: str = ADDRESS, asker: Asker = STRANGER, *, at: datetime = NOW) -> bool:
    """Whether one more guess is let through."""
    try:
        begin_guess(about=about, asker=asker, at=at)
    except TooManyGuesses:
        return False
    return True


def flood(asker: Asker = STRANGER, *, about: str = ADDRESS, at: datetime = NOW) -> int:
    """Guess until a wait is asked for; return how many were let through."""
    return next(number for number in range(1000) if not guess(about, asker, at=at))


@pytest.mark.django_db
def test_five_wrong_guesses_cost_nothing_and_the_sixth_waits_five_seconds() -> None:
    let_through = flood()

    assert let_through == 5
    with pytest.raises(TooManyGuesses, match="Please wait 5 seconds, then try again"):
        begin_guess(about=ADDRESS, asker=STRANGER, at=NOW)
    assert guess(at=NOW + 5 * SECOND)


@pytest.mark.django_db
def test_the_trail_says_once_that_guesses_began_to_wait_and_not_at_whom() -> None:
    flood()
    flood(at=NOW + 5 * SECOND)

    slowed = AuditEvent.objects.get(verb="accounts.guesses.slow")
    assert (slowed.actor, slowed.patient, slowed.reason) == (None, None, "account")


@pytest.mark.django_db
def test_whoever_asks_again_too_early_does_not_wait_longer_for_it() -> None:
    flood()
    for _ in range(50):
        guess(at=NOW + SECOND)

    assert guess(at=NOW + 5 * SECOND)


@given(patience=st.floats(min_value=0, max_value=1200))
def test_no_hour_holds_more_than_twenty_guesses_at_one_account(patience: float) -> None:
    pace, at, misses, last = pace_of("account"), NOW, 0.0, NOW
    made: list[datetime] = []
    while at < NOW + 30 * HOUR:
        made.append(at)
        misses, last = pace.left_of(misses, after=at - last) + 1, at
        at += max(pace.wait_after(misses), timedelta(seconds=patience if misses > 9 else 0))
        at += timedelta(milliseconds=1)

    busiest = max(sum(one <= other < one + HOUR for other in made) for one in made)
    assert busiest <= CEILING


@pytest.mark.django_db
def test_the_wait_grows_but_never_beyond_a_quarter_of_an_hour() -> None:
    at, waits = NOW, []
    for _ in range(40):
        try:
            begin_guess(about=ADDRESS, asker=STRANGER, at=at)
        except TooManyGuesses as slowed:
            waits.append(slowed.seconds)
            at += slowed.seconds * SECOND

    assert waits == sorted(waits)
    assert waits[-1] == 900


@pytest.mark.django_db
def test_a_right_answer_clears_the_account_and_takes_one_guess_back_from_the_place() -> None:
    for _ in range(4):
        guess()
    right = begin_guess(about=ADDRESS, asker=STRANGER, at=NOW)

    guess_was_right(right, at=NOW)

    assert GuessTally.objects.get(key=right.own).misses == 0
    shared = GuessTally.objects.filter(key__in=right.shared).values_list("misses", flat=True)
    assert set(shared) == {4}


@pytest.mark.django_db
def test_a_flood_of_strangers_does_not_stand_in_the_way_of_a_known_browser() -> None:
    flood()

    assert guess(asker=HER_PHONE)


@pytest.mark.django_db
def test_a_known_browser_is_slowed_as_well_when_it_guesses() -> None:
    assert flood(HER_PHONE) == 5


@pytest.mark.django_db
def test_one_place_that_tries_many_accounts_is_slowed() -> None:
    tried = [guess(f"person{number}@example.org") for number in range(40)]

    assert tried.count(True) == pace_of("place").free


@pytest.mark.django_db
def test_many_places_that_each_try_once_are_slowed_together() -> None:
    places = [Asker(f"198.51.{n // 250}.{n % 250}") for n in range(320)]

    tried = [guess(f"p{n}@example.org", place) for n, place in enumerate(places)]

    assert tried.count(True) == pace_of("everywhere").free


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.9",              "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6",     "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1",     "2001:db8:1:2::"),
        ("::ffff:203.0.113.9",       "203.0.113.9"),
        ("nowhere",                  "nowhere"),
    ],
)  # fmt: skip
def test_a_household_is_one_place(address: str, place: str) -> None:
    assert network_of(address) == place


@pytest.mark.django_db
def test_an_address_written_in_capitals_is_the_same_account() -> None:
    flood()

    assert not guess(" SAM@Example.org ", Asker("198.51.100.1"))


@pytest.mark.django_db
def test_the_table_names_no_address_and_no_machine() -> None:
    guess()

    kept = str(list(GuessTally.objects.values_list("key", flat=True)))
    assert ADDRESS not in kept
    assert STRANGER.address not in kept


@pytest.mark.django_db
def test_guesses_leak_away_with_time() -> None:
    flood()

    assert flood(at=NOW + timedelta(hours=24)) == 5


@pytest.mark.django_db
def test_old_tallies_are_deleted() -> None:
    guess()

    assert forget_old_guesses(at=NOW + timedelta(days=6)) == 0
    assert forget_old_guesses(at=NOW + timedelta(days=8)) == 3
