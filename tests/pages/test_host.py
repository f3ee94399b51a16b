"""The host's page.

Whoever looks after the installation sees whether it is well, in plain facts, without
seeing anything about the people in care.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from securebase.jobs.models import Duty, Heartbeat
from securebase.people.post.models import Letter
from securebase.stories.stock.fact import Fact
from securebase.stories.stock.work import reminders_stopped
from securebase.stories.take_stock import take_stock, write_ahead_is_safe
from tests.factories import a_clinician, a_host, a_patient, a_practice, with_factor

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from tests.chromium import Visitor

pytestmark = pytest.mark.django_db


def _fact(name: str, *, at: datetime | None = None) -> Fact:
    facts = take_stock(at=at or timezone.now())
    return next(fact for fact in facts if fact.name == name)


def test_a_worker_that_works_is_well() -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="clock", at=now - timedelta(seconds=5))

    assert _fact("Worker", at=now).state == "settled"


def test_a_worker_that_stopped_asks_for_somebody_now() -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="clock", at=now - timedelta(hours=1))

    fact = _fact("Worker", at=now)

    assert fact.state == "now"
    assert "securebase serve" in fact.then


def test_second_factors_are_counted_among_staff_only() -> None:
    with_factor(a_host())
    clinician = a_clinician()
    a_patient(of=clinician)

    assert _fact("Second factor").says.startswith("1 of 2 people")
    with_factor(clinician)
    assert _fact("Second factor").state == "settled"


def test_the_database_says_its_kind_its_journal_and_how_it_is_written() -> None:
    says = _fact("Database").says

    assert "SQLite" in says or "PostgreSQL" in says
    if "SQLite" in says:
        assert "journal" in says
        assert "synchronisation" in says


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
    ],
)
def test_the_write_ahead_log_is_trusted_only_where_it_was_mended(
    version: tuple[int, int, int], safe: bool
) -> None:
    assert write_ahead_is_safe(version) is safe


def test_the_worst_comes_first() -> None:
    states = [fact.state for fact in take_stock(at=timezone.now())]

    assert states == sorted(states, key=["now", "look", "settled"].index)


def test_the_host_sees_the_facts_and_the_style_page(client: Client) -> None:
    a_practice()
    client.force_login(with_factor(a_host()))

    page = client.get("/keep/health/")

    assert b"Second factor" in page.content
    assert b"Willow House" in client.get("/keep/").content
    assert client.get("/keep/style/").status_code == 200


def test_nobody_else_sees_them(client: Client) -> None:
    a_practice()
    client.force_login(with_factor(a_clinician()))

    assert client.get("/keep/").status_code == 404
    assert client.get("/keep/health/").status_code == 404
    assert client.get("/keep/style/").status_code == 404


def test_only_what_needs_somebody_is_on_the_first_page(client: Client) -> None:
    practice = a_practice()
    client.force_login(with_factor(a_host()))
    facts = take_stock(at=timezone.now())

    page = client.get("/keep/").content.decode()

    for fact in facts:
        assert (f">{fact.name}</h2>" in page) is (fact.state != "settled"), fact
    assert str(practice) in page


@pytest.mark.parametrize("path", ["/keep/", "/keep/health/"])
def test_a_page_takes_as_many_queries_for_many_people_letters_and_days(
    client: Client, path: str
) -> None:
    a_practice()
    clinician = a_clinician()
    client.force_login(with_factor(a_host()))
    client.get("/healthz")  # The first request of a sign-in writes the visit down.
    counts = []

    for round_ in range(2):
        for number in range(4):
            a_patient(of=clinician, name=f"Person {round_} {number}")
            _a_letter(f"{round_} {number}", state="maybe")
            _a_receipt(f"look through {round_} {number}", days=number)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 40


# The worker and the duties of the day


def test_a_duty_that_found_something_asks_for_somebody() -> None:
    assert _fact("Trail and database").state == "look"
    _a_receipt("one")
    assert _fact("Trail and database").state == "settled"

    Duty.objects.update(well=False, says="2 problems; securebase verify names them")

    assert _fact("Trail and database").state == "now"
    assert "2 problems" in _fact("Trail and database").says


def test_the_receipts_are_on_the_page(client: Client) -> None:
    a_practice()
    client.force_login(with_factor(a_host()))
    _a_receipt("one")

    page = client.get("/keep/health/").content.decode()

    assert "7 things looked at" in page
    assert "worker 12" in page


# Letters


def test_letters_that_are_maybe_sent_are_shown_by_kind_only(client: Client) -> None:
    a_practice()
    client.force_login(with_factor(a_host()))
    _a_letter("reminder 1", state="maybe", account=a_clinician())

    assert _fact("Letters").state == "look"
    assert "1 maybe sent (reminder)" in client.get("/keep/health/").content.decode()


def test_mail_that_fails_says_since_when_and_what_kind_of_trouble(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    now = timezone.now()
    assert _fact("Mail", at=now).state == "settled"

    _a_letter("1", due_at=now - timedelta(hours=1), trouble="ConnectionRefusedError")

    fact = _fact("Mail", at=now)
    assert fact.state == "now"
    assert "ConnectionRefusedError" in fact.says


def test_the_daily_test_letter_is_shown_with_its_date(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    now = timezone.now()
    assert _fact("Test letter", at=now).state == "look"

    _a_letter("t", kind="test", state="sent", sent_at=now, took_ms=40)

    assert _fact("Test letter", at=now).state == "settled"
    assert "40 milliseconds" in _fact("Test letter", at=now).says


# Clinicians are told too


def test_a_silent_worker_is_one_calm_line_on_today(client: Client) -> None:
    a_practice()
    now = timezone.now()
    beat = Heartbeat.objects.create(name="clock", at=now - timedelta(seconds=5))
    client.force_login(with_factor(a_clinician()))
    assert b"Reminders are not going out" not in client.get("/desk/").content

    beat.at = now - timedelta(minutes=16)
    beat.save()

    assert b"Reminders are not going out" in client.get("/desk/").content


def test_letters_that_wait_too_long_are_told_as_well() -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="clock", at=now)
    assert reminders_stopped(at=now) is None

    due = now - timedelta(minutes=16)
    _a_letter("1", due_at=due)

    assert reminders_stopped(at=now) == due


def test_a_worker_that_never_ran_is_told_from_the_set_up_on() -> None:
    practice = a_practice()

    assert reminders_stopped(at=practice.set_up_at + timedelta(minutes=5)) is None
    assert reminders_stopped(at=practice.set_up_at + timedelta(hours=1)) == practice.set_up_at


def _a_letter(key: str, **told: Any) -> Letter:
    now = timezone.now()
    terms = {"kind": "reminder", "due_at": now, "not_after": now + timedelta(days=1)} | told
    return Letter.objects.create(key=key, **terms)


def _a_receipt(key: str, *, days: int = 0) -> None:
    done = timezone.now() - timedelta(days=days)
    Duty.objects.create(
        key=key,
        work="look through",
        due_at=done,
        done_at=done,
        worker="worker 12",
        says="7 things looked at, nothing wrong",
        seconds=1.5,
    )


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_pages_are_whole_and_readable(
    visitor: Callable[..., Visitor], size: str, scheme: str
) -> None:
    a_practice()
    _a_receipt("one")
    someone = visitor(with_factor(a_host()), size=size, scheme=scheme)

    for name, path in (("start", "/keep/"), ("health", "/keep/health/")):
        page = someone.go(path)
        someone.picture(f"host-{name}-{size}-{scheme}")

        assert someone.violations() == []
        assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
