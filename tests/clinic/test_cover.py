"""Cover.

A clinician of record who is away names a colleague, from a day to a day. The record is
open to the colleague for exactly that long; nobody has to close it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.cover import (
    arrange_cover,
    can_arrange_cover,
    can_end_cover,
    check_can_arrange_cover,
    check_can_end_cover,
    cover_held_by,
    covers_arranged_by,
    covers_of,
    end_cover,
    reader_at,
    reading_bonds,
)
from securebase.clinic.care.days import Days, last_day
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import patients_visible_to
from securebase.people.accounts.models import User
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

NOW = make.NOW
LONDON = "Europe/London"
FIRST, LAST = date(2026, 11, 30), date(2026, 12, 4)
BEGINS = datetime(2026, 11, 30, tzinfo=UTC)
OVER = datetime(2026, 12, 5, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)
A_WEEK = Days(FIRST, LAST, LONDON)


@dataclass(frozen=True)
class Two:
    """Jo treats Sam and Alex; Kit is a colleague."""

    jo: User
    kit: User
    sam: Patient
    alex: Patient


@pytest.fixture
def two() -> Two:
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    sam, alex = make.a_patient(of=jo), make.a_patient(of=jo, name="Alex Moor")
    return Two(jo, make.a_clinician("Dr Kit Lowe"), sam, alex)


def cover(two: Two, *, days: Days = A_WEEK, at: datetime = NOW) -> Care:
    (kept,) = arrange_cover(patients=[two.sam], colleague=two.kit, days=days, by=two.jo, at=at)
    return kept


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
def test_the_record_is_open_from_the_first_day_to_the_end_of_the_last(
    two: Two, moment: datetime, is_open: bool
) -> None:
    cover(two)

    assert patients_visible_to(two.kit, at=moment).filter(pk=two.sam.pk).exists() is is_open
    assert (cover_held_by(two.kit, two.sam, at=moment) is not None) is is_open


def test_a_cover_from_today_begins_now(two: Two) -> None:
    kept = cover(two, days=Days(NOW.date(), NOW.date(), LONDON))

    assert kept.since == NOW
    assert kept.until == datetime(2026, 11, 24, tzinfo=UTC)


def test_the_last_day_is_said_as_a_day_not_as_midnight() -> None:
    assert last_day(OVER, LONDON) == LAST


def test_the_colleague_reads_when_the_patient_was_promised(two: Two) -> None:
    Care.objects.filter(patient=two.sam).update(reading_days=[2], reading_by="12:00")

    kept = cover(two)

    assert kept.reading_days == [2]
    bonds = reading_bonds(two.sam, at=NOW)
    readers = [reader_at(bonds, at=moment) for moment in (NOW, BEGINS, OVER)]
    assert [reader and reader.clinician for reader in readers] == [two.jo, two.kit, two.jo]


def test_everybody_is_covered_with_one_act(two: Two) -> None:
    people = [two.sam, two.alex]

    with added_rows() as rows:
        arrange_cover(patients=people, colleague=two.kit, days=A_WEEK, by=two.jo, at=NOW)

    assert set(patients_visible_to(two.kit, at=BEGINS)) == set(people)
    assert {(row.verb, row.patient) for row in rows} == {
        (Verb.COVER_BEGIN.value, one.pk) for one in people
    }
    assert covers_arranged_by(two.jo, at=NOW).count() == 2


@pytest.mark.parametrize(
    ("days", "field", "says"),
    [
        # days                                              field     says
        (Days(date(2026, 11, 22), LAST, LONDON),             "first", "is past"),
        (Days(FIRST, date(2026, 11, 29), LONDON),            "last",  "before the first"),
        (Days(FIRST, FIRST + timedelta(days=92), LONDON),    "last",  "at most 92"),
    ],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused_by_name(
    two: Two, days: Days, field: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        cover(two, days=days)

    assert says in refused.value.message_dict[field][0]
    assert not covers_of(two.sam, at=NOW).exists()


def test_the_longest_cover_is_allowed(two: Two) -> None:
    kept = cover(two, days=Days(FIRST, FIRST + timedelta(days=91), LONDON))

    assert kept.until is not None


def test_nobody_covers_for_themselves(two: Two) -> None:
    with pytest.raises(ValidationError, match="yourself"):
        arrange_cover(patients=[two.sam], colleague=two.jo, days=A_WEEK, by=two.jo, at=NOW)


def test_only_clinicians_cover(two: Two) -> None:
    with pytest.raises(ValidationError, match="Only a clinician"):
        arrange_cover(
            patients=[two.sam], colleague=make.a_host(), days=A_WEEK, by=two.jo, at=NOW
        )


def test_one_person_who_cannot_be_covered_stops_the_whole(two: Two) -> None:
    cover(two)

    with added_rows() as rows, pytest.raises(ValidationError, match="already"):
        arrange_cover(
            patients=[two.alex, two.sam], colleague=two.kit, days=A_WEEK, by=two.jo, at=NOW
        )

    assert not covers_of(two.alex, at=NOW).exists()
    assert rows == []


def test_sending_twice_covers_once(two: Two) -> None:
    cover(two)

    with pytest.raises(ValidationError, match="already"):
        cover(two)

    assert covers_of(two.sam, at=NOW).count() == 1


def test_one_cover_may_follow_another(two: Two) -> None:
    cover(two)
    cover(two, days=Days(LAST + timedelta(days=1), LAST + timedelta(days=2), LONDON))

    assert covers_of(two.sam, at=NOW).count() == 2


@pytest.mark.parametrize("who", ["jo", "kit"])
def test_a_cover_ends_early_for_either_side(two: Two, who: str) -> None:
    kept, middle = cover(two), BEGINS + timedelta(days=1)

    with added_rows() as rows:
        end_cover(cover=kept, by=getattr(two, who), at=middle)

    assert not patients_visible_to(two.kit, at=middle).exists()
    assert [(row.verb, row.patient) for row in rows] == [(Verb.COVER_END.value, two.sam.pk)]


def test_a_cover_ended_before_it_begins_never_holds(two: Two) -> None:
    kept = end_cover(cover=cover(two), by=two.jo, at=NOW + A_MOMENT)

    assert kept.until == kept.since
    assert not covers_of(two.sam, at=NOW).exists()
    assert not patients_visible_to(two.kit, at=BEGINS).exists()


def test_only_the_clinician_of_record_asks_for_cover(two: Two) -> None:
    cover(two)
    people = {
        "clinician of record": two.jo,
        "covering clinician": two.kit,
        "another clinician": make.a_clinician(),
        "patient": make.the_account(two.sam),
        "host": make.a_host(),
    }

    allowed = {n for n, u in people.items() if can_arrange_cover(u, two.sam, at=BEGINS)}

    assert allowed == {"clinician of record"}
    for name in people.keys() - allowed:
        with pytest.raises(PermissionDenied):
            check_can_arrange_cover(people[name], two.sam, at=BEGINS)


def test_a_stranger_ends_no_cover_and_an_ended_one_is_left(two: Two) -> None:
    kept = cover(two)
    ended = end_cover(cover=kept, by=two.jo, at=BEGINS)
    bond = begin_care(patient=two.sam, clinician=two.kit, by=two.jo, at=NOW, part="of_record")

    assert not can_end_cover(make.a_clinician(), kept, at=NOW)
    for user, thing in ((two.jo, ended), (two.jo, bond), (make.a_host(), kept)):
        with pytest.raises(PermissionDenied):
            check_can_end_cover(user, thing, at=BEGINS)


def test_nobody_covers_their_own_record(two: Two) -> None:
    two.sam.account = two.kit
    two.sam.save(update_fields=["account"])

    with pytest.raises(ValidationError, match="their own record"):
        cover(two)
