"""Keeping words, bringing them to a session, sending them, reading and answering them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.said.models import UNTOUCHED, About, Answer, Brought, Draft, Message
from securebase.clinic.said.policies import (
    check_can_answer,
    check_can_note_done,
    check_can_read_message,
    check_can_write_own,
)
from securebase.clinic.said.promise import promise_for
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

LONGEST_TITLE = 80
LONGEST_WORDS = 6000
NOBODY_READS = "Nobody is named to read it yet. Your words are kept. Please ask your practice."
EMPTY = "There are no words here yet. Write a few, or keep it for later."


class ChangedElsewhere(ValidationError):
    """The draft was changed on another page since this one was opened."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("This was changed on another page since you opened it.")
        self.draft = draft
        """The draft as it is kept now."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of a draft: its version, and which opening of the page it was."""

    version: int
    page: UUID | None = None

    def is_of(self, draft: Draft) -> bool:
        """Whether nobody else has changed the draft since."""
        own = self.page is not None and draft.kept_from == self.page
        return own or draft.version == self.version


@dataclass(frozen=True, slots=True)
class Words:
    """A title and words as they were written, within what can be kept."""

    title: str
    words: str

    def __post_init__(self) -> None:
        """Refuse more than can be kept."""
        for what, given, most in (
            ("title", self.title, LONGEST_TITLE),
            ("text", self.words, LONGEST_WORDS),
        ):
            if len(given) > most:
                raise ValidationError(
                    f"The {what} has {len(given)} characters; {most} can be kept. "
                    "Make it shorter."
                )


@transaction.atomic
def begin_draft(*, patient: Patient, about: str, by: User, at: datetime) -> Draft:
    """Return an empty page to write on, for the patient alone; one left empty is used again."""
    check_can_write_own(by, patient, at=at)
    empty = Draft.objects.filter(patient=patient, about=About(about), version=UNTOUCHED)
    draft = empty.first()
    if draft is None:
        draft = Draft.objects.create(
            patient=patient, about=About(about), begun_at=at, kept_at=at
        )
        trail.record(Verb.SAID_KEEP, by=by, at=at, patient=patient.pk, about=draft)
    return draft


@transaction.atomic
def keep_draft(*, draft: Draft, said: Words, seen: Seen, by: User, at: datetime) -> Draft:
    """Keep words in place of those that were seen; refused if there are newer ones."""
    check_can_write_own(by, draft.patient, at=at)
    draft = _held(draft)
    if (draft.title, draft.words) == (said.title, said.words):
        return draft
    if not seen.is_of(draft):
        raise ChangedElsewhere(draft)
    draft.title, draft.words = said.title, said.words
    draft.version, draft.kept_from, draft.kept_at = draft.version + 1, seen.page, at
    draft.save(update_fields=["title", "words", "version", "kept_from", "kept_at"])
    trail.record(Verb.SAID_KEEP, by=by, at=at, patient=draft.patient_id, about=draft)
    return draft


@transaction.atomic
def throw_away(*, draft: Draft, by: User, at: datetime) -> None:
    """Throw a draft away, and with it what it brought to a session."""
    check_can_write_own(by, draft.patient, at=at)
    trail.record(Verb.SAID_THROW_AWAY, by=by, at=at, patient=draft.patient_id, about=draft)
    draft.delete()


@transaction.atomic
def bring(*, draft: Draft, whole: bool, by: User, at: datetime) -> Brought:
    """Let the clinician see, before a session, the title of a draft, or all of it."""
    check_can_write_own(by, draft.patient, at=at)
    draft = _held(draft)
    if whole and not draft.words.strip():
        raise ValidationError(EMPTY)
    Brought.objects.filter(draft=draft).delete()
    brought = Brought.objects.create(
        patient=draft.patient,
        draft=draft,
        about=draft.about,
        title=draft.title,
        words=draft.words if whole else "",
        whole=whole,
        brought_at=at,
    )
    trail.record(Verb.SAID_BRING, by=by, at=at, patient=draft.patient_id, about=brought)
    return brought


