"""What each piece of work by the clock reaches of people, said once and checked.

No person asks for it, so the decision on access has nobody to decide about: nothing of
it is shown to anybody here. What it makes is shown later, by pages that ask that
decision. A piece of work that is not named here fails the build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from securebase.clinic.checkins.clock import open_due
from securebase.jobs.anchor import anchor_trail, write_anchor
from securebase.jobs.digest import enter_digests, write_digest
from securebase.jobs.look_through import look_through
from securebase.jobs.new_keys import renew_keys
from securebase.jobs.nightly import make_backup
from securebase.jobs.remind import enter_reminders, write_reminder
from securebase.jobs.try_mail import try_mail, write_test
from securebase.people.access.words import Action, Category
from securebase.people.accounts.tidy import tidy
from securebase.people.post.delivery import deliver
from securebase.stories.keep_out import write_part_ended
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from securebase.stories.notice_silence import notice_silence
from securebase.stories.send_answer import write_answer
from securebase.stories.send_invitation import write_invitation
from securebase.stories.send_way_in import write_way_in
from securebase.stories.tell_emergency import write_emergency
from securebase.stories.tell_sign_in import write_guesses, write_sign_in_changed


@dataclass(frozen=True, slots=True)
class Reach:
    """What work reads of people, whether it also writes, and what for."""

    categories: frozenset[Category]
    action: Action
    why: str


def _reads(why: str, *categories: Category) -> Reach:
    return Reach(frozenset(categories), Action.READ, why)


def _writes(why: str, *categories: Category) -> Reach:
    return Reach(frozenset(categories), Action.WRITE, why)


TO = Category.IDENTITY
"""A letter reaches an address, and its words reach nothing else."""

REACHES: Mapping[Callable[..., Any], Reach] = {
    open_due: _writes("opens the check-ins that were agreed", Category.SCHEDULE),
    enter_reminders: _reads("says that a check-in is open", Category.SCHEDULE),
    notice_silence: _writes(
        "closes what was not answered, and tells the clinician of silence",
        Category.SCHEDULE,
        Category.MEASURE,
    ),
    notice_open_ruptures: _writes(
        "reminds the clinician of a strain that is not mended",
        Category.PROGRESS,
        Category.MEASURE,
    ),
    deliver: _reads("hands letters to the mail server", TO),
    tidy: _writes("drops kept words and sign-ins whose time is over", TO),
    anchor_trail: _reads("keeps the head of the trail", Category.AUDIT),
    make_backup: _reads("copies everything as it is kept, sealed", *Category),
    look_through: _reads("checks that what is kept is whole", *Category),
    renew_keys: _writes("wraps the keys anew, and opens nothing that they seal", *Category),
    enter_digests: _reads("looks whether something waits for a clinician", Category.MEASURE),
    write_digest: _reads("says that something waits, in neutral words", TO),
    try_mail: _reads("writes to the hosts themselves", TO),
    write_anchor: _reads("carries the head of the trail to the hosts", TO, Category.AUDIT),
    write_reminder: _reads("reminds, in neutral words", TO, Category.SCHEDULE),
    write_answer: _reads("says that an answer waits, in neutral words", TO),
    write_guesses: _reads("says that somebody tried to sign in", TO),
    write_invitation: _reads("carries a link, in neutral words", TO),
    write_way_in: _reads("carries a link, in neutral words", TO),
    write_emergency: _reads("says that something waits, in neutral words", TO),
    write_part_ended: _reads("says that something waits, in neutral words", TO),
    write_sign_in_changed: _reads("says that a sign-in was changed, and not how", TO),
    write_test: _reads("shows that mail goes out", TO),
}
