"""A plan for a break or an ending: what holds while the therapist is away.

It is written at the desk and read by the patient from that moment on. No version is ever
changed: the next one takes its place, and nobody's words are written over unseen.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.bridge.actions import Over, WrittenMeanwhile, call_off, write_bridge
from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.bridge.policies import can_plan_bridge
from securebase.clinic.bridge.queries import bridge_plans_visible_to, holding, versions_of
from securebase.clinic.bridge.words import MOST_WORDS, Parts, Span
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.audit.verbs import Verb
from securebase.people.vault.parts import unpacked
from tests import factories as make
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

FIRST, LAST, BACK = date(2026, 12, 19), date(2027, 1, 4), date(2027, 1, 5)
AWAY = Span("break", FIRST, LAST, BACK)
ENDING = Span("ending", FIRST)
SAID = Parts(expect="We do not meet.", turn_to="Dr Lane, 020 7946 0000", note="I am back.")


@pytest.fixture
def jo() -> User:
    """Return the clinician of record."""
    make.a_practice()
    return make.a_clinician()


@pytest.fixture
def sam(jo: User) -> Patient:
    """Return a patient."""
    return make.a_patient(of=jo)


def written(
    sam: Patient,
    by: User,
    *,
    span: Span = AWAY,
    parts: Parts = SAID,
    over: Over | None = None,
) -> BridgePlan:
    """Write a plan on the Monday of the tests."""
    return write_bridge(
        patient=sam, span=span, parts=parts, over=over or Over(), by=by, at=make.NOW
    )


def test_a_plan_is_read_by_the_patient_as_it_was_written(sam: Patient, jo: User) -> None:
    written(sam, jo)

    (plan,) = bridge_plans_visible_to(make.the_account(sam), at=make.NOW)

    assert (plan.first_day, plan.last_day, plan.contact_on) == (FIRST, LAST, BACK)
    assert plan.parts == SAID


def test_each_version_takes_the_place_of_the_one_before(sam: Patient, jo: User) -> None:
    first = written(sam, jo)
    second = written(sam, jo, parts=Parts(expect="Anew."), over=Over(first.plan, 1))

    assert list(bridge_plans_visible_to(jo, at=make.NOW)) == [second]
    assert list(versions_of(first.plan, patient=sam)) == [second, first]
    assert BridgePlan.objects.get(pk=first.pk).parts == SAID


def test_nobody_writes_over_a_version_they_have_not_seen(sam: Patient, jo: User) -> None:
    first = written(sam, jo)
    written(sam, jo, over=Over(first.plan, 1))

    with pytest.raises(WrittenMeanwhile, match="Version 2 was kept"):
        written(sam, jo, over=Over(first.plan, 1))


def test_a_plan_of_another_record_is_not_gone_on_with(sam: Patient, jo: User) -> None:
    other = written(make.a_patient(of=jo), jo)

    for plan in (other.plan, uuid4()):
        with pytest.raises(ValidationError, match="no such plan"):
            written(sam, jo, over=Over(plan, 1))


def test_a_plan_that_is_called_off_does_not_hold(sam: Patient, jo: User) -> None:
    plan = written(sam, jo)

    with added_rows() as rows:
        call_off(plan=plan, by=jo, at=make.NOW)
        call_off(plan=plan, by=jo, at=make.NOW)

    mine = bridge_plans_visible_to(make.the_account(sam), at=make.NOW)
    assert not holding(mine, on=make.TODAY).exists()
    assert [row.verb for row in rows] == [Verb.BRIDGE_CALL_OFF]


@pytest.mark.parametrize(
    ("span", "on", "holds"),
    [
        (AWAY, make.TODAY, True),
        (AWAY, LAST + timedelta(days=14), True),
        (AWAY, LAST + timedelta(days=15), False),
        (Span("break", FIRST, LAST, LAST + timedelta(days=30)), LAST + timedelta(30), True),
        (ENDING, FIRST + timedelta(days=14), True),
        (ENDING, FIRST + timedelta(days=15), False),
    ],
)
def test_a_plan_is_shown_for_two_weeks_after_it_or_until_the_first_contact(
    sam: Patient, jo: User, span: Span, on: date, holds: bool
) -> None:
    written(sam, jo, span=span)

    assert holding(BridgePlan.objects.all(), on=on).exists() is holds


@pytest.mark.parametrize(
    ("span", "field"),
    [
        (Span("break", FIRST), "last_day"),
        (Span("break", FIRST, FIRST - timedelta(days=1)), "last_day"),
        (Span("break", FIRST, FIRST + timedelta(days=367)), "last_day"),
        (Span("break", FIRST, LAST, FIRST), "contact_on"),
        (Span("ending", FIRST, None, FIRST - timedelta(days=1)), "contact_on"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    sam: Patient, jo: User, span: Span, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        written(sam, jo, span=span)

    assert set(refused.value.message_dict) == {field}
    assert not BridgePlan.objects.exists()


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (Parts(expect="  "), "expect"),
        (Parts(expect="We do not meet.", note="x" * (MOST_WORDS + 1)), "note"),
    ],
)
def test_words_that_say_nothing_or_too_much_are_refused(
    sam: Patient, jo: User, parts: Parts, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        written(sam, jo, parts=parts)

    assert set(refused.value.message_dict) == {field}


def test_only_who_treats_the_patient_writes_and_reads(sam: Patient, jo: User) -> None:
    stranger = make.a_clinician()
    written(sam, jo)

    assert can_plan_bridge(jo, sam, at=make.NOW)
    for user in (stranger, make.the_account(sam), make.a_host()):
        assert not can_plan_bridge(user, sam, at=make.NOW)
        with pytest.raises(PermissionDenied):
            written(sam, user)
    assert not bridge_plans_visible_to(stranger, at=make.NOW).exists()


def test_writing_leaves_one_row_without_the_words(sam: Patient, jo: User) -> None:
    with added_rows() as rows:
        written(sam, jo)

    (row,) = rows
    assert (row.verb, row.patient) == (Verb.BRIDGE_WRITE, sam.pk)


def test_what_cannot_be_opened_is_shown_as_the_notice_it_is() -> None:
    shown = unpacked("This cannot be opened.", Parts, notice="expect")

    assert shown.expect == "This cannot be opened."


def test_a_plan_says_what_it_is_without_saying_whose(sam: Patient, jo: User) -> None:
    assert str(written(sam, jo)) == "bridge plan from 19 Dec 2026, version 1"
