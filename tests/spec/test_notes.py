"""Notes.

What a clinician writes about a session is a draft until they sign it. From then on it
stands as it was signed; whoever treats the person may add to it, in their own name.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Patient
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.notes import actions as notes
from securebase.clinic.notes import apart
from securebase.clinic.notes.actions import Changed, Said
from securebase.clinic.notes.models import Note, NoteDraft
from securebase.clinic.notes.queries import notes_visible_to, process_notes_visible_to
from securebase.clinic.notes.shapes import the_shapes
from securebase.clinic.notes.showing import hide_apart, notes_shown_to, show_apart
from securebase.people.accounts.models import Role, User
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.NOW


@pytest.fixture
def draft(jo: User, sam: Patient) -> NoteDraft:
    """Return a note that Jo has begun, with a sentence in it."""
    begun = notes.begin_note(patient=sam, shape="free", by=jo, at=NOW)
    said = Said(begun.version, {"note": "We spoke of the move."})
    return notes.keep_note(draft=begun, said=said, by=jo, at=NOW)


def signed(draft: NoteDraft, jo: User) -> Note:
    return notes.sign_note(draft=draft, version=draft.version, by=jo, at=NOW)


def test_words_kept_by_somebody_else_since_are_not_written_over(
    draft: NoteDraft, jo: User
) -> None:
    with pytest.raises(Changed):
        notes.keep_note(draft=draft, said=Said(1, {"note": "Mine."}), by=jo, at=NOW)


def test_a_signed_note_stands_and_is_not_signed_again(draft: NoteDraft, jo: User) -> None:
    note = signed(draft, jo)

    with pytest.raises(TypeError, match="add an addendum"):
        note.save()
    with pytest.raises(PermissionDenied, match="signed or was dropped"):
        signed(draft, jo)


def test_what_is_added_says_why(draft: NoteDraft, jo: User) -> None:
    note = signed(draft, jo)

    with pytest.raises(ValidationError, match="reason is empty"):
        notes.add_to_note(note=note, text="It was Thursday.", why=" ", by=jo, at=NOW)


def test_the_patient_reads_it_after_the_usual_wait(
    draft: NoteDraft, jo: User, sam: Patient
) -> None:
    note, own = signed(draft, jo), make.the_account(sam)
    wait = the_shapes().usual_wait

    seen = [notes_visible_to(own, at=NOW + after).count() for after in (timedelta(0), wait)]

    assert note.release_at == NOW + wait
    assert seen == [0, 1]


def test_a_process_note_is_for_its_author_alone(jo: User, sam: Patient) -> None:
    apart.begin_apart(patient=sam, by=jo, at=NOW)

    for other in (make.the_account(sam), make.a_clinician(), make.a_host()):
        assert not process_notes_visible_to(other, at=NOW).exists()


def test_a_supervisor_reads_a_process_note_that_its_author_shows_until_it_is_taken_back(
    jo: User, sam: Patient
) -> None:
    val = make.an_account(Role.SUPERVISOR, name="Val Orr")
    days = Days(make.TODAY, make.TODAY + timedelta(days=300), "Europe/London")
    agree_on_supervision(supervisor=val, supervisee=jo, days=days, by=jo, at=NOW)
    note = apart.begin_apart(patient=sam, by=jo, at=NOW)
    seen = [notes_shown_to(val, at=NOW).count()]

    show_apart(note=note, supervisor=val, by=jo, at=NOW)
    seen.append(notes_shown_to(val, at=NOW).count())
    hide_apart(note=note, by=jo, at=NOW)
    seen.append(notes_shown_to(val, at=NOW).count())

    assert seen == [0, 1, 0]
