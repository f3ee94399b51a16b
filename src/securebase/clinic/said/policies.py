"""Who may keep, bring, send, read and answer words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.opening import check_may
from securebase.clinic.care.policies import is_own_record
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.said.models import Brought, Message
from securebase.people.access.words import Action, Category, Kind, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted


def parties_of(patient: Patient, *, at: datetime) -> frozenset[UUID]:
    """Return who is in the talk: the patient, and whoever treats them."""
    treating = (Care.Part.OF_RECORD, Care.Part.ALSO)
    bonds = Care.objects.filter(open_bonds(at), patient=patient, part__in=treating)
    people = set(bonds.values_list("clinician", flat=True))
    return frozenset(people | ({patient.account_id} if patient.account_id else set()))


def check_can_write_own(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless these are the words of whoever asks: a draft, a feeling, a note."""
    own = Thing(Category.MESSAGE, patient.pk, author=patient.account_id, kind=Kind.DRAFT)
    if not is_own_record(user, patient):
        raise PermissionDenied("Only the person whose record this is writes here.")
    check_may(user, Action.WRITE, own, at=at)


def can_write_own(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether these are the words of whoever asks."""
    return granted(check_can_write_own, user, patient, at=at)


def check_can_read_message(user: User, message: Message, *, at: datetime) -> None:
    """Raise unless this person is somebody the words were sent to, and not who sent them."""
    if message.patient.account_id == user.pk:
        raise PermissionDenied("These are your own words; somebody else reads them.")
    check_may(user, Action.READ, _thread(message.patient, at=at), at=at)


def can_read_message(user: User, message: Message, *, at: datetime) -> bool:
    """Whether this person is somebody the words were sent to."""
    return granted(check_can_read_message, user, message, at=at)


def check_can_answer(user: User, message: Message, *, at: datetime) -> None:
    """Raise unless this clinician treats the patient and the message has no answer yet.

    Whoever stands in reads; the answer comes from whoever treats.
    """
    check_can_read_message(user, message, at=at)
    check_may(user, Action.WRITE, _thread(message.patient, at=at), at=at)
    if hasattr(message, "answer"):
        raise PermissionDenied("This was answered already. The patient has your words.")


def can_answer(user: User, message: Message, *, at: datetime) -> bool:
    """Whether this clinician may answer now."""
    return granted(check_can_answer, user, message, at=at)


def check_can_note_done(user: User, brought: Brought, *, at: datetime) -> None:
    """Raise unless the patient, or a clinician who treats them, notes it, and only once."""
    check_may(user, Action.WRITE, _thread(brought.patient, at=at), at=at)
    if brought.done_at is not None:
        raise PermissionDenied("It is noted already that you talked about this.")


def can_note_done(user: User, brought: Brought, *, at: datetime) -> bool:
    """Whether this person may note that it was talked about."""
    return granted(check_can_note_done, user, brought, at=at)


def _thread(patient: Patient, *, at: datetime) -> Thing:
    return Thing(Category.MESSAGE, patient.pk, parties=parties_of(patient, at=at))
