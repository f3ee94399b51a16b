"""Notes that were left unfinished.

Somebody who began a note may stop treating the person before it is signed. The clinician
of record then takes it over, to finish it or to drop it; nobody else, and not before.
"""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Care
from securebase.clinic.care.together import let_treat_too
from securebase.clinic.notes import actions as notes
from securebase.clinic.notes.actions import Said
from securebase.clinic.notes.left import can_take_over, drafts_left_to, take_over
from securebase.clinic.notes.models import NoteDraft
from securebase.clinic.notes.queries import drafts_visible_to
from securebase.clinic.therapy.actions import plan_session
from securebase.people.accounts.models import User
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.conftest import LATER, World
from tests.clinic.trailing import added_rows


def a_colleague(world: World) -> User:
    colleague = make.a_clinician("Dr Lee Park")
    let_treat_too(
        patient=world.patient, colleague=colleague, by=world["clinician of record"], at=LATER
    )
    return colleague


def a_note_begun_by(author: User, world: World, *, for_a_session: bool = False) -> NoteDraft:
    session = None
    if for_a_session:
        of_record = world["clinician of record"]
        session = plan_session(
            patient=world.patient,
            clinician=of_record,
            starts_at=LATER,
            by=of_record,
            at=LATER,
        )
    draft = notes.begin_note(
        patient=world.patient, shape="free", session=session, by=author, at=LATER
    )
    said = Said(draft.version, {"note": "Half a sentence"})
    return notes.keep_note(draft=draft, said=said, by=author, at=LATER)


def stops_treating(clinician: User) -> None:
    Care.objects.filter(clinician=clinician).update(until=LATER)


def test_while_its_author_treats_the_person_it_stays_theirs(world: World) -> None:
    draft = a_note_begun_by(a_colleague(world), world)

    with pytest.raises(PermissionDenied, match="still treats this person"):
        take_over(draft=draft, by=world["clinician of record"], at=LATER)


def test_the_clinician_of_record_takes_it_over_and_the_trail_says_so(world: World) -> None:
    colleague, of_record = a_colleague(world), world["clinician of record"]
    draft = a_note_begun_by(colleague, world)
    stops_treating(colleague)

    (left,) = drafts_left_to(of_record, world.patient, at=LATER)
    with added_rows() as rows:
        taken = take_over(draft=left, by=of_record, at=LATER)

    assert drafts_visible_to(of_record, at=LATER).get() == taken == draft
    assert taken.body.texts["note"] == "Half a sentence"
    assert drafts_left_to(of_record, world.patient, at=LATER) == []
    assert [row.verb for row in rows] == [Verb.NOTE_TAKE_OVER.value]


@pytest.mark.parametrize(
    "who", ["covering clinician", "clinician of somebody else", "host", "patient"]
)
def test_nobody_else_does(world: World, who: str) -> None:
    colleague = a_colleague(world)
    draft = a_note_begun_by(colleague, world)
    stops_treating(colleague)

    assert not can_take_over(world[who], draft, at=LATER)


def test_a_second_note_on_the_same_session_is_settled_first(world: World) -> None:
    colleague, of_record = a_colleague(world), world["clinician of record"]
    draft = a_note_begun_by(colleague, world, for_a_session=True)
    notes.begin_note(
        patient=world.patient, shape="free", session=draft.session, by=of_record, at=LATER
    )
    stops_treating(colleague)

    with pytest.raises(ValidationError, match="Sign or drop yours"):
        take_over(draft=draft, by=of_record, at=LATER)