@transaction.atomic
def take_back(*, brought: Brought, by: User, at: datetime) -> None:
    """Take back what was to be brought; the draft stays."""
    check_can_write_own(by, brought.patient, at=at)
    trail.record(Verb.SAID_TAKE_BACK, by=by, at=at, patient=brought.patient_id, about=brought)
    brought.delete()


@transaction.atomic
def note_done(*, brought: Brought, by: User, at: datetime) -> Brought:
    """Note that what was brought has been talked about."""
    check_can_note_done(by, brought, at=at)
    brought.done_at = at
    brought.save(update_fields=["done_at"])
    trail.record(Verb.SAID_DONE, by=by, at=at, patient=brought.patient_id, about=brought)
    return brought


@transaction.atomic
def send(*, draft: Draft, seen: Seen, wants_answer: bool, by: User, at: datetime) -> Message:
    """Send a draft as it was seen; sending it again changes nothing.

    Raises
    ------
    ChangedElsewhere
        If it is not what was shown any more.
    ValidationError
        If it has no words, or nobody is named to read them.
    """
    check_can_write_own(by, draft.patient, at=at)
    sent = Message.objects.filter(pk=draft.pk).first()
    if sent is not None:
        return sent
    draft = _held(draft)
    if not seen.is_of(draft):
        raise ChangedElsewhere(draft)
    if not draft.words.strip():
        raise ValidationError(EMPTY)
    promise = promise_for(draft.patient, at=at)
    if promise is None:
        raise ValidationError(NOBODY_READS)
    message = Message.objects.create(
        pk=draft.pk,
        patient=draft.patient,
        about=draft.about,
        title=draft.title,
        words=draft.words,
        sent_at=at,
        due_at=promise.read_by,
        answer_due_at=promise.answer_by if wants_answer else None,
    )
    draft.delete()
    trail.record(Verb.MESSAGE_SEND, by=by, at=at, patient=message.patient_id, about=message)
    return message


@transaction.atomic
def read_message(*, message: Message, by: User, at: datetime) -> Message:
    """Open a message as somebody it was sent to; the first time is kept with who and when."""
    check_can_read_message(by, message, at=at)
    message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    if message.read_at is None:
        message.read_at, message.read_by = at, by
        message.save(update_fields=["read_at", "read_by"])
    trail.record(Verb.MESSAGE_READ, by=by, at=at, patient=message.patient_id, about=message)
    return message


@transaction.atomic
def answer(*, message: Message, words: str, by: User, at: datetime) -> Answer:
    """Write back; an answer is given once and stands as it was given."""
    message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    check_can_answer(by, message, at=at)
    if not words.strip():
        raise ValidationError("The answer is empty. Write a few words; the patient waits.")
    if message.read_at is None:
        message.read_at, message.read_by = at, by
        message.save(update_fields=["read_at", "read_by"])
    given = Answer.objects.create(
        message=message,
        patient=message.patient,
        words=Words(title="", words=words.strip()).words,
        answered_by=by,
        answered_at=at,
    )
    trail.record(Verb.MESSAGE_ANSWER, by=by, at=at, patient=message.patient_id, about=message)
    return given


@transaction.atomic
def see_answer(*, message: Message, by: User, at: datetime) -> None:
    """Note that the patient has opened the answer, so that it is not new any more."""
    check_can_write_own(by, message.patient, at=at)
    Answer.objects.filter(message=message, seen_at__isnull=True).update(seen_at=at)


def _held(draft: Draft) -> Draft:
    """Return the draft as it is kept now, held until this is done; gone is gone."""
    found = (
        Draft.objects.select_for_update(no_key=True, of=("self",)).filter(pk=draft.pk).first()
    )
    if found is None:
        raise PermissionDenied("This draft is gone: it was sent or thrown away meanwhile.")
    return found
