"""The host's page.

Whoever looks after the installation sees whether it is well, in plain facts, without
seeing anything about the people in care.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from securebase.jobs.models import Heartbeat
from securebase.stories.take_stock import Fact, take_stock, write_ahead_is_safe
from tests.factories import a_clinician, a_host, a_patient, a_practice

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from securebase.people.accounts.models import User
    from tests.chromium import Visitor

pytestmark = pytest.mark.django_db


def _fact(name: str, *, at: datetime | None = None) -> Fact:
    facts = take_stock(at=at or timezone.now())
    return next(fact for fact in facts if fact.name == name)


def _with_second_factor(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


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
    _with_second_factor(a_host())
    clinician = a_clinician()
    a_patient(of=clinician)

    assert _fact("Second factor").says.startswith("1 of 2 people")
    _with_second_factor(clinician)
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
    client.force_login(_with_second_factor(a_host()))

    page = client.get("/keep/")

    assert b"Willow House" in page.content
    assert b"Second factor" in page.content
    assert client.get("/keep/style/").status_code == 200


def test_nobody_else_sees_them(client: Client) -> None:
    a_practice()
    client.force_login(_with_second_factor(a_clinician()))

    assert client.get("/keep/").status_code == 404
    assert client.get("/keep/style/").status_code == 404


def test_the_page_takes_as_many_queries_for_many_people(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_practice()
    clinician = a_clinician()
    for number in range(5):
        a_patient(of=clinician, name=f"Person {number}")
    client.force_login(_with_second_factor(a_host()))

    client.get("/healthz")  # The first request of a sign-in writes the visit down.

    with django_assert_max_num_queries(14):
        client.get("/keep/")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_page_is_whole_and_readable(
    visitor: Callable[..., Visitor], size: str, scheme: str
) -> None:
    a_practice()
    someone = visitor(_with_second_factor(a_host()), size=size, scheme=scheme)

    page = someone.go("/keep/")
    someone.picture(f"host-start-{size}-{scheme}")

    assert someone.violations() == []
    assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
