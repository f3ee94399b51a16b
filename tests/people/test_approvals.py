"""Acts that need two persons.

One host asks, another confirms within days. Who is the only host waits a day instead,
and the trail says so. Nobody becomes the only one overnight.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from securebase.people.accounts.actions import close_account
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.approvals.actions import BY_ONE, MOST_SIGNS, ask, confirm, withdraw
from securebase.people.approvals.models import Approval, Standing
from securebase.people.approvals.policies import (
    can_ask,
    can_confirm,
    can_withdraw,
    check_can_ask,
    check_can_confirm,
    check_can_withdraw,
    is_alone,
)
from securebase.people.approvals.queries import settled, waiting
from securebase.people.approvals.terms import terms
from securebase.people.audit.models import AuditEvent
from tests.factories import NOW, a_clinician, a_host, an_account

WHY = "Kim begins as a supervisor in May."
SOON = NOW + timedelta(minutes=5)
NEXT_DAY = NOW + timedelta(hours=24)
IN_A_WEEK = NOW + timedelta(days=7)

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return a_host()


@pytest.fixture
def other() -> User:
    return a_host("Noor Vale")


def asked(by: User, **given: Any) -> Approval:
    given = {"about": uuid4(), "detail": Role.SUPERVISOR.value, "reason": WHY, **given}
    return ask(kind=Approval.Kind.GRANT_ROLE, by=by, at=NOW, **given)


def test_the_terms_are_those_of_the_policy() -> None:
    assert terms().open_for == timedelta(days=7)
    assert terms().wait == timedelta(hours=24)
    assert terms().alone_after == timedelta(days=7)


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.HOST, True)] + [(role, False) for role in Role if role != Role.HOST],
)
def test_only_a_host_asks(role: Role, may: bool) -> None:
    user = an_account(role)

    assert can_ask(user) is may
    if not may:
        with pytest.raises(PermissionDenied, match="Only a host"):
            check_can_ask(user)


CONFIRMS = [
    # who           two hosts  when                              may
    ("asker",       True,      SOON,                             False),
    ("asker",       True,      NEXT_DAY,                         False),
    ("other",       True,      NOW,                              True),
    ("other",       True,      IN_A_WEEK - timedelta(seconds=1), True),
    ("other",       True,      IN_A_WEEK,                        False),
    ("clinician",   True,      SOON,                             False),
    ("asker",       False,     SOON,                             False),
    ("asker",       False,     NEXT_DAY - timedelta(seconds=1),  False),
    ("asker",       False,     NEXT_DAY,                         True),
    ("asker",       False,     IN_A_WEEK,                        False),
    ("clinician",   False,     NEXT_DAY,                         False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "two", "when", "may"), CONFIRMS)
def test_who_confirms_and_when(
    host: User, who: str, two: bool, when: datetime, may: bool
) -> None:
    people = {"asker": host, "clinician": a_clinician()}
    people |= {"other": a_host("Noor Vale")} if two else {}
    approval = asked(host)

    assert can_confirm(people[who], approval, at=when) is may
    if not may:
        with pytest.raises(PermissionDenied):
            check_can_confirm(people[who], approval, at=when)


def test_a_second_host_who_came_meanwhile_is_needed_after_all(host: User) -> None:
    approval = asked(host)
    a_host("Noor Vale")

    assert approval.alone
    assert not can_confirm(host, approval, at=NEXT_DAY)


def test_nobody_makes_themselves_alone_overnight(host: User, other: User) -> None:
    close_account(account=other, by=host, at=NOW)

    assert not is_alone(host, at=NOW + timedelta(days=6))
    assert is_alone(host, at=IN_A_WEEK)


def test_whoever_left_before_was_alone_does_not_help_an_older_act(
    host: User, other: User
) -> None:
    approval = asked(host)
    RoleHeld.objects.filter(user=other).update(until=NOW - timedelta(days=30))

    assert not can_confirm(host, approval, at=NEXT_DAY)


def test_the_trail_says_who_asked_and_who_confirmed(host: User, other: User) -> None:
    approval = asked(host)
    confirm(approval=approval, by=other, at=SOON)

    rows = AuditEvent.objects.filter(verb__startswith="approvals.").values_list("verb", "actor")
    assert list(rows.order_by("number")) == [
        ("approvals.act.ask", host.pk),
        ("approvals.act.confirm", other.pk),
    ]
    assert not AuditEvent.objects.filter(reason__icontains="Kim").exists()


def test_the_trail_says_where_the_second_person_was_missing(host: User) -> None:
    confirm(approval=asked(host), by=host, at=NEXT_DAY)

    assert AuditEvent.objects.get(verb="approvals.act.confirm").reason == BY_ONE


def test_what_is_confirmed_is_not_confirmed_again(host: User, other: User) -> None:
    third = a_host("Ola Berg")
    approval = asked(host)
    confirm(approval=approval, by=other, at=SOON)

    with pytest.raises(PermissionDenied, match="confirmed already"):
        confirm(approval=approval, by=third, at=SOON)
    assert Approval.objects.get().confirmed_by == other


def test_what_is_withdrawn_is_over(host: User, other: User) -> None:
    approval = withdraw(approval=asked(host), by=other, at=SOON)

    assert approval.standing(at=SOON) is Standing.WITHDRAWN
    assert not can_withdraw(host, approval, at=SOON)
    with pytest.raises(PermissionDenied, match="withdrawn"):
        confirm(approval=approval, by=other, at=SOON)


def test_only_a_host_withdraws(host: User) -> None:
    with pytest.raises(PermissionDenied):
        check_can_withdraw(a_clinician(), asked(host), at=SOON)


def test_the_same_act_waits_once(host: User, other: User) -> None:
    about = uuid4()
    asked(host, about=about)

    with pytest.raises(ValidationError, match="asked for already"):
        asked(other, about=about)


def test_what_waited_too_long_makes_room(host: User, other: User) -> None:
    old = asked(host, about=(about := uuid4()))
    new = ask(
        kind=Approval.Kind.GRANT_ROLE,
        about=about,
        detail=old.detail,
        reason=WHY,
        by=other,
        at=IN_A_WEEK,
    )

    assert list(waiting(host, at=IN_A_WEEK)) == [new]
    assert list(settled(host, at=IN_A_WEEK)) == [old]


@pytest.mark.parametrize("reason", ["", "   ", "because", " " * 40, "x" * (MOST_SIGNS + 1)])
def test_a_reason_is_a_sentence(host: User, reason: str) -> None:
    with pytest.raises(ValidationError, match=f"between 20 and {MOST_SIGNS}"):
        asked(host, reason=reason)
    assert not Approval.objects.exists()


def test_nobody_else_sees_what_waits(host: User) -> None:
    asked(host)

    assert not waiting(a_clinician(), at=NOW).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"by_asker": True, "alone": False, "after": timedelta(minutes=1)},
        {"by_asker": False, "alone": True, "after": timedelta(hours=1)},
        {"by_asker": False, "alone": False, "after": timedelta(days=8)},
    ],
    ids=["by the one who asked", "before the wait is over", "after it was over"],
)
def test_the_database_refuses_what_the_rule_refuses(
    host: User, other: User, wrong: dict[str, object]
) -> None:
    approval = asked(host)
    ready = NEXT_DAY if wrong["alone"] else NOW
    who = host if wrong["by_asker"] else other
    when = NOW + wrong["after"]  # type: ignore[operator]

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(
            alone=wrong["alone"], ready_at=ready, confirmed_by=who, confirmed_at=when
        )


def test_time_is_never_taken_from_the_clock_of_the_machine(host: User, other: User) -> None:
    approval = confirm(approval=asked(host), by=other, at=SOON)

    assert approval.confirmed_at == SOON != timezone.now()
