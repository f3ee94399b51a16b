"""The trail.

Every read, write and refusal leaves one row, chained to the one before, so that a row
that was edited, removed, added or moved shows.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from securebase.people.accounts.models import Role, User
from securebase.people.audit import trail
from securebase.people.audit.anchors import drop_anchor, end_of_rows
from securebase.people.audit.chain import START, Row
from securebase.people.audit.guard import lifted, take_down, unguarded
from securebase.people.audit.kinds import CATEGORIES
from securebase.people.audit.models import Anchor, AuditEvent
from securebase.people.audit.trail import Extra, breaks, record
from securebase.people.audit.verbs import WORDS, Verb
from securebase.people.vault.crypto import derive, fingerprint
from securebase.people.vault.keys import wrapping_key
from tests import factories as make
from tests.tampering import WAYS

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

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


@pytest.mark.parametrize("column", [name for name in Row._fields if name != "link"])
def test_a_change_of_any_column_shows(five_rows: list[AuditEvent], column: str) -> None:
    value: object = "x"
    if column in ("actor", "on_behalf_of", "patient", "request"):
        value = uuid.uuid4()
    values = {"number": 90, "format": 1, "at": NOON + timedelta(seconds=1)}
    with lifted():
        AuditEvent.objects.filter(number=3).update(**{column: values.get(column, value)})

    assert list(breaks()) != []


@pytest.mark.parametrize("way", ["edit", "delete", "insert", "reorder"])
def test_the_chain_alone_shows_a_change_in_the_middle(
    five_rows: list[AuditEvent], way: str
) -> None:
    WAYS[way]()

    assert {broken.number for broken in breaks()} & {2, 3}


@pytest.mark.parametrize("way", ["truncate", "rewrite"])
def test_the_chain_alone_does_not_show_a_change_of_its_end(
    five_rows: list[AuditEvent], way: str
) -> None:
    """Heads are kept elsewhere for that reason."""
    WAYS[way]()

    assert list(breaks()) == []


@pytest.mark.parametrize("way", WAYS)
def test_with_an_anchor_every_change_shows(five_rows: list[AuditEvent], way: str) -> None:
    number, head = end_of_rows()
    WAYS[way]()

    assert list(breaks(heads={number: {head}})) != []


def test_the_database_refuses_to_change_or_remove_a_row(five_rows: list[AuditEvent]) -> None:
    drop_anchor(at=NOON)

    for model in (AuditEvent, Anchor):
        with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
            model.objects.all().update(number=9)
        with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
            model.objects.all().delete()


def test_a_missing_guard_is_noticed() -> None:
    assert unguarded() == []
    with connection.cursor() as cursor:
        take_down(cursor)

    assert unguarded() == ["audit_auditevent", "audit_anchor"]


def test_rows_of_the_first_format_still_hold() -> None:
    """They were linked over fewer columns, under a key worked out from the root key."""
    event = AuditEvent(number=1, at=NOON, verb="care.record.read", patient=uuid.uuid4())
    said = [
        START.hex(), 1, NOON.isoformat(), "None", event.verb, "done", str(event.patient),
        "", "", "", str(event.request),
    ]  # fmt: skip
    key = derive(wrapping_key(), "securebase audit v1")
    event.link = fingerprint(key, json.dumps(said, separators=(",", ":")))
    event.save()
    record(Verb.RECORD_READ, by=None, at=NOON)

    assert list(breaks()) == []


def test_an_old_row_cannot_be_given_a_role_later() -> None:
    test_rows_of_the_first_format_still_hold()
    with lifted():
        AuditEvent.objects.filter(number=1).update(role="host")

    assert [broken.problem for broken in breaks()] == ["it says what rows of its time did not"]


def test_a_row_says_role_category_and_purpose() -> None:
    jo = make.a_clinician()

    row = record(Verb.RECORD_READ, by=jo, at=NOON)

    assert (row.role, row.category, row.purpose) == ("clinician", "measure", "care")


def test_the_role_is_the_one_that_was_used() -> None:
    both = make.an_account(Role.CLINICIAN, Role.PATIENT, Role.HOST)

    rows = [
        record(verb, by=both, at=NOON)
        for verb in (Verb.RECORD_READ, Verb.CHECKIN_SUBMIT, Verb.ACCOUNT_ROLE)
    ]

    assert [row.role for row in rows] == ["clinician", "patient", "host"]


def test_whoever_knows_better_may_say_so() -> None:
    jo, whom = make.a_clinician(), uuid.uuid4()
    extra = Extra(role="supervisor", purpose="emergency", on_behalf_of=whom)

    row = record(Verb.RECORD_READ, by=jo, at=NOON, **extra)

    assert (row.role, row.purpose, row.on_behalf_of) == ("supervisor", "emergency", whom)


def test_a_row_costs_one_look_and_one_write(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    jo = make.a_clinician()
    record(Verb.RECORD_READ, by=jo, at=NOON)
    lock = connection.vendor == "postgresql"

    with django_assert_num_queries(2 + lock):
        record(Verb.RECORD_READ, by=jo, at=NOON)


def test_every_room_of_the_verbs_has_its_category() -> None:
    rooms = {verb.split(".")[0] for verb in Verb}

    assert rooms - set(CATEGORIES) == set()


def test_every_verb_has_words_a_patient_can_read() -> None:
    assert set(WORDS) == set(Verb)


def test_verbs_say_room_noun_and_verb() -> None:
    assert [verb for verb in Verb if len(verb.split(".")) != 3] == []


def test_walking_the_trail_keeps_nobody_from_writing(
    five_rows: list[AuditEvent],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Each lot is read to its end before its first row is given: no cursor stays open."""
    monkeypatch.setattr(trail, "AT_ONCE", 2)

    with django_assert_num_queries(4) as asked:
        numbers = [row.number for row in trail.rows()]

    assert numbers == [1, 2, 3, 4, 5]
    assert all("LIMIT 2" in query["sql"] for query in asked.captured_queries)
