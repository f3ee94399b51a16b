"""The trail.

Every read, write and refusal leaves one row, chained to the one before, so that a row
that was edited, removed, added or moved shows.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import breaks, record
from securebase.people.audit.verbs import WORDS, Verb

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def five_rows() -> list[AuditEvent]:
    somebody = User.objects.create_user("a@example.org", name="Somebody")
    return [
        record(Verb.RECORD_READ, by=somebody, at=NOON, patient=uuid.uuid4()) for _ in range(5)
    ]


def test_an_untouched_trail_holds(five_rows: list[AuditEvent]) -> None:
    assert [event.number for event in five_rows] == [1, 2, 3, 4, 5]
    assert list(breaks()) == []


def test_an_edited_row_shows(five_rows: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(number=3).update(actor=uuid.uuid4())

    assert [broken.number for broken in breaks()] == [3]


def test_a_removed_row_shows(five_rows: list[AuditEvent]) -> None:
    five_rows[2].delete()

    assert [broken.number for broken in breaks()] == [4]


def test_an_added_row_shows(five_rows: list[AuditEvent]) -> None:
    AuditEvent.objects.create(number=6, at=NOON, verb=Verb.RECORD_READ, link=b"invented")

    assert [broken.number for broken in breaks()] == [6]


def test_rows_that_changed_places_show(five_rows: list[AuditEvent]) -> None:
    for number, new in ((2, 90), (3, 2), (90, 3)):
        AuditEvent.objects.filter(number=number).update(number=new)

    assert {broken.number for broken in breaks()} >= {2, 3}


def test_every_verb_has_words_a_patient_can_read() -> None:
    assert set(WORDS) == set(Verb)


def test_verbs_say_room_noun_and_verb() -> None:
    assert [verb for verb in Verb if len(verb.split(".")) != 3] == []
