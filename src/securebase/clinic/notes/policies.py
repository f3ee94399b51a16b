"""Who may begin, write, sign and add to notes, and who may make and keep promises."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.notes.models import Note, NoteDraft, ProcessNote, Promise
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def check_can_write(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may write progress notes on the patient."""
    own = Thing(Category.PROGRESS, about=patient.pk, author=user.pk)
    check_may(user, Action.WRITE, own, at=at)


def can_write(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may write progress notes on the patient."""
    return granted(check_can_write, user, patient, at=at)


def check_can_keep(user: User, draft: NoteDraft, *, at: datetime) -> None:
    """Raise unless this is the author's draft, or one open to colleagues who treat too."""
    check_may(user, Action.WRITE, _thing(draft, user), at=at)


def can_keep(user: User, draft: NoteDraft, *, at: datetime) -> bool:
    """Whether this clinician may write in the draft."""
    return granted(check_can_keep, user, draft, at=at)


def check_can_sign(user: User, draft: NoteDraft, *, at: datetime) -> None:
    """Raise unless this is the author; nobody signs, opens or drops another's note."""
    check_may(user, Action.SIGN, _thing(draft, user), at=at)


def can_sign(user: User, draft: NoteDraft, *, at: datetime) -> bool:
    """Whether this clinician may sign the draft, open it to colleagues or drop it."""
    return granted(check_can_sign, user, draft, at=at)


def check_can_add(user: User, note: Note, *, at: datetime) -> None:
    """Raise unless this clinician may add to a signed note, in their own name."""
    check_can_write(user, note.patient, at=at)


def can_add(user: User, note: Note, *, at: datetime) -> bool:
    """Whether this clinician may add to a signed note."""
    return granted(check_can_add, user, note, at=at)


def check_can_write_apart(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may keep process notes of their own on the patient."""
    own = Thing(Category.PROCESS, about=patient.pk, author=user.pk)
    check_may(user, Action.WRITE, own, at=at)


def can_write_apart(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may keep process notes of their own on the patient."""
    return granted(check_can_write_apart, user, patient, at=at)


def check_can_keep_apart(user: User, note: ProcessNote, *, at: datetime) -> None:
    """Raise unless this is the author of the process note, and still treats the patient."""
    theirs = Thing(Category.PROCESS, about=note.patient_id, author=note.author_id)
    check_may(user, Action.WRITE, theirs, at=at)


def can_keep_apart(user: User, note: ProcessNote, *, at: datetime) -> bool:
    """Whether this is the author of the process note, and still treats the patient."""
    return granted(check_can_keep_apart, user, note, at=at)


def check_can_promise(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician may promise the patient something, by a day."""
    check_may(user, Action.WRITE, Thing(Category.SCHEDULE, about=patient.pk), at=at)


def can_promise(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician may promise the patient something, by a day."""
    return granted(check_can_promise, user, patient, at=at)


def check_can_settle(user: User, promise: Promise, *, at: datetime) -> None:
    """Raise unless this clinician may say what became of a promise that is open."""
    check_can_promise(user, promise.patient, at=at)
    if not promise.is_open:
        raise PermissionDenied("What became of this promise is noted already.")


def can_settle(user: User, promise: Promise, *, at: datetime) -> bool:
    """Whether this clinician may say what became of a promise."""
    return granted(check_can_settle, user, promise, at=at)


def _thing(draft: NoteDraft, user: User) -> Thing:
    parties = frozenset({draft.author_id, user.pk} if draft.together else ())
    return Thing(
        Category.PROGRESS, about=draft.patient_id, author=draft.author_id, parties=parties
    )
