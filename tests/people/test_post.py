"""Letters.

A letter is entered with what it tells of and sent once. What the mail server refuses for
now is tried again, what it refuses for good has failed, and what hangs in the air is
"maybe sent": shown, and never sent again by itself. A letter that nobody needs any more,
or that would come too late, is not sent; its row stays.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from securebase.people.accounts.models import Role
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.people.post.actions import choose_reminders
from securebase.people.post.delivery import LEASE, Written, claim, deliver, message_id
from securebase.people.post.figures import morning_after
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter
from securebase.people.post.policies import can_choose_reminders
from securebase.people.post.queries import overdue_since, post_facts, wants_reminders
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
State = Letter.State


def a_letter(key: str = "note 1", **told: object) -> Letter:
    terms = {"due_at": NOW, "not_after": NOW + timedelta(days=1)} | told
    return Letter(key=key, kind="note", **terms)


def write(letter: Letter, at: datetime) -> Written | None:
    return Written("sam@example.org", "A note", f"Hello {letter.secret}")


def by_day(letter: Letter, at: datetime) -> Written | None:
    return Written("sam@example.org", "A note", "Hello", by_day_in="Asia/Tokyo")


def send(at: datetime = NOW, writer: object = write) -> int:
    return deliver({"note": writer}, at=at).get("note", 0)  # type: ignore[dict-item]


def the_letter() -> Letter:
    return Letter.objects.get()


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return a way to make the mail server answer with this trouble."""

    def refuse(trouble: Exception, *, method: str = "send_messages") -> None:
        def fail(*_: object) -> None:
            raise trouble

        monkeypatch.setattr(EmailBackend, method, fail)

    return refuse


# Once


def test_a_letter_entered_twice_is_one_letter_and_goes_once() -> None:
    enter([a_letter(), a_letter()])
    enter([a_letter()])

    assert [send(), send(), send(LATER)] == [1, 0, 0]
    assert (the_letter().state, the_letter().sent_at) == (State.SENT, NOW)
    assert the_letter().took_ms is not None


def test_it_waits_until_it_is_due() -> None:
    enter([a_letter(due_at=LATER)])

    assert [send(), send(LATER)] == [0, 1]


def test_two_workers_never_hold_the_same_letter() -> None:
    enter([a_letter()])
    pk = the_letter().pk

    assert [claim(pk, at=NOW) is None, claim(pk, at=NOW) is None] == [False, True]


def test_a_claim_that_lapsed_before_handing_over_is_taken_by_another() -> None:
    enter([a_letter()])
    claim(the_letter().pk, at=NOW)

    assert send(NOW + LEASE - timedelta(seconds=1)) == 0
    assert send(NOW + LEASE) == 1


def test_a_worker_that_was_only_slow_does_not_send_what_another_has() -> None:
    enter([a_letter()])

    def slowly(letter: Letter, at: datetime) -> Written | None:
        assert claim(letter.pk, at=NOW + LEASE)
        return write(letter, at)

    assert send(writer=slowly) == 0
    assert mail.outbox == []


def test_what_hangs_in_the_air_is_maybe_sent_and_not_sent_again() -> None:
    enter([a_letter()])
    claim(the_letter().pk, at=NOW)
    Letter.objects.update(state=State.SENDING)

    assert send(LATER) == 0
    assert the_letter().state == State.MAYBE
    assert mail.outbox == []


def test_the_mail_server_knows_a_letter_by_one_number() -> None:
    enter([a_letter()])
    send()

    assert mail.outbox[0].extra_headers["Message-ID"] == message_id(a_letter())
    assert message_id(a_letter()) != message_id(a_letter("note 2"))


# Trouble


