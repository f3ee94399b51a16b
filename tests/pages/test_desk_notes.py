"""Writing a note at the desk.

It is kept while it grows and read once more before it is signed. Where two write, nobody's
words are lost. A page left open writes where it says, or nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.care.together import end_treating, let_treat_too
from securebase.clinic.notes import actions as notes
from securebase.clinic.notes.actions import Said
from securebase.clinic.notes.apart import begin_apart, keep_apart
from securebase.clinic.notes.models import Addendum, Note, NoteDraft, ProcessNote, Promise
from securebase.clinic.notes.promising import promise
from securebase.clinic.said import actions as said
from securebase.clinic.therapy.actions import plan_session
from securebase.pages.clinician.note_forms import seal_of
from securebase.people.accounts.models import User
from securebase.stories.export_subject.gather import gather
from tests.factories import NOW, a_clinician, a_patient, the_account
from tests.pages.signed import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW)


@pytest.fixture
def draft(patient: Patient, clinician: User) -> NoteDraft:
    return notes.begin_note(patient=patient, shape="seen-thought-next", by=clinician, at=NOW)


def sent(draft: NoteDraft, by: User, **texts: str) -> dict[str, str]:
    """Return what a browser sends of the form of a note, with these words in it."""
    was = NoteDraft.objects.get(pk=draft.pk)
    form = {"version": str(was.version), "seal": seal_of(was, by)}
    for part, text in was.body.texts.items():
        form |= {f"part-{part}": texts.get(part, text), f"was-part-{part}": text}
    return form


def words(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_from_the_chart_to_a_signed_note(
    desk: Client, patient: Patient, clinician: User
) -> None:
    chart = words(desk.get(reverse("desk_person", args=[patient.pk])))
    begun = desk.post(reverse("desk_notes", args=[patient.pk]))
    draft = NoteDraft.objects.get()
    form = sent(draft, clinician, seen="We spoke of the move.") | {"do": "sign"}
    kept = desk.post(begun.url, form)  # type: ignore[attr-defined]
    signed = desk.post(kept.url, {"version": "2", "held_because": ""}, follow=True)  # type: ignore[attr-defined]

    assert "Write a note" in chart
    assert "We spoke of the move." in words(signed)
    assert Note.objects.get().author == clinician


def test_a_note_begun_after_a_session_is_about_it(
    desk: Client, patient: Patient, clinician: User
) -> None:
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=NOW, by=clinician, at=NOW
    )

    desk.post(reverse("desk_notes", args=[patient.pk]))

    assert NoteDraft.objects.get().session == session


def test_a_shape_can_be_chosen(desk: Client, patient: Patient) -> None:
    desk.post(reverse("desk_notes", args=[patient.pk]), {"shape": "free"})

    assert NoteDraft.objects.get().shape == "Free text"


def test_an_unknown_shape_is_answered_beside_the_question(
    desk: Client, patient: Patient
) -> None:
    response = desk.post(reverse("desk_notes", args=[patient.pk]), {"shape": "soap"})

    assert response.status_code == 422
    assert not NoteDraft.objects.exists()


def test_what_is_written_is_kept_while_it_grows(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    response = desk.post(
        reverse("desk_draft_keep", args=[draft.pk]), sent(draft, clinician, seen="First")
    )

    assert response.json() == {"says": "Kept 10:00", "version": 2}
    assert NoteDraft.objects.get().body.texts["seen"] == "First"


def test_keeping_by_the_button_needs_no_script(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    response = desk.post(
        reverse("desk_draft", args=[draft.pk]),
        sent(draft, clinician, seen="By hand") | {"do": "keep"},
        follow=True,
    )

    assert "Kept 10:00." in words(response)
    assert "By hand" in words(response)


def test_two_texts_are_shown_side_by_side_and_offered_together(
    desk: Client, draft: NoteDraft, clinician: User, patient: Patient
) -> None:
    older = sent(draft, clinician, seen="Mine.", thought="Only here.")
    notes.keep_note(draft=draft, said=Said(1, {"seen": "Theirs."}), by=clinician, at=NOW)
    address = reverse("desk_draft", args=[draft.pk])

    silently = desk.post(reverse("desk_draft_keep", args=[draft.pk]), older)
    asked = desk.post(address, older | {"do": "keep"})

    assert (silently.status_code, asked.status_code) == (409, 409)
    assert "Somebody else wrote here too." in silently.json()["says"]
    for text in ("Mine.", "Theirs.", "Only here.", "You both changed the same lines."):
        assert text in words(asked)
    form = asked.context["form"]
    joined = {name: str(form.initial[name]) for name in form.fields}
    desk.post(address, joined | {"do": "keep"})
    assert NoteDraft.objects.get().body.texts == {
        "seen": "Theirs.\nMine.",
        "thought": "Only here.",
        "next": "",
    }


def test_a_megabyte_is_refused_and_given_back(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    big = "long words " * 100_000
    form = sent(draft, clinician, seen=big)

    response = desk.post(reverse("desk_draft", args=[draft.pk]), form)
    silently = desk.post(reverse("desk_draft_keep", args=[draft.pk]), form)

    assert (response.status_code, silently.status_code) == (422, 422)
    assert "a note holds up to 100,000" in words(response)
    assert big.strip() in words(response)
    assert NoteDraft.objects.get().version == 1


def test_a_form_of_another_patient_is_refused_with_its_words_given_back(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    other = notes.begin_note(
        patient=a_patient(of=clinician), shape="seen-thought-next", by=clinician, at=NOW
    )
    form = sent(other, clinician, seen="About somebody else.")

    response = desk.post(reverse("desk_draft", args=[draft.pk]), form)
    silently = desk.post(reverse("desk_draft_keep", args=[draft.pk]), form)

    assert (response.status_code, silently.status_code) == (409, 409)
    assert "Nothing was written" in words(response)
    assert "About somebody else." in words(response)
    assert {one.version for one in NoteDraft.objects.all()} == {1}


def test_a_page_left_open_writes_where_it_says(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    other = notes.begin_note(
        patient=a_patient(of=clinician), shape="seen-thought-next", by=clinician, at=NOW
    )
    form = sent(draft, clinician, seen="For the first.")
    desk.get(reverse("desk_draft", args=[other.pk]))

    desk.post(reverse("desk_draft", args=[draft.pk]), form)

    assert NoteDraft.objects.get(pk=draft.pk).body.texts["seen"] == "For the first."
    assert NoteDraft.objects.get(pk=other.pk).version == 1


def test_what_arrives_after_signing_writes_nothing_and_is_given_back(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    notes.keep_note(draft=draft, said=Said(1, {"seen": "Signed."}), by=clinician, at=NOW)
    late = sent(draft, clinician, seen="Too late.")
    notes.sign_note(draft=draft, version=2, by=clinician, at=NOW)
    address = reverse("desk_draft", args=[draft.pk])

    response = desk.post(address, late)
    silently = desk.post(reverse("desk_draft_keep", args=[draft.pk]), late)

    assert (response.status_code, silently.status_code) == (409, 409)
    assert "Too late." in words(response)
    assert desk.get(address).url == reverse("desk_note", args=[draft.pk])  # type: ignore[attr-defined]
    assert Note.objects.get().body.texts["seen"] == "Signed."


def test_signing_twice_signs_once_and_says_so(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    notes.keep_note(draft=draft, said=Said(1, {"seen": "Once."}), by=clinician, at=NOW)
    address, form = reverse("desk_draft_sign", args=[draft.pk]), {"version": "2"}

    first, second = desk.post(address, form), desk.post(address, form)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "This note is signed" in words(second)
    assert Note.objects.count() == 1


def test_what_was_written_since_is_read_before_it_is_signed(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    notes.keep_note(draft=draft, said=Said(1, {"seen": "More."}), by=clinician, at=NOW)

    response = desk.post(
        reverse("desk_draft_sign", args=[draft.pk]), {"version": "1"}, follow=True
    )

    assert "Read it once more." in words(response)
    assert not Note.objects.exists()


def test_an_empty_note_is_not_signed(desk: Client, draft: NoteDraft) -> None:
    response = desk.post(reverse("desk_draft_sign", args=[draft.pk]), {"version": "1"})

    assert response.status_code == 422
    assert "nothing in this note" in words(response)


def test_an_addendum_stands_below_the_note(
    desk: Client, draft: NoteDraft, clinician: User
) -> None:
    notes.keep_note(draft=draft, said=Said(1, {"seen": "Signed."}), by=clinician, at=NOW)
    notes.sign_note(draft=draft, version=2, by=clinician, at=NOW)
    address = reverse("desk_note", args=[draft.pk])

    empty = desk.post(address, {"text": "", "why": ""})
    page = words(desk.post(address, {"text": "In May.", "why": "Missing"}, follow=True))

    assert empty.status_code == 422
    for told in ("Signed.", "In May.", "Because: Missing", "Dr Jo Marsh, 23 November 2026"):
        assert told in page
    assert Addendum.objects.count() == 1


def test_a_colleague_who_is_let_in_writes_but_does_not_sign(
    draft: NoteDraft, patient: Patient, clinician: User, desk: Client
) -> None:
    colleague = a_clinician("Dr Lee Park")
    let_treat_too(patient=patient, colleague=colleague, by=clinician, at=NOW)
    address = reverse("desk_draft", args=[draft.pk])
    theirs = Client()
    signed_in(User.objects.get(pk=colleague.pk), theirs)

    before = theirs.get(address).status_code
    desk.post(reverse("desk_draft_settle", args=[draft.pk]), {"do": "together"})
    page = theirs.get(address)
    theirs.post(address, sent(draft, colleague, seen="From a colleague.") | {"do": "keep"})
    signing = theirs.get(reverse("desk_draft_sign", args=[draft.pk]))
    desk.post(reverse("desk_draft_settle", args=[draft.pk]), {"do": "alone"})

    assert (before, page.status_code, signing.status_code) == (404, 200, 403)
    assert "Read once more and sign" not in words(page)
    assert NoteDraft.objects.get().body.texts["seen"] == "From a colleague."
    assert theirs.get(address).status_code == 404


def test_a_note_left_by_somebody_else_is_taken_over_with_its_words(
    desk: Client, patient: Patient, clinician: User
) -> None:
    colleague = a_clinician("Dr Lee Park")
    tie = let_treat_too(patient=patient, colleague=colleague, by=clinician, at=NOW)
    left = notes.begin_note(patient=patient, shape="free", by=colleague, at=NOW)
    notes.keep_note(draft=left, said=Said(1, {"note": "Half a word."}), by=colleague, at=NOW)
    address, press = reverse("desk_notes", args=[patient.pk]), {"take_over": str(left.pk)}
    early = (words(desk.get(address)), desk.post(address, press).status_code)
    end_treating(bond=tie, by=clinician, at=NOW)

    offered = words(desk.get(address))
    taken = desk.post(address, press, follow=True)
    again = desk.post(address, press)

    assert ("Take it over" in early[0], early[1]) == (False, 404)
    assert "Take it over" in offered
    assert "Half a word." not in offered
    assert "Half a word." in words(taken)
    assert again.status_code == 404
    assert NoteDraft.objects.get().author == clinician


def test_a_draft_can_be_thrown_away(desk: Client, draft: NoteDraft) -> None:
    response = desk.post(reverse("desk_draft_settle", args=[draft.pk]), {"do": "drop"})

    assert response.url == reverse("desk_notes", args=[draft.patient_id])  # type: ignore[attr-defined]
    assert not NoteDraft.objects.exists()
    assert desk.post(reverse("desk_draft_keep", args=[draft.pk])).status_code == 404


def test_process_notes_are_written_apart(
    desk: Client, patient: Patient, clinician: User
) -> None:
    begun = desk.post(reverse("desk_apart", args=[patient.pk]))
    note = ProcessNote.objects.get()
    form = {"version": "1", "seal": seal_of(note, clinician), "text": "Tired.", "was-text": ""}

    kept = desk.post(reverse("desk_apart_keep", args=[note.pk]), form)
    page = words(desk.get(begun.url))  # type: ignore[attr-defined]

    assert kept.json() == {"says": "Kept 10:00", "version": 2}
    assert "Tired." in page
    assert "Begun 23 November" in words(desk.get(reverse("desk_apart", args=[patient.pk])))


def test_two_windows_on_a_process_note_are_joined(
    desk: Client, patient: Patient, clinician: User
) -> None:
    note = begin_apart(patient=patient, by=clinician, at=NOW)
    form = {"version": "1", "seal": seal_of(note, clinician), "text": "Two.", "was-text": ""}
    keep_apart(note=note, text="One.", version=1, by=clinician, at=NOW)
    address = reverse("desk_apart_note", args=[note.pk])

    silently = desk.post(reverse("desk_apart_keep", args=[note.pk]), form)
    asked = desk.post(address, form)
    form |= {"text": "One.\nTwo.", "version": "2", "was-text": "One."}
    desk.post(address, form)

    assert (silently.status_code, asked.status_code) == (409, 409)
    assert "You wrote in two windows" in words(asked)
    assert ProcessNote.objects.get().text == "One.\nTwo."


@pytest.mark.parametrize(
    ("change", "status"), [({"seal": "x"}, 409), ({"text": "a" * 100_001}, 422)]
)
def test_a_process_note_refuses_what_a_note_refuses(
    desk: Client, patient: Patient, clinician: User, change: dict[str, str], status: int
) -> None:
    note = begin_apart(patient=patient, by=clinician, at=NOW)
    form = {"version": "1", "seal": seal_of(note, clinician), "text": "x", "was-text": ""}

    answers = {
        desk.post(reverse(name, args=[note.pk]), form | change).status_code
        for name in ("desk_apart_note", "desk_apart_keep")
    }

    assert answers == {status}
    assert ProcessNote.objects.get().text == ""


def test_a_process_note_is_thrown_away(desk: Client, patient: Patient, clinician: User) -> None:
    note = begin_apart(patient=patient, by=clinician, at=NOW)

    desk.post(reverse("desk_apart_note", args=[note.pk]), {"do": "drop"})

    assert not ProcessNote.objects.exists()


def test_a_signed_note_is_in_the_patients_copy_once_released_and_a_process_note_never(
    draft: NoteDraft, patient: Patient, clinician: User
) -> None:
    notes.keep_note(draft=draft, said=Said(1, {"seen": "Open."}), by=clinician, at=NOW)
    note = notes.sign_note(draft=draft, version=2, by=clinician, at=NOW)
    apart = begin_apart(patient=patient, by=clinician, at=NOW)
    keep_apart(note=apart, text="Apart.", version=1, by=clinician, at=NOW)
    account = the_account(patient)

    copies = [
        str(gather(patient=patient, by=account, at=at).parts) for at in (NOW, note.release_at)
    ]

    assert ["Open." in copy for copy in copies] == [False, True]
    assert not any("Apart." in copy for copy in copies)


def test_the_patient_reads_the_note_once_it_is_released(
    draft: NoteDraft, patient: Patient, clinician: User
) -> None:
    notes.keep_note(draft=draft, said=Said(1, {"seen": "Open."}), by=clinician, at=NOW)
    note = notes.sign_note(draft=draft, version=2, by=clinician, at=NOW)
    notes.add_to_note(note=note, text="In May.", why="Missing", by=clinician, at=NOW)
    theirs = Client()
    signed_in(the_account(patient), theirs)
    address = reverse("me_note", args=[note.pk])

    early = theirs.get(address).status_code, words(theirs.get(reverse("me_notes")))
    with time_machine.travel(note.release_at, tick=False):
        theirs = Client()
        signed_in(the_account(patient), theirs)
        late = words(theirs.get(address)), words(theirs.get(reverse("me_notes")))

    assert early[0] == 404
    assert "There is no note to read yet." in early[1]
    assert "Open." in late[0]
    assert "In May." in late[0]
    assert "Written on Monday 23 November 2026" in late[1]


def test_an_answer_to_a_message_keeps_the_promise_of_a_reply(
    patient: Patient, clinician: User, desk: Client
) -> None:
    by = the_account(patient)
    promise(
        patient=patient,
        kind="reply",
        text="",
        due_at=NOW + timedelta(days=2),
        by=clinician,
        at=NOW,
    )
    draft = said.begin_draft(patient=patient, about="need", by=by, at=NOW)
    seen = said.Seen(draft.version)
    draft = said.keep_draft(
        draft=draft, said=said.Words("Please", "Call me"), seen=seen, by=by, at=NOW
    )
    message = said.send(
        draft=draft, seen=said.Seen(draft.version), wants_answer=True, by=by, at=NOW
    )

    desk.post(reverse("desk_message", args=[message.pk]), {"words": "I will, on Tuesday."})

    assert Promise.objects.get().kept_by == clinician
