"""What a bridge plan says: its days, and four parts in words. Pure: no database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError

MOST_WORDS = 2000
"""Characters in one part: about a page of handwriting."""
LONGEST = timedelta(days=366)
"""A break that lasts longer is a change of therapist, which is another plan."""
BREAK, ENDING = "break", "ending"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is written for the patient; every part may be empty but the first."""

    expect: str = ""
    """What happens in this time, and what may be hard about it."""
    turn_to: str = ""
    """Whom to turn to, and how to reach them."""
    note: str = ""
    """A note from the therapist, in their own voice."""
    contact: str = ""
    """How the first contact afterwards happens, or how a later one may."""

    def trimmed(self) -> Parts:
        """Return the parts without the space around them."""
        return replace(self, **{name: text.strip() for name, text in asdict(self).items()})


@dataclass(frozen=True, slots=True)
class Span:
    """From which day to which: a break has a last day and a first contact, an ending not."""

    kind: str
    first_day: date
    last_day: date | None = None
    contact_on: date | None = None


NAMES = tuple(field.name for field in fields(Parts))


def check_parts(parts: Parts) -> None:
    """Raise unless it says what to expect, and no part is too long to be read."""
    problems = {
        name: f"{len(text)} characters; write at most {MOST_WORDS} here."
        for name, text in asdict(parts).items()
        if len(text) > MOST_WORDS
    }
    if not parts.expect:
        problems["expect"] = "Say what happens in this time: the patient reads it first."
    if problems:
        raise ValidationError(problems)


def check_span(span: Span) -> None:
    """Raise unless the days make sense together."""
    first, last, contact = span.first_day, span.last_day, span.contact_on
    if span.kind == BREAK and last is None:
        raise ValidationError({"last_day": "A break has a last day; choose it."})
    if last is not None and not first <= last <= first + LONGEST:
        raise ValidationError(
            {"last_day": f"{last} is not within a year from {first}; choose a day that is."}
        )
    if contact is not None and contact < (last or first):
        raise ValidationError(
            {"contact_on": f"{contact} is before the end; the first contact comes after it."}
        )
