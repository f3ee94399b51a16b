"""A patient keeps somebody out; whoever counted on that person is told at once.

Otherwise a clinician would go on leave and count on a cover who sees nothing. The letter
is neutral: a mailbox may be shared. What happened stands on Today.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from securebase.clinic.care import exclusion
from securebase.clinic.care.exclusion import parts_ended
from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Exclusion, Patient
from securebase.clinic.care.queries import bond_of_record
from securebase.people.accounts.models import User
from securebase.people.post.delivery import Written
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter

KIND = "part ended"
SUBJECT = "Something waits for you"
WORDS = """Hello,

Something on your first page asks for a look before your next absence:

{link}
"""


@transaction.atomic
def keep_out(*, patient: Patient, person: User, by: User, at: datetime) -> Exclusion:
    """Keep somebody out, and tell the clinician of record if that ended a part in the care.

    Who entered it themselves knows, and reads it on Today as well.
    """
    line = exclusion.keep_out(patient=patient, person=person, by=by, at=at)
    bond = bond_of_record(patient, at=at)
    if bond is None or bond.clinician_id == by.pk or not _waits(line, bond.clinician, at=at):
        return line
    letter = Letter(
        key=f"{KIND} {line.pk}",
        kind=KIND,
        account=bond.clinician,
        about={"exclusion": str(line.pk)},
        due_at=at,
        not_after=at + limits().ended,
    )
    enter([letter])
    return line


def write_part_ended(letter: Letter, at: datetime) -> Written | None:
    """Write to the clinician of record; nothing once another colleague covers."""
    line = Exclusion.objects.filter(pk=letter.about["exclusion"]).first()
    account = letter.account
    if line is None or account is None or not _waits(line, account, at=at):
        return None
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/desk/"
    return Written(account.email, SUBJECT, WORDS.format(link=link))


def _waits(line: Exclusion, clinician: User, *, at: datetime) -> bool:
    """Whether the clinician's Today still tells of what this exclusion ended."""
    ended = parts_ended(clinician, at=at)
    return ended.filter(patient=line.patient_id, clinician=line.person_id).exists()
