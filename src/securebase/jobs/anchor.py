"""Once a day the head of the trail is kept, and mailed to the hosts to keep elsewhere."""

from __future__ import annotations

from datetime import datetime

from securebase.jobs.hosts import write_to_hosts
from securebase.jobs.outcome import Outcome
from securebase.people.audit.anchors import drop_anchor
from securebase.people.post.delivery import Written
from securebase.people.post.models import Letter

KIND = "anchor"
DAYS = 7
SUBJECT = "A number to keep"
WORDS = """Hello,

Please keep this mail. One day it may show that a file was not changed:

{anchor}

How to use it: securebase verify --anchor {short}
"""


def anchor_trail(*, at: datetime) -> Outcome:
    """Keep today's head if there is anything new to keep, and enter the letters about it."""
    anchor = drop_anchor(at=at)
    if anchor is None:
        return Outcome("nothing new on the trail since the last anchor")
    about = {"anchor": f"{anchor.number}:{anchor.head}"}
    count = write_to_hosts(kind=KIND, name=str(anchor.day), about=about, at=at, days=DAYS)
    return Outcome(f"row {anchor.number} kept, {count} letters entered")


def write_anchor(letter: Letter, at: datetime) -> Written | None:
    """Write the letter that carries one anchor."""
    if letter.account is None:
        return None
    number, _, head = letter.about["anchor"].partition(":")
    words = WORDS.format(anchor=letter.about["anchor"], short=f"{number}:{head[:16]}")
    return Written(letter.account.email, SUBJECT, words)
