"""What a check-in asks: an instrument, or an instrument about one person.

An entry is written ``phq-9``, or ``ecr-rs@k1`` where it is about the person with the key
``k1``; the ref of a question begins with it, so that answers about two people never mix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from secrets import SystemRandom

from securebase.clinic.measurement.models import Target
from securebase.science.library import instrument
from securebase.science.words import Instrument

ABOUT = "@"
RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a check-in; ``key`` is that of the person it is about, or empty."""

    slug: str
    key: str = ""

    @property
    def name(self) -> str:
        """The entry as it is written."""
        return f"{self.slug}{ABOUT}{self.key}" if self.key else self.slug

    @property
    def instrument(self) -> Instrument:
        """The instrument that is asked."""
        return instrument(self.slug)

    def ref(self, item: str) -> str:
        """Return the ref of one of its questions."""
        return f"{self.name}.{item}"


def entry_of(name: str) -> Entry:
    """Read an entry, or the entry of a question's ref.

    Examples
    --------
    >>> entry_of("ecr-rs@k1.4").key
    'k1'
    """
    slug, _, key = name.partition(".")[0].partition(ABOUT)
    return Entry(slug, key)


def draw_orders(names: Iterable[str]) -> dict[str, list[str]]:
    """Draw a new item order for each entry whose authors ask for one."""
    drawn = {}
    for entry in map(entry_of, names):
        ids = [item.id for item in entry.instrument.items]
        if entry.instrument.order == RANDOM:
            SystemRandom().shuffle(ids)
            drawn[entry.name] = ids
    return drawn


def said_of(target: Target) -> str:
    """Return whom a question is about, as one says it to the patient."""
    whom = YOURS[Target.Kind(target.kind)]
    return f"{target.name} ({whom})" if target.name else whom


YOURS = {
    Target.Kind.MOTHER: "your mother or mother figure",
    Target.Kind.FATHER: "your father or father figure",
    Target.Kind.PARTNER: "your partner",
    Target.Kind.FRIEND: "your friend",
    Target.Kind.THERAPIST: "your therapist",
    Target.Kind.OTHER: "a person close to you",
}
