"""Who has seen the record.

Everybody who opens a record leaves a line that the patient can read. The lines cannot be
changed without a trace, and a patient who does not recognise one gets an answer.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.audit.anchors import end_of_rows
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import breaks
from securebase.people.audit.verbs import Verb
from securebase.stories.raise_concern import (
    answer_concern,
    concerns_to_answer,
    own_concerns,
    raise_concern,
)
from securebase.stories.read_trail import Line, Wanted, read_trail
from tests import factories as make
from tests.factories import NOW
from tests.tampering import WAYS

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def sam(jo: User) -> Patient:
    sam = make.a_patient(of=jo, name="Sam Reed", at=NOW - timedelta(days=60))
    for hour in range(3):
        note_read(patient=sam, by=jo, at=NOW + timedelta(hours=hour))
    return sam


def lines(sam: Patient, **wanted: object) -> list[Line]:
    """Return the lines the patient reads."""
    said = Wanted(**wanted)  # type: ignore[arg-type]
    seen = read_trail(patient=sam, wanted=said, by=make.the_account(sam), at=LATER)
    return [line for _, people in seen.days for _, _, some in people for line in some]


def test_a_look_at_the_record_is_a_line_with_a_name_in_plain_words(sam: Patient) -> None:
    [line] = lines(sam)

    assert (line.who, line.words) == ("Dr Jo Marsh", "opened your record")


def test_looks_of_one_day_are_counted_in_one_line(sam: Patient) -> None:
    [line] = lines(sam)

    assert (line.times, line.first, line.last) == (3, NOW, NOW + timedelta(hours=2))


def test_reading_the_lines_is_a_line_too(sam: Patient) -> None:
    lines(sam)

    assert [line.words for line in lines(sam, who="you")] == [
        "looked at who has seen your record"
    ]


def test_a_line_says_in_which_role_and_about_which_kind_of_content(sam: Patient) -> None:
    row = AuditEvent.objects.filter(verb=Verb.RECORD_READ).first()

    assert row is not None
    assert (row.role, row.category, row.purpose) == ("clinician", "measure", "care")


def test_no_line_can_be_changed_or_removed_through_the_program(sam: Patient) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.filter(patient=sam.pk).update(actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.filter(patient=sam.pk).delete()


@pytest.mark.parametrize("way", WAYS)
def test_whoever_owns_the_database_cannot_change_it_unseen(sam: Patient, way: str) -> None:
    """Edit, delete, insert, reorder, truncate, rewrite: an anchor kept elsewhere shows each."""
    number, head = end_of_rows()

    WAYS[way]()

    assert list(breaks(heads={number: {head}})) != []


def test_a_line_not_recognised_gets_an_answer_within_seven_days(jo: User, sam: Patient) -> None:
    by = make.the_account(sam)
    event = AuditEvent.objects.filter(verb=Verb.RECORD_READ).order_by("-number")[0]

    concern = raise_concern(patient=sam, event=event, words="", by=by, at=LATER)

    assert concern.due_at == LATER + timedelta(days=7)
    assert [one.concern for one in concerns_to_answer(user=jo, at=LATER)] == [concern]


def test_the_answer_has_a_name_under_it(jo: User, sam: Patient) -> None:
    by = make.the_account(sam)
    event = AuditEvent.objects.filter(verb=Verb.RECORD_READ).order_by("-number")[0]
    concern = raise_concern(patient=sam, event=event, words="", by=by, at=LATER)

    answer_concern(concern=concern, words="I wrote my note.", by=jo, at=LATER)

    [asked] = own_concerns(patient=sam, by=by, at=LATER)
    assert (asked.concern.answer, asked.answered_by) == ("I wrote my note.", "Dr Jo Marsh")
