"""Notes left unfinished by somebody who does not treat the person any more.

The clinician of record sees that there is one, takes it over, and then finishes or drops
it. The words stay sealed to them until they have taken it over, and the trail says so.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.notes.actions import hold_draft
from securebase.clinic.notes.models import NoteDraft
from securebase.clinic.notes.policies import can_write, check_can_write
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb


def check_can_take_over(user: User, draft: NoteDraft, *, at: datetime) -> None:
    """Raise unless this is the clinician of record, and the author treats no longer."""
    check_can_write(user, draft.patient, at=at)
    bond = bond_of_record(draft.patient, at=at)
    if bond is None or bond.clinician_id != user.pk:
        raise PermissionDenied("Only the clinician of record takes over a note left behind.")
    if can_write(draft.author, draft.patient, at=at):
        raise PermissionDenied("Its author still treats this person. Ask them to finish it.")


def can_take_over(user: User, draft: NoteDraft, *, at: datetime) -> bool:
    """Whether this clinician may take over the draft."""
    return granted(check_can_take_over, user, draft, at=at)


def drafts_left_to(user: User, patient: Patient, *, at: datetime) -> list[NoteDraft]:
    """Return the drafts on a patient that this clinician may take over, without words."""
    others = NoteDraft.objects.filter(patient=patient).exclude(author=user).defer("text")
    return [
        draft
        for draft in others.select_related("patient", "author")
        if can_take_over(user, draft, at=at)
    ]


@transaction.atomic
def take_over(*, draft: NoteDraft, by: User, at: datetime) -> NoteDraft:
    """Become the author of a note that was left, to finish it or to drop it."""
    held = hold_draft(draft)
    check_can_take_over(by, held, at=at)
    own = NoteDraft.objects.filter(author=by, session=held.session_id)
    if held.session_id is not None and own.exists():
        raise ValidationError(
            "You have begun a note for this session too. Sign or drop yours, then take this "
            "one over."
        )
    held.author, held.together = by, False
    held.save(update_fields=["author", "together"])
    trail.record(Verb.NOTE_TAKE_OVER, by=by, at=at, patient=held.patient_id, about=held)
    return held
