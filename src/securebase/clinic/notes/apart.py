"""Process notes: begun and kept by their author, under the author's own key."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.actions import check_size
from securebase.clinic.notes.body import one_newline
from securebase.clinic.notes.models import ProcessNote
from securebase.clinic.notes.policies import check_can_keep_apart, check_can_write_apart
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


class ChangedApart(Exception):
    """The note was kept from another window since this version was read.

    ``now`` is the note as it stands; nothing was written.
    """

    def __init__(self, now: ProcessNote) -> None:
        super().__init__(f"The note is at version {now.version} now. Join the two texts.")
        self.now = now


@transaction.atomic
def begin_apart(*, patient: Patient, by: User, at: datetime) -> ProcessNote:
    """Begin a process note on somebody in one's care."""
    check_can_write_apart(by, patient, at=at)
    note = ProcessNote.objects.create(patient=patient, author=by, begun_at=at, kept_at=at)
    trail.record(Verb.PROCESS_KEEP, by=by, at=at, patient=patient.pk, about=note)
    return note


@transaction.atomic
def keep_apart(
    *, note: ProcessNote, text: str, version: int, by: User, at: datetime
) -> ProcessNote:
    """Keep what is written so far; ChangedApart if another window was here first."""
    held = hold_apart(note)
    check_can_keep_apart(by, held, at=at)
    text = one_newline(text)
    check_size(len(text))
    if text == held.text:
        return held
    at_it = ProcessNote.objects.filter(pk=held.pk, version=version)
    if not at_it.update(version=F("version") + 1):
        raise ChangedApart(held)
    held.text, held.version, held.kept_at = text, version + 1, at
    held.save(update_fields=["text", "kept_at"])
    trail.record(Verb.PROCESS_KEEP, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def drop_apart(*, note: ProcessNote, by: User, at: datetime) -> None:
    """Throw a process note away; it is the author's own, and no part of the record."""
    held = hold_apart(note)
    check_can_keep_apart(by, held, at=at)
    trail.record(Verb.PROCESS_DROP, by=by, at=at, patient=held.patient_id, about=held)
    held.delete()


def hold_apart(note: ProcessNote) -> ProcessNote:
    """Return the note, held for this transaction; refused if it was dropped."""
    held = ProcessNote.objects.select_for_update(no_key=True).filter(pk=note.pk).first()
    if held is None:
        raise PermissionDenied("This process note was dropped in the meantime.")
    return held
