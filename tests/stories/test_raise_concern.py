"""A line that is not recognised.

A patient asks about a line of their record. The practice has a promise to keep: an answer
within the agreed days, in words, from somebody with a name. What was written stays sealed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent, Concern
from securebase.people.audit.verbs import Verb
from securebase.people.vault.keys import forget_keys
from securebase.people.vault.models import DataKey
from securebase.stories.raise_concern import (
    LONGEST,
    answer_concern,
    answer_within,
    can_answer,
    concerns_to_answer,
    concerns_visible_to,
    has_new_answer,
    open_concern,
    own_concerns,
    raise_concern,
)
from securebase.stories.read_trail import Wanted, read_trail
from tests import factories as make
from tests.clinic.trailing import added_rows
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)


@pytest.fixture
def jo() -> User:
    make.a_practice()
    return make.a_clinician("Dr Jo Marsh")


@pytest.fixture
def sam(jo: User) -> Patient:
    return make.a_patient(of=jo, name="Sam Reed")


@pytest.fixture
def event(jo: User, sam: Patient) -> AuditEvent:
    note_read(patient=sam, by=jo, at=NOW)
    return AuditEvent.objects.get(verb=Verb.RECORD_READ)


@pytest.fixture
def concern(sam: Patient, event: AuditEvent) -> Concern:
    by = make.the_account(sam)
    return raise_concern(patient=sam, event=event, words="I was away.", by=by, at=NOW)


def test_an_answer_is_promised_within_the_days_of_the_content_file(concern: Concern) -> None:
    assert answer_within() == timedelta(days=7)
    assert concern.due_at == NOW + timedelta(days=7)


def test_asking_twice_about_a_line_is_asking_once(
    sam: Patient, event: AuditEvent, concern: Concern
) -> None:
    by = make.the_account(sam)

    again = raise_concern(patient=sam, event=event, words="Again", by=by, at=LATER)

    assert again == concern
    assert Concern.objects.count() == 1


def test_what_was_written_is_kept_sealed(concern: Concern) -> None:
    [kept] = Concern.objects.filter(pk=concern.pk).values_list("words", flat=True)

    assert b"away" not in kept.data
    assert Concern.objects.get().words == "I was away."


def test_asking_and_answering_leave_one_row_each(
    jo: User, sam: Patient, event: AuditEvent
) -> None:
    with added_rows() as rows:
        asked = raise_concern(
            patient=sam, event=event, words="", by=make.the_account(sam), at=NOW
        )
        answer_concern(concern=asked, words="It was me.", by=jo, at=LATER)

    assert [(row.verb, row.patient) for row in rows] == [
        (Verb.CONCERN_RAISE, sam.pk),
        (Verb.CONCERN_ANSWER, sam.pk),
    ]


def test_a_line_of_somebody_elses_record_cannot_be_asked_about(
    jo: User, event: AuditEvent
) -> None:
    other = make.a_patient(of=jo)

    with pytest.raises(PermissionDenied):
        raise_concern(patient=other, event=event, words="", by=make.the_account(other), at=NOW)


def test_it_waits_with_the_clinician_of_record_until_it_is_answered(
    jo: User, sam: Patient, concern: Concern
) -> None:
    assert [(one.concern, one.patient) for one in concerns_to_answer(user=jo, at=NOW)] == [
        (concern, sam)
    ]

    answer_concern(concern=concern, words="It was me.", by=jo, at=LATER)

    assert concerns_to_answer(user=jo, at=LATER) == []


def test_the_host_and_the_clinician_of_record_may_answer_and_nobody_else(
    jo: User, sam: Patient, concern: Concern
) -> None:
    stranger = make.a_clinician()
    people = [jo, make.a_host(), stranger, make.the_account(sam)]

    assert [can_answer(one, sam, at=NOW) for one in people] == [True, True, False, False]
    assert list(concerns_visible_to(stranger, at=NOW)) == []
    with pytest.raises(PermissionDenied):
        answer_concern(concern=concern, words="No.", by=stranger, at=NOW)
    with pytest.raises(PermissionDenied):
        open_concern(concern=concern, by=stranger, at=NOW)


def test_the_patient_reads_the_answer_and_who_gave_it(
    jo: User, sam: Patient, concern: Concern
) -> None:
    by = make.the_account(sam)
    answer_concern(concern=concern, words="I wrote my note.", by=jo, at=LATER)

    assert has_new_answer(patient=sam)
    [asked] = own_concerns(patient=sam, by=by, at=LATER)
    assert (asked.concern.answer, asked.answered_by) == ("I wrote my note.", "Dr Jo Marsh")
    assert (asked.line.who, asked.line.words) == ("Dr Jo Marsh", "opened your record")
    assert not has_new_answer(patient=sam)


def test_nobody_reads_what_somebody_else_asked(jo: User, sam: Patient) -> None:
    with pytest.raises(PermissionDenied):
        own_concerns(patient=sam, by=jo, at=NOW)


@pytest.mark.parametrize("words", ["", "   ", "x" * (LONGEST + 1)])
def test_an_answer_says_something_and_not_too_much(
    jo: User, concern: Concern, words: str
) -> None:
    with pytest.raises(ValidationError):
        answer_concern(concern=concern, words=words, by=jo, at=LATER)


def test_an_answer_is_given_once(jo: User, concern: Concern) -> None:
    answer_concern(concern=concern, words="It was me.", by=jo, at=LATER)

    with pytest.raises(ValidationError, match="meanwhile"):
        answer_concern(concern=concern, words="No, it was not.", by=make.a_host(), at=LATER)


def test_the_line_shows_that_it_was_asked_about(
    jo: User, sam: Patient, concern: Concern
) -> None:
    """Also when the same person comes again that day and the line grows."""
    note_read(patient=sam, by=jo, at=NOW + timedelta(hours=1))

    seen = read_trail(patient=sam, wanted=Wanted(), by=make.the_account(sam), at=LATER)

    lines = [line for _, people in seen.days for _, _, some in people for line in some]
    assert [line.concern for line in lines if line.words == "opened your record"] == [concern]


def test_what_an_erased_person_asked_waits_no_more(
    jo: User, sam: Patient, concern: Concern
) -> None:
    DataKey.objects.filter(owner=sam.pk).delete()
    forget_keys()

    assert concerns_to_answer(user=jo, at=LATER) == []
