"""The parts of a formulation, and what each asks for. Pure: no database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.core.exceptions import ValidationError

MOST_WORDS = 2000
"""Characters in one part: about a page of handwriting."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What was written, part by part; every part may be empty.

    The first four are the pattern, the next three what to watch for, and the last three
    the window of tolerance in the patient's own words.
    """

    need: str = ""
    fear: str = ""
    strategy: str = ""
    cost: str = ""
    triggers: str = ""
    signs: str = ""
    helps: str = ""
    above: str = ""
    within: str = ""
    below: str = ""

    def __post_init__(self) -> None:
        """Refuse a part that is too long to be read together."""
        for name, text in asdict(self).items():
            if len(text) > MOST_WORDS:
                raise ValidationError(
                    {name: f"{len(text)} characters; write at most {MOST_WORDS} here."}
                )

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was written."""
        return not any(text.strip() for text in asdict(self).values())

    @property
    def has_window(self) -> bool:
        """Whether anything of the window of tolerance was written."""
        return any(text.strip() for text in (self.above, self.within, self.below))


NAMES = tuple(field.name for field in fields(Parts))
