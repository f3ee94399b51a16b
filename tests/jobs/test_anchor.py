"""Once a day the head of the trail is kept, in more than one place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.jobs.anchor import anchor_trail
from securebase.people.accounts.models import User
from securebase.people.audit.anchors import end_of_rows, in_table, log_file, read
from securebase.people.audit.models import Anchor
from tests import factories as make
from tests.factories import NOW
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _practice() -> None:
    make.a_practice()


def test_an_empty_day_has_no_anchor() -> None:
    anchor_trail(at=NOW)
    anchor_trail(at=NOW + DAY)

    assert Anchor.objects.count() == 1


def test_a_day_has_one_anchor_however_often_the_clock_ticks() -> None:
    for minute in range(3):
        anchor_trail(at=NOW + timedelta(minutes=minute))
        make.a_patient(of=make.a_clinician())

    assert Anchor.objects.count() == 1


def test_the_next_day_goes_on_from_the_anchor_before() -> None:
    anchor_trail(at=NOW)
    make.a_patient(of=make.a_clinician())
    anchor_trail(at=NOW + DAY)

    last = Anchor.objects.order_by("number").last()
    assert last is not None
    assert (last.number, last.head) == end_of_rows()


def test_the_file_beside_the_data_says_the_same_as_the_table() -> None:
    anchor_trail(at=NOW)

    assert read(log_file()) == in_table() != []
    assert log_file().stat().st_mode & 0o077 == 0


@pytest.fixture
def host() -> User:
    """Return a host who can sign in."""
    host = make.a_host()
    host.set_password("a long enough passphrase")
    host.save()
    return host


def test_hosts_are_mailed_the_anchor_once_in_neutral_words(host: User) -> None:
    for minute in range(3):
        anchor_trail(at=NOW + timedelta(minutes=minute))

    [letter] = letters_sent(at=NOW + timedelta(minutes=3))
    anchor = Anchor.objects.get()
    assert letter.to == [host.email]
    assert f"{anchor.number}:{anchor.head}" in str(letter.body)
    assert not any(word in f"{letter.subject} {letter.body}" for word in ("patient", "Willow"))


def test_what_the_duty_says_names_nobody(host: User) -> None:
    first, again = anchor_trail(at=NOW), anchor_trail(at=NOW)

    assert first.says == f"row {Anchor.objects.get().number} kept, 1 letters entered"
    assert again.says == "nothing new on the trail since the last anchor"
