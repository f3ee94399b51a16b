"""Each morning, to clinicians who wished for it: a letter that something waits on Today.

It names nobody and nothing. Whoever has nothing waiting gets none, and none comes twice
for one day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from securebase.clinic.care.queries import patients_treated_by, the_practice
from securebase.clinic.guidance.models import Wishes
from securebase.jobs.outcome import Outcome
from securebase.people.accounts.models import Role, User
from securebase.people.post.delivery import Written
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter
from securebase.stories.open_today import waiting_signals

KIND = "digest"
GOOD_FOR = timedelta(hours=12)
SUBJECT = "Your day is ready"
WORDS = """Hello,

Something waits for you on your first page:

{link}

You get this letter because you asked for it. You can stop it on the same page.
"""


def enter_digests(*, at: datetime) -> Outcome:
    """Enter a letter to each clinician who wished for one and has something waiting."""
    wished = Wishes.objects.filter(digest=True).select_related("clinician")
    people = [one.clinician for one in wished if _has_something(one.clinician, at=at)]
    enter(_letter(person, at=at) for person in people)
    if not people:
        return Outcome("nobody wished for a letter and has something waiting")
    return Outcome(f"{len(people)} letters entered")


def write_digest(letter: Letter, at: datetime) -> Written | None:
    """Write the letter; nothing if it is not wished for or needed any more."""
    account, practice = letter.account, the_practice()
    if account is None or practice is None or not _wishes(account.pk):
        return None
    if not _has_something(account, at=at):
        return None
    link = f"{settings.SECUREBASE_BASE_URL.rstrip('/')}/desk/"
    words = WORDS.format(link=link)
    return Written(account.email, SUBJECT, words, by_day_in=practice.time_zone)


def _letter(person: User, *, at: datetime) -> Letter:
    return Letter(
        key=f"{KIND} {person.pk} {at:%Y-%m-%d}",
        kind=KIND,
        account=person,
        about={},
        due_at=at,
        not_after=at + GOOD_FOR,
    )


def _wishes(account: UUID) -> bool:
    return Wishes.objects.filter(clinician=account, digest=True).exists()


def _has_something(person: User, *, at: datetime) -> bool:
    if not (person.is_active and person.holds(Role.CLINICIAN)):
        return False
    return waiting_signals(patients_treated_by(person, at=at), at=at).exists()
