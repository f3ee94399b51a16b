"""Supervision contracts.

A contract says who supervises whom, from a day to a day of at most a year. While it
holds, the supervisor sees the work with the people whose clinician of record is
supervised; no other work, no longer, and never their own record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Patient, Supervision
from securebase.clinic.care.queries import patients_visible_to
from securebase.clinic.care.supervision import (
    agree_on_supervision,
    can_agree,
    can_end_supervision,
    can_supervise,
    check_can_agree,
    check_can_end_supervision,
    check_can_supervise,
    contracts_visible_to,
    end_supervision,
    note_supervised_list,
    note_supervised_read,
    patients_supervised_by,
)
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

NOW = make.NOW
LONDON = "Europe/London"
A_YEAR = Days(date(2026, 12, 1), date(2027, 11, 30), LONDON)
BEGINS = datetime(2026, 12, 1, tzinfo=UTC)
OVER = datetime(2027, 12, 1, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Three:
    """Jo treats Sam and is supervised by Val."""

    jo: User
    val: User
    sam: Patient


@pytest.fixture
def three() -> Three:
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    val = make.an_account(Role.SUPERVISOR, name="Val Orr")
    return Three(jo, val, make.a_patient(of=jo))


def agree(three: Three, *, days: Days = A_YEAR, by: User | None = None) -> Supervision:
    return agree_on_supervision(
        supervisor=three.val,
        supervisee=three.jo,
        days=days,
        by=by or three.jo,
        at=NOW,
        note="Every other Thursday, ruptures first.",
    )


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        # moment                open
        (NOW,                   False),
        (BEGINS - A_MOMENT,     False),
        (BEGINS,                True),
        (OVER - A_MOMENT,       True),
        (OVER,                  False),
    ],
)  # fmt: skip
def test_the_work_is_seen_from_the_first_day_to_the_end_of_the_last(
    three: Three, moment: datetime, is_open: bool
) -> None:
    agree(three)

    assert can_supervise(three.val, three.sam, at=moment) is is_open
    assert not patients_visible_to(three.val, at=moment).exists()


def test_what_was_agreed_is_kept_and_leaves_a_row(three: Three) -> None:
    with added_rows() as rows:
        contract = agree(three)

    assert contract.note == "Every other Thursday, ruptures first."
    assert [(row.verb, row.object_id) for row in rows] == [
        (Verb.SUPERVISION_BEGIN.value, str(contract.pk))
    ]
    assert not any("Thursday" in str(vars(row)) for row in rows)


def test_only_the_people_of_record_are_seen(three: Three) -> None:
    other = make.a_clinician()
    covered = make.a_patient(of=other, name="Alex Moor")
    begin_care(patient=covered, clinician=three.jo, by=other, at=NOW)
    agree(three)

    assert list(patients_supervised_by(three.val, at=BEGINS)) == [three.sam]


def test_nobody_sees_their_own_record_through_supervision(three: Three) -> None:
    three.sam.account = three.val
    three.sam.save(update_fields=["account"])
    agree(three)

    assert not can_supervise(three.val, three.sam, at=BEGINS)


def test_a_supervisor_who_is_none_any_more_sees_nothing(three: Three) -> None:
    agree(three)
    RoleHeld.objects.filter(user=three.val).update(until=NOW)

    val = User.objects.get(pk=three.val.pk)
    assert not can_supervise(val, three.sam, at=BEGINS)
    with pytest.raises(PermissionDenied):
        check_can_supervise(val, three.sam, at=BEGINS)


def test_an_ended_contract_closes_the_work_at_once(three: Three) -> None:
    contract, later = agree(three), BEGINS + timedelta(days=3)

    end_supervision(contract=contract, by=three.val, at=later)

    assert not can_supervise(three.val, three.sam, at=later)
    with pytest.raises(PermissionDenied):
        end_supervision(contract=contract, by=three.val, at=later)


def test_a_contract_ended_before_it_begins_never_holds(three: Three) -> None:
    end_supervision(contract=agree(three), by=three.jo, at=NOW + A_MOMENT)

    assert not can_supervise(three.val, three.sam, at=BEGINS)
    assert not contracts_visible_to(three.jo, at=NOW).exists()


@pytest.mark.parametrize(
    ("days", "field", "says"),
    [
        # days                                                       field    says
        (Days(date(2026, 11, 22), A_YEAR.last, LONDON),               "first", "is past"),
        (Days(A_YEAR.first, date(2026, 11, 30), LONDON),              "last",  "before"),
        (Days(A_YEAR.first, A_YEAR.first + timedelta(366), LONDON),   "last",  "at most 366"),
    ],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused_by_name(
    three: Three, days: Days, field: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        agree(three, days=days)

    assert says in refused.value.message_dict[field][0]
    assert not Supervision.objects.exists()


def test_sending_twice_agrees_once(three: Three) -> None:
    agree(three)

    with pytest.raises(ValidationError, match="have a contract"):
        agree(three)

    assert Supervision.objects.count() == 1


def test_who_is_who_is_checked(three: Three) -> None:
    host, both = make.a_host(), make.an_account(Role.SUPERVISOR, Role.CLINICIAN)
    pairs = [(both, both), (make.a_clinician(), three.jo), (three.val, host)]

    for supervisor, supervisee in pairs:
        with pytest.raises(ValidationError):
            agree_on_supervision(
                supervisor=supervisor, supervisee=supervisee, days=A_YEAR, by=host, at=NOW
            )


def test_only_a_host_or_the_clinician_agrees(three: Three) -> None:
    people = {
        "host": make.a_host(),
        "supervisee": three.jo,
        "supervisor": three.val,
        "another clinician": make.a_clinician(),
        "patient": make.the_account(three.sam),
    }

    allowed = {name for name, user in people.items() if can_agree(user, three.jo)}

    assert allowed == {"host", "supervisee"}
    for name in people.keys() - allowed:
        with pytest.raises(PermissionDenied):
            check_can_agree(people[name], three.jo)


def test_those_who_agreed_and_a_host_end_a_contract(three: Three) -> None:
    contract = agree(three)
    people = {
        "host": make.a_host(),
        "supervisee": three.jo,
        "supervisor": three.val,
        "another clinician": make.a_clinician(),
        "patient": make.the_account(three.sam),
    }

    allowed = {n for n, u in people.items() if can_end_supervision(u, contract, at=NOW)}

    assert allowed == {"host", "supervisee", "supervisor"}
    assert {n for n, u in people.items() if contracts_visible_to(u, at=NOW)} == allowed
    for name in people.keys() - allowed:
        with pytest.raises(PermissionDenied):
            check_can_end_supervision(people[name], contract, at=NOW)


def test_reading_leaves_a_row_and_is_refused_without_a_contract(three: Three) -> None:
    agree(three)

    with added_rows() as rows:
        note_supervised_list(by=three.val, at=BEGINS)
        note_supervised_read(patient=three.sam, by=three.val, at=BEGINS)

    assert [(row.verb, row.patient) for row in rows] == [
        (Verb.SUPERVISION_LIST.value, None),
        (Verb.SUPERVISION_READ.value, three.sam.pk),
    ]
    with pytest.raises(PermissionDenied):
        note_supervised_read(patient=three.sam, by=three.val, at=OVER)
    with pytest.raises(PermissionDenied):
        note_supervised_list(by=three.jo, at=BEGINS)
