"""The daily test of the mail.

A letter goes to every host who can sign in, by the way all letters go, and that the
server accepted it is kept. Who can read it learns nothing from it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from securebase.jobs.try_mail import try_mail
from securebase.people.accounts.models import User
from securebase.people.post.models import Letter
from tests import factories as make
from tests.factories import NOW
from tests.jobs.test_tick import GIVEAWAYS
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def host() -> User:
    """Return a host who can sign in, beside one who cannot yet."""
    make.a_practice()
    host = make.a_host()
    host.set_password("a long enough passphrase")
    host.save()
    return host


def test_each_day_has_one_letter_and_its_acceptance_is_kept(host: User) -> None:
    for turn in range(3):
        try_mail(at=NOW + timedelta(hours=turn))
        letters_sent(at=NOW + timedelta(hours=turn))

    [letter] = mail.outbox
    kept = Letter.objects.get()
    assert letter.to == [host.email]
    assert (kept.state, kept.sent_at) == (Letter.State.SENT, NOW)
    try_mail(at=NOW + DAY)
    assert len(letters_sent(at=NOW + DAY)) == 2


def test_it_gives_nothing_away(host: User) -> None:
    try_mail(at=NOW)
    [letter] = letters_sent(at=NOW)

    words = f"{letter.subject} {letter.body}".lower()
    assert [word for word in GIVEAWAYS if word in words] == []


def test_a_letter_that_could_not_leave_is_not_sent_the_day_after(host: User) -> None:
    try_mail(at=NOW)

    assert letters_sent(at=NOW + DAY) == []


def test_without_a_host_who_can_sign_in_the_receipt_says_so() -> None:
    assert "nobody to write to" in try_mail(at=NOW).says
