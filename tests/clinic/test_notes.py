"""Notes.

A progress note is a draft until its author signs it. From then on it stands as it was
signed; something can be added, with who, when and why. A process note is its author's own.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from securebase.clinic.care.together import let_treat_too
from securebase.clinic.notes import actions as notes
from securebase.clinic.notes import apart
from securebase.clinic.notes.actions import Changed, Said
from securebase.clinic.notes.models import Note, NoteDraft, ProcessNote
from securebase.clinic.notes.policies import can_keep, can_sign, can_write
from securebase.clinic.notes.queries import (
    drafts_visible_to,
    notes_visible_to,
    process_notes_visible_to,
)
from securebase.clinic.notes.shapes import the_shapes
from securebase.clinic.therapy.actions import plan_session
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.conftest import LATER, World
from tests.clinic.trailing import added_rows

SHAPE = "seen-thought-next"


def a_draft(world: World, **texts: str) -> NoteDraft:
    by = world["clinician of record"]
    draft = notes.begin_note(patient=world.patient, shape=SHAPE, by=by, at=LATER)
    if texts:
        notes.keep_note(draft=draft, said=Said(1, texts), by=by, at=LATER)
    return NoteDraft.objects.get(pk=draft.pk)


def a_note(world: World, **texts: str) -> Note:
    draft = a_draft(world, **(texts or {"seen": "We spoke of the move."}))
    by = world["clinician of record"]
    return notes.sign_note(draft=draft, version=draft.version, by=by, at=LATER)


def a_colleague(world: World) -> User:
    colleague = make.a_clinician("Dr Lee Park")
    let_treat_too(
        patient=world.patient,
        colleague=colleague,
        by=world["clinician of record"],
        at=LATER,
    )
    return colleague


def test_a_draft_keeps_its_words_and_counts_its_versions(world: World) -> None:
    draft = a_draft(world, seen="First.", next="Next week.")

    assert (draft.version, draft.body.texts) == (
        2,
        {"seen": "First.", "thought": "", "next": "Next week."},
    )


def test_a_note_begun_twice_for_a_session_is_the_same_note(world: World) -> None:
    by = world["clinician of record"]
    session = plan_session(
        patient=world.patient, clinician=by, starts_at=LATER, by=by, at=make.NOW
    )

    drafts = {
        notes.begin_note(
            patient=world.patient, shape=SHAPE, session=session, by=by, at=LATER
        ).pk
        for _ in range(2)
    }

    assert len(drafts) == 1


def test_a_note_is_not_begun_for_the_session_of_somebody_else(world: World) -> None:
    by, stranger = world["clinician of record"], world["clinician of somebody else"]
    session = plan_session(
        patient=world.other, clinician=stranger, starts_at=LATER, by=stranger, at=make.NOW
    )

    with pytest.raises(ValidationError, match="with somebody else"):
        notes.begin_note(patient=world.patient, shape=SHAPE, session=session, by=by, at=LATER)


def test_what_was_read_before_somebody_else_kept_it_is_not_written_over(world: World) -> None:
    draft, by = a_draft(world, seen="Kept by the other window."), world["clinician of record"]

    with pytest.raises(Changed) as changed:
        notes.keep_note(draft=draft, said=Said(1, {"seen": "Older."}), by=by, at=LATER)

    assert changed.value.now.body.texts["seen"] == "Kept by the other window."
    assert NoteDraft.objects.get().version == 2


def test_the_same_words_twice_are_written_once(world: World) -> None:
    draft, by = a_draft(world, seen="Once."), world["clinician of record"]

    with added_rows() as rows:
        again = notes.keep_note(draft=draft, said=Said(1, {"seen": "Once."}), by=by, at=LATER)

    assert (again.version, rows) == (2, [])


def test_a_server_that_dies_while_keeping_leaves_what_was_kept_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, by = a_draft(world, seen="Before."), world["clinician of record"]

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trail, "record", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        notes.keep_note(draft=draft, said=Said(2, {"seen": "After."}), by=by, at=LATER)

    kept = NoteDraft.objects.get()
    assert (kept.version, kept.body.texts["seen"]) == (2, "Before.")


def test_a_megabyte_is_refused_and_nothing_is_cut(world: World) -> None:
    draft, by = a_draft(world, seen="Before."), world["clinician of record"]

    with pytest.raises(ValidationError, match="1,048,576 characters; a note holds up to"):
        notes.keep_note(draft=draft, said=Said(2, {"seen": "a" * 2**20}), by=by, at=LATER)

    assert NoteDraft.objects.get().body.texts["seen"] == "Before."


def test_a_signed_note_is_no_draft_any_more_and_keeps_its_address(world: World) -> None:
    draft = a_draft(world, seen="We spoke.")

    note = notes.sign_note(
        draft=draft, version=draft.version, by=world["clinician of record"], at=LATER
    )

    assert (note.pk, note.body.texts["seen"]) == (draft.pk, "We spoke.")
    assert not NoteDraft.objects.exists()


def test_signing_twice_signs_once(world: World) -> None:
    draft, by = a_draft(world, seen="We spoke."), world["clinician of record"]
    notes.sign_note(draft=draft, version=2, by=by, at=LATER)

    with pytest.raises(PermissionDenied, match="signed or was dropped"):
        notes.sign_note(draft=draft, version=2, by=by, at=LATER)

    assert Note.objects.count() == 1


def test_what_was_not_read_is_not_signed(world: World) -> None:
    draft, by = a_draft(world, seen="We spoke."), world["clinician of record"]

    with pytest.raises(Changed):
        notes.sign_note(draft=draft, version=1, by=by, at=LATER)


def test_an_empty_note_is_not_signed(world: World) -> None:
    draft = a_draft(world)

    with pytest.raises(ValidationError, match="nothing in this note"):
        notes.sign_note(draft=draft, version=1, by=world["clinician of record"], at=LATER)


def test_a_signed_note_cannot_be_written_in(world: World) -> None:
    draft, by = a_draft(world, seen="We spoke."), world["clinician of record"]
    note = notes.sign_note(draft=draft, version=2, by=by, at=LATER)

    with pytest.raises(PermissionDenied, match="nothing was written"):
        notes.keep_note(draft=draft, said=Said(2, {"seen": "Changed."}), by=by, at=LATER)
    note.text = "changed"
    with pytest.raises(TypeError, match="stands as it was signed"):
        note.save()

    assert Note.objects.get().body.texts["seen"] == "We spoke."


def test_an_addendum_says_who_when_and_why(world: World) -> None:
    note, colleague = a_note(world), a_colleague(world)

    added = notes.add_to_note(
        note=note, text="The move is in May.", why="Date was missing", by=colleague, at=LATER
    )

    assert (added.text, added.why, added.by, added.at) == (
        "The move is in May.",
        "Date was missing",
        colleague,
        LATER,
    )


@pytest.mark.parametrize(("text", "why"), [("", "because"), ("what", " ")])
def test_an_addendum_needs_both_what_and_why(world: World, text: str, why: str) -> None:
    with pytest.raises(ValidationError, match="An addendum says what, and why"):
        notes.add_to_note(
            note=a_note(world), text=text, why=why, by=world["clinician of record"], at=LATER
        )


def test_a_draft_can_be_thrown_away_and_the_trail_says_so(world: World) -> None:
    draft, by = a_draft(world, seen="Wrong person."), world["clinician of record"]

    with added_rows() as rows:
        notes.drop_note(draft=draft, by=by, at=LATER)

    assert [row.verb for row in rows] == [Verb.NOTE_DROP.value]
    assert not NoteDraft.objects.exists()


def test_each_step_leaves_one_row_and_none_of_the_words(world: World) -> None:
    with added_rows() as rows:
        note = a_note(world, seen="My secret words.")
        notes.add_to_note(
            note=note, text="secret", why="secret", by=world["clinician of record"], at=LATER
        )

    assert [row.verb for row in rows] == [
        Verb.NOTE_BEGIN.value,
        Verb.NOTE_KEEP.value,
        Verb.NOTE_SIGN.value,
        Verb.NOTE_ADD.value,
    ]
    assert not any("secret" in str(vars(row)) for row in rows)


@pytest.mark.parametrize(
    ("who", "writes", "reads"),
    [
        # who                              writes  reads what is signed
        ("clinician of record",            True,   True),
        ("covering clinician",             False,  True),
        ("clinician of somebody else",     False,  False),
        ("clinician whose bond ended",     False,  False),
        ("clinician who left the practice", False, False),
        ("patient",                        False,  False),
        ("another patient",                False,  False),
        ("host",                           False,  False),
        ("somebody without a role",        False,  False),
    ],
)  # fmt: skip
def test_who_writes_and_who_reads(world: World, who: str, writes: bool, reads: bool) -> None:
    note, user = a_note(world), world[who]

    assert can_write(user, world.patient, at=LATER) is writes
    assert (note in notes_visible_to(user, at=LATER)) is reads


def test_a_draft_is_its_authors_until_it_is_opened_to_colleagues(world: World) -> None:
    draft, colleague = a_draft(world, seen="Mine."), a_colleague(world)
    before = (can_keep(colleague, draft, at=LATER), draft in _drafts(colleague))

    draft = notes.write_together(
        draft=draft, together=True, by=world["clinician of record"], at=LATER
    )

    assert before == (False, False)
    assert (can_keep(colleague, draft, at=LATER), draft in _drafts(colleague)) == (True, True)
    assert not can_sign(colleague, draft, at=LATER)
    for who in ("covering clinician", "clinician of somebody else", "patient"):
        assert draft not in _drafts(world[who])


def _drafts(user: User) -> list[NoteDraft]:
    return list(drafts_visible_to(user, at=LATER))


def test_the_patient_reads_a_signed_note_after_the_usual_wait(world: World) -> None:
    note, wait = a_note(world), the_shapes().usual_wait

    seen = [
        note in notes_visible_to(world["patient"], at=LATER + after)
        for after in (timedelta(0), wait - timedelta(seconds=1), wait)
    ]

    assert seen == [False, False, True]
    assert note not in notes_visible_to(world["another patient"], at=LATER + wait)


def test_a_note_held_back_keeps_its_reason_and_comes_all_the_same(world: World) -> None:
    draft = a_draft(world, seen="Hard to read alone.")

    note = notes.sign_note(
        draft=draft,
        version=2,
        held_because="We read it together on the 20th",
        by=world["clinician of record"],
        at=LATER,
    )

    assert note.release_at == LATER + the_shapes().longest_wait
    assert note.held_because == "We read it together on the 20th"


def test_a_process_note_is_for_its_author_alone(world: World) -> None:
    by, colleague = world["clinician of record"], a_colleague(world)
    note = apart.begin_apart(patient=world.patient, by=by, at=LATER)
    apart.keep_apart(note=note, text="I was tired.", version=1, by=by, at=LATER)

    readers = [
        user
        for user in (*world.people.values(), colleague)
        if process_notes_visible_to(user, at=LATER).exists()
    ]

    assert readers == [by]
    with pytest.raises(PermissionDenied, match="for whoever wrote them"):
        apart.keep_apart(note=note, text="Mine now.", version=2, by=colleague, at=LATER)


def test_a_process_note_is_sealed_under_the_key_of_its_author(world: World) -> None:
    field = ProcessNote._meta.get_field("text")

    assert (field.owner, field.category) == ("author_id", "process")
    by = world["clinician of record"]
    note = apart.begin_apart(patient=world.patient, by=by, at=LATER)
    apart.keep_apart(note=note, text="I was tired.", version=1, by=by, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM notes_processnote")
        assert b"tired" not in bytes(cursor.fetchone()[0])


def test_two_windows_on_one_process_note_lose_nothing(world: World) -> None:
    by = world["clinician of record"]
    note = apart.begin_apart(patient=world.patient, by=by, at=LATER)
    apart.keep_apart(note=note, text="One.", version=1, by=by, at=LATER)

    with pytest.raises(apart.ChangedApart) as changed:
        apart.keep_apart(note=note, text="Two.", version=1, by=by, at=LATER)

    assert changed.value.now.text == "One."


def test_a_process_note_can_be_thrown_away(world: World) -> None:
    by = world["clinician of record"]
    note = apart.begin_apart(patient=world.patient, by=by, at=LATER)

    apart.drop_apart(note=note, by=by, at=LATER)

    assert not ProcessNote.objects.exists()
    with pytest.raises(PermissionDenied, match="dropped in the meantime"):
        apart.drop_apart(note=note, by=by, at=LATER)
