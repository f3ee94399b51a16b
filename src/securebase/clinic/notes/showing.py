"""Showing one process note to one's supervisor, and taking that back.

The author alone decides, note by note. It is open while the contract holds, the author is
clinician of record, and neither has changed their mind; each reading leaves a row.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from securebase.clinic.care.models import Care, Supervision
from securebase.clinic.care.opening import PLAIN, check_may, patients_open_to
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.care.supervision import supervisees_of
from securebase.clinic.notes.apart import hold_apart
from securebase.clinic.notes.models import ProcessNote
from securebase.people.access.words import Action, Category, Obligation, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

BY_INITIALS = PLAIN | {Obligation.INITIALS}
SHOWN = Thing(Category.PROCESS, shared=True)
NOBODY = "Choose somebody who supervises your work with this person now."


def check_can_show(user: User, note: ProcessNote, *, at: datetime) -> None:
    """Raise unless this is the author, who alone shows a process note to anybody."""
    theirs = Thing(Category.PROCESS, about=note.patient_id, author=note.author_id)
    check_may(user, Action.SHARE, theirs, at=at)


def can_show(user: User, note: ProcessNote, *, at: datetime) -> bool:
    """Whether this person may show the process note to a supervisor, or stop it."""
    return granted(check_can_show, user, note, at=at)


def check_can_read_shown(user: User, note: ProcessNote, *, at: datetime) -> None:
    """Raise unless the note is shown to this supervisor, and the contract holds."""
    if not notes_shown_to(user, at=at).filter(pk=note.pk).exists():
        raise PermissionDenied("This note is not shown to you now.")


def can_read_shown(user: User, note: ProcessNote, *, at: datetime) -> bool:
    """Whether the note is shown to this supervisor now."""
    return granted(check_can_read_shown, user, note, at=at)


def supervisors_for(note: ProcessNote, *, at: datetime) -> list[User]:
    """Return those who supervise the author's work with this person now."""
    held = Supervision.objects.filter(open_bonds(at), supervisee=note.author_id)
    return [
        contract.supervisor
        for contract in held.select_related("supervisor").order_by("since")
        if _work_of_record(contract.supervisor, at=at).filter(pk=note.pk).exists()
    ]


def notes_shown_to(user: User, *, at: datetime) -> QuerySet[ProcessNote]:
    """Return the process notes that clinicians under supervision show to this person."""
    return _work_of_record(user, at=at).filter(shown_to=user)


@transaction.atomic
def show_apart(*, note: ProcessNote, supervisor: User, by: User, at: datetime) -> ProcessNote:
    """Show one process note to one's supervisor, until it is taken back."""
    held = hold_apart(note)
    check_can_show(by, held, at=at)
    if supervisor not in supervisors_for(held, at=at):
        raise ValidationError({"supervisor": NOBODY})
    if held.shown_to_id == supervisor.pk:
        return held
    held.shown_to, held.shown_at = supervisor, at
    held.save(update_fields=["shown_to", "shown_at"])
    trail.record(Verb.PROCESS_SHOW, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def hide_apart(*, note: ProcessNote, by: User, at: datetime) -> ProcessNote:
    """Stop showing a process note; it is closed to the supervisor at once."""
    held = hold_apart(note)
    check_can_show(by, held, at=at)
    if held.shown_to_id is None:
        return held
    held.shown_to = held.shown_at = None
    held.save(update_fields=["shown_to", "shown_at"])
    trail.record(Verb.PROCESS_HIDE, by=by, at=at, patient=held.patient_id, about=held)
    return held


@transaction.atomic
def read_shown(*, note: ProcessNote, by: User, at: datetime) -> None:
    """Put on the trail that a supervisor read a process note shown to them."""
    check_can_read_shown(by, note, at=at)
    trail.record(Verb.PROCESS_READ, by=by, at=at, patient=note.patient_id, about=note)


def _work_of_record(supervisor: User, *, at: datetime) -> QuerySet[ProcessNote]:
    """Return the process notes on work that this person supervises, shown or not."""
    of_record = Care.objects.filter(
        open_bonds(at),
        part=Care.Part.OF_RECORD,
        patient=OuterRef("patient"),
        clinician=OuterRef("author"),
    )
    open_here = patients_open_to(supervisor, SHOWN, at=at, keeping=BY_INITIALS)
    written = ProcessNote.objects.filter(
        Exists(of_record),
        author__in=supervisees_of(supervisor, at=at).values("supervisee"),
        patient__in=open_here,
    )
    return written.exclude(patient__account=supervisor)
