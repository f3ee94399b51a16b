"""The clinician of record is told by mail that a record was opened in an emergency.

In neutral words: a mailbox may be shared or watched. What happened stands on Today.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from securebase.clinic.care.models import Emergency
from securebase.clinic.care.queries import bond_of_record
from securebase.people.post.delivery import Written
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter

KIND = "emergency"
SUBJECT = "Something waits for you"
WORDS = """Hello,

Something on your first page asks for a look today:

{link}
"""


def tell_emergency(emergency: Emergency, *, at: datetime) -> None:
    """Enter the letter about an access; it goes at any hour, until the review is due."""
    letter = Letter(
        key=f"{KIND} {emergency.pk}",
        kind=KIND,
        about={"emergency": str(emergency.pk)},
        due_at=at,
        not_after=emergency.review_by,
    )
    enter([letter])


def write_emergency(letter: Letter, at: datetime) -> Written | None:
    """Write to whoever is clinician of record now; nothing once it was reviewed."""
    waiting = Emergency.objects.filter(pk=letter.about["emergency"], reviewed_at__isnull=True)
    emergency = waiting.select_related("patient").first()
    bond = bond_of_record(emergency.patient, at=at) if emergency else None
    if bond is None or not bond.clinician.is_active:
        return None
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/desk/"
    return Written(bond.clinician.email, SUBJECT, WORDS.format(link=link))
