"""Reading who has seen a record.

A patient reads, in plain words and with names, who was in their record and what was done
there. Repeated reads of one day are one line. The clinician of record reads the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from securebase.clinic.care.actions import begin_care, note_read
from securebase.clinic.care.models import Emergency, Patient
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.people.vault.keys import forget_keys
from securebase.people.vault.models import DataKey
from securebase.stories.open_record import read_checkin
from securebase.stories.raise_concern import raise_concern
from securebase.stories.read_trail import (
    GONE,
    OTHERS,
    SYSTEM,
    YOU,
    Line,
    Seen,
    Wanted,
    read_trail,
)
from tests import factories as make
from tests.factories import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = NOW + 5 * DAY


@pytest.fixture
def jo() -> User:
    make.a_practice()
    return make.a_clinician("Dr Jo Marsh")


@pytest.fixture
def sam(jo: User) -> Patient:
    return make.a_patient(of=jo, name="Sam Reed", at=NOW - 60 * DAY)


@pytest.fixture
def seen(sam: Patient) -> Callable[..., Seen]:
    """Return what the patient reads five days later."""

    def read(**wanted: object) -> Seen:
        said = Wanted(**wanted)  # type: ignore[arg-type]
        return read_trail(patient=sam, wanted=said, by=make.the_account(sam), at=LATER)

    return read


def lines(seen: Seen) -> list[Line]:
    return [line for _, people in seen.days for _, _, some in people for line in some]


def test_reads_of_one_day_by_one_person_are_one_line(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    for hour in range(3):
        note_read(patient=sam, by=jo, at=NOW + hour * HOUR)

    [line] = lines(seen())
    assert (line.who, line.words, line.times) == ("Dr Jo Marsh", "opened your record", 3)
    assert (line.first, line.last) == (NOW, NOW + 2 * HOUR)


def test_days_are_those_of_the_patient_and_the_newest_comes_first(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    Patient.objects.filter(pk=sam.pk).update(time_zone="Pacific/Auckland")
    sam.refresh_from_db()
    for hours in (0, 3):
        note_read(patient=sam, by=jo, at=NOW + hours * HOUR)

    assert [day.day for day, _ in seen().days] == [24, 23]


def test_each_person_has_a_name_and_says_what_they_are(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    other = make.a_clinician("Dr Kim Vale")
    begin_care(patient=sam, clinician=other, by=jo, at=NOW, until=LATER)
    note_read(patient=sam, by=other, at=NOW)

    [(_, people)] = seen().days
    assert {(who, role) for who, role, _ in people} == {
        ("Dr Jo Marsh", "therapist"),
        ("Dr Kim Vale", "therapist"),
    }


def test_a_read_of_a_checkin_says_which(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    checkin = make.a_checkin(sam, at=NOW)
    make.send(checkin, {"phq-9.1": 1}, at=NOW)
    checkin.refresh_from_db()
    read_checkin(checkin=checkin, by=jo, at=NOW + HOUR)

    assert "read a check-in of 23 November" in {line.words for line in lines(seen())}


def test_what_nobody_did_is_said_of_the_system(sam: Patient, seen: Callable[..., Seen]) -> None:
    trail.record(Verb.SIGNAL_RAISE, by=None, at=NOW, patient=sam.pk)

    assert {line.who for line in lines(seen(who=SYSTEM))} == {"The system"}


def test_ones_own_lines_are_left_out_until_asked_for(
    sam: Patient, seen: Callable[..., Seen]
) -> None:
    make.send(make.a_checkin(sam, at=NOW), {"phq-9.1": 1}, at=NOW)

    assert "You" not in {line.who for line in lines(seen())}
    assert {line.who for line in lines(seen(who=YOU))} == {"You"}


def test_one_person_can_be_chosen(jo: User, sam: Patient, seen: Callable[..., Seen]) -> None:
    other = make.a_clinician("Dr Kim Vale")
    begin_care(patient=sam, clinician=other, by=jo, at=NOW, until=LATER)
    note_read(patient=sam, by=other, at=NOW)

    assert {line.who for line in lines(seen(who=str(other.pk)))} == {"Dr Kim Vale"}
    assert (str(other.pk), "Dr Kim Vale") in seen().people


@pytest.mark.parametrize("who", ["nobody", "00000000-0000-0000-0000-000000000001", "' OR 1=1"])
def test_whoever_is_not_there_has_no_lines(seen: Callable[..., Seen], who: str) -> None:
    assert lines(seen(who=who)) == []


def test_the_period_can_be_chosen(seen: Callable[..., Seen]) -> None:
    """The record was made two months ago."""
    assert lines(seen(days=30)) == []
    assert "made your record" in {line.words for line in lines(seen(days=None))}


def test_many_lines_come_on_several_pages(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    for day in range(45):
        note_read(patient=sam, by=jo, at=NOW - day * DAY)

    pages = [lines(seen(days=90, page=page)) for page in (1, 2)]

    assert len(pages[0]) == 40
    assert {line.number for line in pages[0]}.isdisjoint({line.number for line in pages[1]})


def test_a_refused_try_is_told_as_such(sam: Patient, seen: Callable[..., Seen]) -> None:
    trail.record(
        Verb.RECORD_READ, by=make.a_clinician(), at=NOW, patient=sam.pk, outcome="refused"
    )

    [line] = lines(seen())
    assert line.words.startswith("was not let in")


def test_an_emergency_is_held_back_only_until_it_may_be_told(
    sam: Patient, seen: Callable[..., Seen]
) -> None:
    stranger = make.a_clinician("Dr Kim Vale")
    emergency = Emergency.objects.create(
        patient=sam, clinician=stranger, reason_kind="danger", since=NOW,
        until=NOW + 4 * HOUR, told_from=LATER + HOUR, review_by=NOW + 72 * HOUR,
    )  # fmt: skip
    trail.record(Verb.RECORD_READ, by=stranger, at=NOW, patient=sam.pk, purpose="emergency")

    assert lines(seen()) == []
    Emergency.objects.filter(pk=emergency.pk).update(told_from=LATER)
    [line] = lines(seen())
    assert line.words == "opened your record, in an emergency"


def test_somebody_whose_name_was_erased_is_still_counted(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    note_read(patient=sam, by=jo, at=NOW)
    DataKey.objects.filter(owner=jo.pk).delete()
    forget_keys()

    assert [line.who for line in lines(seen())] == [GONE]


def test_looking_is_on_the_trail_itself(sam: Patient, seen: Callable[..., Seen]) -> None:
    before = AuditEvent.objects.count()

    seen()

    assert AuditEvent.objects.count() == before + 1
    assert [line.words for line in lines(seen(who=YOU))] == [
        "looked at who has seen your record"
    ]


def test_the_clinician_of_record_reads_the_same_lines(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    note_read(patient=sam, by=jo, at=NOW)

    found = read_trail(patient=sam, wanted=Wanted(who=YOU, days=7), by=jo, at=LATER)

    assert [line.number for line in lines(found)] == [line.number for line in lines(seen())]


@pytest.mark.parametrize("who", ["another patient", "another clinician", "host"])
def test_nobody_else_reads_it(sam: Patient, who: str) -> None:
    stranger = make.a_clinician()
    others = {
        "another patient": make.the_account(make.a_patient(of=stranger)),
        "another clinician": stranger,
        "host": make.a_host(),
    }

    with pytest.raises(PermissionDenied):
        read_trail(patient=sam, wanted=Wanted(), by=others[who], at=LATER)


def test_the_number_of_queries_does_not_grow(
    jo: User, sam: Patient, seen: Callable[..., Seen]
) -> None:
    def grow(times: int) -> int:
        for n in range(times):
            other = make.a_clinician(f"Dr Number {n}")
            note_read(patient=sam, by=jo, at=NOW - n * HOUR)
            event = trail.record(Verb.RECORD_READ, by=other, at=NOW, patient=sam.pk)
            raise_concern(patient=sam, event=event, words="?", by=make.the_account(sam), at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            seen(who=OTHERS)
        return len(queries)

    assert grow(3) == grow(30)
