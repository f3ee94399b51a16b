"""Once a day the head of the trail is kept, and mailed to the host to keep elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail

from securebase.jobs.lease import claimed, enter, put_back, settle
from securebase.people.accounts.models import Role
from securebase.people.accounts.queries import open_accounts
from securebase.people.audit.anchors import drop_anchor

WORK = "anchor"
SUBJECT = "A number to keep"
WORDS = """Hello,

Please keep this mail. One day it may show that a file was not changed:

{anchor}

How to use it: securebase verify --anchor {short}
"""


def anchor_trail(*, at: datetime) -> int:
    """Keep today's head if there is none yet, and send the mails that are due."""
    anchor = drop_anchor(at=at)
    if anchor is not None and _hosts():
        about = {"anchor": f"{anchor.number}:{anchor.head}"}
        enter(key=f"{WORK} {anchor.day}", work=WORK, about=about, due_at=at)
    sent = 0
    for duty in claimed(work=WORK, at=at):
        try:
            sent += _tell(duty.about["anchor"])
        except OSError as trouble:
            put_back(duty, at=at, trouble=trouble)
        else:
            settle(duty, at=at)
    return sent


def _tell(anchor: str) -> int:
    number, _, head = anchor.partition(":")
    words = WORDS.format(anchor=anchor, short=f"{number}:{head[:16]}")
    addresses = _hosts()
    for address in addresses:
        send_mail(SUBJECT, words, settings.DEFAULT_FROM_EMAIL, [address])
    return len(addresses)


def _hosts() -> list[str]:
    """Return where hosts are reached who have chosen a way to sign in."""
    hosts = open_accounts().filter(
        roles_held__role=Role.HOST.value, roles_held__until__isnull=True
    )
    return [host.email for host in hosts if host.has_usable_password()]