def test_a_server_that_is_away_is_asked_again_later(
    refusing: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter([a_letter(), a_letter("note 2")])
    with monkeypatch.context():
        refusing(ConnectionRefusedError(), method="open")  # type: ignore[operator]
        assert send() == 0
    monkeypatch.undo()

    assert Letter.objects.filter(trouble="ConnectionRefusedError").count() == 1
    assert Letter.objects.filter(attempts=0).count() == 1
    assert send(NOW + LEASE) == 2


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (SMTPDataError(451, b"later, Sam"), State.WAITING),
        (SMTPDataError(550, b"never, Sam"), State.FAILED),
        (SMTPRecipientsRefused({"sam@example.org": (450, b"later")}), State.WAITING),
        (SMTPRecipientsRefused({"sam@example.org": (550, b"unknown")}), State.FAILED),
        (SMTPServerDisconnected("gone"), State.MAYBE),
        (TimeoutError(), State.MAYBE),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(
    refusing: object, trouble: Exception, state: str
) -> None:
    enter([a_letter(secret="a token")])
    refusing(trouble)  # type: ignore[operator]

    send()

    assert the_letter().state == state
    assert the_letter().trouble == type(trouble).__name__
    assert (the_letter().secret is None) is (state != State.WAITING)


def test_a_letter_that_cannot_be_written_holds_up_no_other() -> None:
    enter([a_letter(), a_letter("note 2", due_at=NOW + timedelta(seconds=1))])

    def clumsy(letter: Letter, at: datetime) -> Written | None:
        if letter.key == "note 1":
            raise KeyError("sam@example.org")
        return write(letter, at)

    assert send(LATER, clumsy) == 1
    assert Letter.objects.get(key="note 1").trouble == "NotWritten"


def test_what_never_went_in_its_time_has_failed(refusing: object) -> None:
    enter([a_letter()])
    refusing(ConnectionRefusedError(), method="open")  # type: ignore[operator]
    send()

    send(NOW + timedelta(days=1))

    assert the_letter().state == State.FAILED


# Not needed any more


def test_a_letter_nobody_needs_stays_as_a_row_and_is_not_sent() -> None:
    enter([a_letter(secret="a token")])

    assert send(writer=lambda letter, at: None) == 0
    assert (the_letter().state, the_letter().secret) == (State.WITHDRAWN, None)


def test_a_letter_that_comes_too_late_is_not_sent() -> None:
    enter([a_letter()])

    assert send(NOW + timedelta(days=1)) == 0
    assert the_letter().state == State.WITHDRAWN


def test_nobody_is_written_to_whose_account_is_closed() -> None:
    account = make.a_clinician()
    account.is_active = False
    account.save()
    enter([a_letter(account=account)])

    assert send() == 0
    assert the_letter().state == State.WITHDRAWN


# Night


@pytest.mark.parametrize(
    ("hour", "zone", "morning"),
    [
        (13, "Asia/Tokyo", datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),  # 22:00 there
        (12, "Asia/Tokyo", None),
        (22, "Asia/Tokyo", datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),  # 07:00 there
        (23, "Asia/Tokyo", None),
        (3, "America/New_York", datetime(2026, 11, 23, 13, 0, tzinfo=UTC)),
    ],
)
def test_the_night_is_where_the_receiver_lives(
    hour: int, zone: str, morning: datetime | None
) -> None:
    assert morning_after(NOW.replace(hour=hour), zone=zone) == morning


def test_at_night_a_letter_waits_for_the_morning() -> None:
    enter([a_letter()])
    night = NOW.replace(hour=14)

    assert send(night, by_day) == 0
    assert the_letter().due_at == NOW.replace(hour=23)
    assert send(NOW.replace(hour=23), by_day) == 1


# What is kept


def test_a_secret_is_sealed_while_it_waits_and_gone_afterwards() -> None:
    enter([a_letter(secret="open sesame")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM post_letter")
        assert b"open sesame" not in bytes(cursor.fetchone()[0])

    send()

    assert "open sesame" in str(mail.outbox[0].body)
    assert the_letter().secret is None


def test_the_host_reads_numbers_and_kinds_and_when_mail_last_left() -> None:
    enter([a_letter(f"note {number}") for number in range(3)])
    send()
    enter([a_letter("note 4", due_at=LATER), a_letter("note 5")])
    Letter.objects.filter(key="note 5").update(state=State.MAYBE)

    facts = post_facts(at=LATER, since=NOW - timedelta(days=7))

    assert (facts.last_sent_at, facts.waiting) == (NOW, 1)
    assert facts.kinds == ((State.MAYBE, "note", 1),)
    assert facts.overdue_since is None
    assert overdue_since(at=LATER + timedelta(hours=1)) == LATER


# Reminders, if wanted


def test_a_patient_turns_reminders_off_and_on_and_the_trail_says_so() -> None:
    account = make.an_account(Role.PATIENT)

    for wanted in (False, False, True):
        choose_reminders(account=account, wanted=wanted, by=account, at=NOW)
        assert wants_reminders(account) is wanted

    rows = AuditEvent.objects.filter(verb=Verb.POST_REMINDERS)
    assert rows.count() == 3


@pytest.mark.parametrize("who", ["a host", "another patient", "a clinician for themself"])
def test_nobody_else_turns_them_off(who: str) -> None:
    account = make.an_account(Role.PATIENT)
    by = make.a_host() if who == "a host" else make.an_account(Role.PATIENT)
    if who.startswith("a clinician"):
        by = account = make.a_clinician()

    assert not can_choose_reminders(by, account)
    with pytest.raises(PermissionDenied):
        choose_reminders(account=account, wanted=False, by=by, at=NOW)
    assert wants_reminders(account)
