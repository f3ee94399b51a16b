"""The post: whether letters leave, which ones wait, and whether the daily test went through."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from securebase.people.post.models import Letter
from securebase.people.post.queries import PostFacts, last_of, post_facts
from securebase.stories.stock.fact import Fact, day

MAIL_GOES_NOWHERE = ("console", "dummy", "locmem", "filebased")
SHOWN = timedelta(days=7)
"""How long a letter that is maybe sent, or failed, stays on the host's page."""
TEST = "test"
STATES = {Letter.State.MAYBE.value: "maybe sent", Letter.State.FAILED.value: "failed"}


def stays_here() -> bool:
    """Whether letters are only written to this machine."""
    return settings.EMAIL_BACKEND.rsplit(".", 2)[-2] in MAIL_GOES_NOWHERE


def mail_facts(*, at: datetime) -> list[Fact]:
    """Return what there is to say of the post."""
    facts = post_facts(at=at, since=at - SHOWN)
    return [_way(facts), _letters(facts), *_test(at)]


def _way(facts: PostFacts) -> Fact:
    if stays_here():
        then = "Invitations cannot leave by mail. Set EMAIL_URL, or hand links over yourself."
        return Fact("Mail", "look", "Messages stay on this machine.", then)
    way = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    last = f"last accepted {day(facts.last_sent_at)}" if facts.last_sent_at else "none sent yet"
    if facts.overdue_since:
        kinds = f" ({facts.trouble})" if facts.trouble else ""
        then = "See the how-to page on what to do when mail stops."
        says = f"Failing since {day(facts.overdue_since)}{kinds}; {last}."
        return Fact("Mail", "now", says, then)
    return Fact("Mail", "settled", f"Sent through {way}; {last}.")


def _letters(facts: PostFacts) -> Fact:
    waiting = f"{facts.waiting} waiting"
    unsure = [f"{number} {STATES[state]} ({kind})" for state, kind, number in facts.kinds]
    says = f"{', '.join([waiting, *unsure])}."
    if not unsure:
        return Fact("Letters", "settled", says)
    then = "None is sent again by itself. Whoever waits for a link can ask for another."
    return Fact("Letters", "look", says, then)


def _test(at: datetime) -> list[Fact]:
    """Say what became of the daily test letter; nothing where mail stays here."""
    if stays_here():
        return []
    name, letter = "Test letter", last_of(TEST)
    if letter is None:
        return [Fact(name, "look", "None was sent yet.", "The worker sends one each morning.")]
    if letter.sent_at and at - letter.sent_at < timedelta(days=2):
        says = f"Accepted {day(letter.sent_at)}, in {letter.took_ms} milliseconds."
        return [Fact(name, "settled", f"{says} That it arrived, your mailbox shows.")]
    says = f"The one of {letter.due_at:%d %b %Y} is {letter.get_state_display()}."
    return [Fact(name, "look", says, "See the how-to page on what to do when mail stops.")]
