"""The clinician of record is told by mail that a record was opened in an emergency.

In neutral words: a mailbox may be shared or watched. What happened stands on Today.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail

from securebase.clinic.care.models import Emergency
from securebase.clinic.care.queries import bond_of_record
from securebase.jobs.lease import claimed, enter, put_back, settle

WORK = "tell emergency"
LOOK_BACK = timedelta(hours=24)
"""An access this recent is entered if it is not yet; older ones stand on Today anyway."""
SUBJECT = "Something waits for you"
WORDS = """Hello,

Something on your first page asks for a look today:

{link}
"""


def tell_emergencies(*, at: datetime) -> int:
    """Send what is owed about new emergency accesses; return how many mails went out."""
    for emergency in Emergency.objects.filter(since__gt=at - LOOK_BACK, since__lte=at):
        enter(
            key=f"{WORK} {emergency.pk}",
            work=WORK,
            about={"emergency": str(emergency.pk)},
            due_at=emergency.since,
        )
    sent = 0
    for duty in claimed(work=WORK, at=at):
        address = _address(duty.about["emergency"], at=at)
        try:
            if address:
                _send(address)
                sent += 1
        except OSError as trouble:
            put_back(duty, at=at, trouble=trouble)
        else:
            settle(duty, at=at)
    return sent


def _address(pk: str, *, at: datetime) -> str:
    """Return where the clinician of record is told; nothing once it was reviewed."""
    waiting = Emergency.objects.filter(pk=pk, reviewed_at__isnull=True)
    emergency = waiting.select_related("patient").first()
    bond = bond_of_record(emergency.patient, at=at) if emergency else None
    return bond.clinician.email if bond and bond.clinician.is_active else ""


def _send(address: str) -> None:
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/desk/"
    send_mail(SUBJECT, WORDS.format(link=link), settings.DEFAULT_FROM_EMAIL, [address])
