"""The trail as FHIR AuditEvents.

Each row is one event: who, in which role, what it was about and whose record, whether it
was let through, and what for. No name and no word of a record goes out with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from securebase.clinic.care.actions import note_read
from securebase.exchange.fhir.audit_event import ACTIONS, audit_event, write_events
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo() -> User:
    """Return a clinician of a practice that is set up."""
    make.a_practice()
    return make.a_clinician("Dr Jo Marsh")


def newest() -> dict[str, Any]:
    """Return the last row as an event."""
    row = AuditEvent.objects.order_by("-number").first()
    assert row is not None
    return audit_event(trail.row_of(row))


def test_a_look_at_a_record_names_who_and_whose_by_number(jo: User) -> None:
    sam = make.a_patient(of=jo)
    note_read(patient=sam, by=jo, at=make.NOW)

    event = newest()

    assert (event["action"], event["outcome"]) == ("R", "0")
    assert event["agent"][0]["who"]["identifier"]["value"] == str(jo.pk)
    assert event["agent"][0]["requestor"] is True
    assert event["entity"][0]["what"]["identifier"]["value"] == str(sam.pk)
    assert event["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"
    assert event["recorded"] == "2026-11-23T09:00:00+00:00"


def test_a_refusal_is_a_failure_with_its_reason(jo: User) -> None:
    refused = AuditEvent.Outcome.REFUSED
    trail.record(Verb.RECORD_REFUSE, by=jo, at=make.NOW, reason="not_here", outcome=refused)

    event = newest()

    assert (event["outcome"], event["outcomeDesc"], event["action"]) == ("4", "not_here", "R")


def test_what_nobody_signed_in_did_has_no_requestor(jo: User) -> None:
    trail.record(Verb.BACKUP_MAKE, by=None, at=make.NOW)

    event = newest()

    assert event["agent"][0]["requestor"] is False
    assert event["type"]["code"] == "110100"


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_has_an_event_that_says_it_in_words(verb: Verb, jo: User) -> None:
    trail.record(verb, by=jo, at=make.NOW)

    event = newest()

    assert event["action"] in {*ACTIONS, "U"}
    assert event["subtype"][0]["code"] == verb.value
    assert event["subtype"][0]["display"] != verb.value


def test_a_file_has_every_row_and_none_of_the_names(jo: User, tmp_path: Path) -> None:
    make.a_patient(of=jo, name="Sam Reed")
    file = tmp_path / "trail.ndjson"

    count = write_events(file, at=make.NOW)

    events = [json.loads(line) for line in file.read_text().splitlines()]
    rows = [event["extension"][0]["valueInteger"] for event in events]
    assert rows == list(range(1, count + 1))
    assert events[-1]["subtype"][0]["code"] == Verb.AUDIT_EXPORT.value
    assert not any(name in file.read_text() for name in ("Sam", "Marsh", jo.email))
