"""Writing notes: begun, kept version by version, signed, and added to afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.body import Body
from securebase.clinic.notes.models import Addendum, Note, NoteDraft
from securebase.clinic.notes.policies import (
    check_can_add,
    check_can_keep,
    check_can_sign,
    check_can_write,
)
from securebase.clinic.notes.shapes import the_shapes
from securebase.clinic.therapy.models import TherapySession
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST_REASON = 1000
GONE = "This note is signed or was dropped in the meantime; nothing was written."


class Changed(Exception):
    """Somebody kept the note since this version was read; nothing was written.

    ``now`` is the note as it stands.
    """

    def __init__(self, now: NoteDraft) -> None:
        super().__init__(f"The note is at version {now.version} now. Join the two texts.")
        self.now = now


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wants a note to say, by part, and which version they had before them."""

    version: int
    texts: Mapping[str, str]


@transaction.atomic
def begin_note(
    *,
    patient: Patient,
    shape: str,
    by: User,
    at: datetime,
    session: TherapySession | None = None,
) -> NoteDraft:
    """Begin a note; one that this author began for the same session is gone on with."""
    check_can_write(by, patient, at=at)
    chosen = the_shapes().named(shape)
    if session is not None:
        _check_session(session, patient)
        begun = NoteDraft.objects.filter(author=by, session=session).first()
        if begun is not None:
            return begun
    draft = NoteDraft.objects.create(
        patient=patient,
        session=session,
        author=by,
        shape=chosen.name,
        text=Body.empty(chosen).kept(),
        begun_at=at,
        kept_at=at,
        kept_by=by,
    )
    trail.record(Verb.NOTE_BEGIN, by=by, at=at, patient=patient.pk, about=draft)
    return draft


@transaction.atomic
def keep_note(*, draft: NoteDraft, said: Said, by: User, at: datetime) -> NoteDraft:
    """Keep what is written so far; Changed if it is not the version that was read.

    Saying what stands there already writes nothing, so that a repeated request, or one
    whose answer was lost, does no harm.
    """
    held = hold_draft(draft)
    check_can_keep(by, held, at=at)
    body = held.body.saying(said.texts)
    _check_length(body)
    if body == held.body:
        return held
    if not _take(held, said.version):
        raise Changed(held)
    held.text, held.version = body.kept(), said.version + 1
    held.kept_at, held.kept_by = at, by
    held.save(update_fields=["text", "kept_at", "kept_by"])
    trail.record(Verb.NOTE_KEEP, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def write_together(*, draft: NoteDraft, together: bool, by: User, at: datetime) -> NoteDraft:
    """Open a draft to colleagues who treat the same person, or close it again."""
    held = hold_draft(draft)
    check_can_sign(by, held, at=at)
    held.together = together
    held.save(update_fields=["together"])
    trail.record(Verb.NOTE_TOGETHER, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def sign_note(
    *, draft: NoteDraft, version: int, by: User, at: datetime, held_because: str = ""
) -> Note:
    """Sign what was read; from here on it stands, and the patient may read it after a wait.

    ``held_because`` is a reason for the longest wait in place of the usual one.
    """
    held = hold_draft(draft)
    check_can_sign(by, held, at=at)
    if not held.body.written:
        raise ValidationError("There is nothing in this note yet. Write it, or drop it.")
    if held.version != version:
        raise Changed(held)
    _check_reason(held_because, "The reason to hold it back")
    rules = the_shapes()
    wait = rules.longest_wait if held_because.strip() else rules.usual_wait
    note = Note.objects.create(
        pk=held.pk,
        patient_id=held.patient_id,
        session_id=held.session_id,
        author=by,
        shape=held.shape,
        text=held.text,
        begun_at=held.begun_at,
        signed_at=at,
        release_at=at + wait,
        held_because=held_because.strip(),
    )
    held.delete()
    trail.record(Verb.NOTE_SIGN, by=by, at=at, patient=note.patient_id, about=note)
    return note


@transaction.atomic
def drop_note(*, draft: NoteDraft, by: User, at: datetime) -> None:
    """Throw a draft away; that it was there and is gone stays on the trail."""
    held = hold_draft(draft)
    check_can_sign(by, held, at=at)
    trail.record(Verb.NOTE_DROP, by=by, at=at, patient=held.patient_id, about=held)
    held.delete()


@transaction.atomic
def add_to_note(*, note: Note, text: str, why: str, by: User, at: datetime) -> Addendum:
    """Add to a signed note, in one's own name, with the reason."""
    check_can_add(by, note, at=at)
    for words, of in ((text, "addendum"), (why, "reason")):
        if not words.strip():
            raise ValidationError(f"The {of} is empty. An addendum says what, and why.")
    _check_reason(why, "The reason")
    check_size(len(text))
    added = Addendum.objects.create(
        patient_id=note.patient_id, note=note, text=text, why=why.strip(), by=by, at=at
    )
    trail.record(Verb.NOTE_ADD, by=by, at=at, patient=note.patient_id, about=note)
    return added


def hold_draft(draft: NoteDraft) -> NoteDraft:
    """Return the draft as it stands, held until the transaction ends."""
    rows = NoteDraft.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "patient"
    )
    held = rows.filter(pk=draft.pk).first()
    if held is None:
        raise PermissionDenied(GONE)
    return held


def _take(held: NoteDraft, version: int) -> bool:
    """Move on from this version; False if somebody was here first."""
    at_it = NoteDraft.objects.filter(pk=held.pk, version=version)
    return bool(at_it.update(version=F("version") + 1))


def _check_session(session: TherapySession, patient: Patient) -> None:
    if session.patient_id != patient.pk:
        raise ValidationError("This session is with somebody else; open their page first.")


def _check_length(body: Body) -> None:
    check_size(body.length)


def check_size(length: int) -> None:
    """Raise if a note would have more characters than one holds."""
    most = the_shapes().most_characters
    if length > most:
        raise ValidationError(
            f"This has {length:,} characters; a note holds up to {most:,}. Shorten it, or "
            "put the rest into a second note."
        )


def _check_reason(reason: str, what: str) -> None:
    if len(reason) > MOST_REASON:
        raise ValidationError(
            f"{what} has {len(reason)} characters; it holds {MOST_REASON}. Shorten it."
        )
