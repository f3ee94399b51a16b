"""Notes and promises by who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from securebase.clinic.care.emergency import KEPT_HERE, emergencies_of
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.notes.models import Note, NoteDraft, ProcessNote, Promise
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User


def drafts_visible_to(user: User, *, at: datetime) -> QuerySet[NoteDraft]:
    """Return one's own drafts, and those open to colleagues who treat the same person."""
    own = Thing(Category.PROGRESS, author=user.pk)
    party = Thing(Category.PROGRESS, parties=frozenset({user.pk}))
    write = Action.WRITE
    return NoteDraft.objects.filter(
        Q(author=user, patient__in=patients_open_to(user, own, at=at, action=write))
        | Q(together=True, patient__in=patients_open_to(user, party, at=at, action=write))
    )


def notes_visible_to(user: User, *, at: datetime) -> QuerySet[Note]:
    """Return the signed notes this person may read; a patient's own once released."""
    signed = Thing(Category.PROGRESS, signed=True)
    released = Thing(Category.PROGRESS, signed=True, released=True)
    return Note.objects.filter(
        Q(patient__in=patients_open_to(user, signed, at=at))
        | Q(release_at__lte=at, patient__in=patients_open_to(user, released, at=at))
    )


def notes_open_in_emergency(user: User, *, at: datetime) -> QuerySet[Note]:
    """Return the signed notes that an emergency access opens, on its own page alone."""
    signed = Thing(Category.PROGRESS, signed=True)
    open_here = patients_open_to(user, signed, at=at, keeping=KEPT_HERE)
    held = emergencies_of(user, at=at).values("patient")
    found = Note.objects.filter(patient__in=open_here).filter(patient__in=held)
    return found.select_related("author").order_by("-signed_at")


def process_notes_visible_to(user: User, *, at: datetime) -> QuerySet[ProcessNote]:
    """Return one's own process notes on people in one's care; nobody else's, ever."""
    own = Thing(Category.PROCESS, author=user.pk)
    return ProcessNote.objects.filter(
        author=user, patient__in=patients_open_to(user, own, at=at)
    )


def promises_visible_to(user: User, *, at: datetime) -> QuerySet[Promise]:
    """Return the promises made to people whose calendar this person may see."""
    when = Thing(Category.SCHEDULE)
    return Promise.objects.filter(patient__in=patients_open_to(user, when, at=at))


def open_promises(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """Return those of some promises that wait to be kept."""
    return promises.filter(kept_at__isnull=True, released_at__isnull=True)
