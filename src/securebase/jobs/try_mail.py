"""Once a day a letter goes to the hosts by the way all letters go, to see that mail works.

That the mail server accepted it is kept and shown. That it arrived only the host can
see: who misses the letter one day knows that something stands still.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from securebase.jobs.hosts import write_to_hosts
from securebase.jobs.outcome import Outcome
from securebase.people.post.delivery import Written
from securebase.people.post.models import Letter

KIND = "test"
SUBJECT = "Mail works"
WORDS = """Hello,

This letter comes once a day, by the same way as every other. There is nothing to do.

On the day it does not come, please look here:

{link}
"""


def try_mail(*, at: datetime) -> Outcome:
    """Enter today's test letter to each host."""
    count = write_to_hosts(kind=KIND, name=f"{at:%Y-%m-%d}", about={}, at=at, days=1)
    if not count:
        return Outcome("no host can sign in yet, so there is nobody to write to")
    return Outcome(f"{count} letters entered")


def write_test(letter: Letter, at: datetime) -> Written | None:
    """Write the test letter."""
    if letter.account is None:
        return None
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/keep/health/"
    return Written(letter.account.email, SUBJECT, WORDS.format(link=link))
