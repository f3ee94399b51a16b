"""What a file from outside became, before anything is kept: the preview of an import."""

from __future__ import annotations

import dataclasses
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from securebase.science.checks import complaints, raw_range, wording_complaints
from securebase.science.errors import BadInput, ContentError
from securebase.science.words import (
    Instrument,
    Item,
    Licence,
    Scale,
    Shelf,
    Source,
    Wording,
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_OF_A_SLUG = 60
NOT_STATED = "not stated"
SECONDS_AN_ITEM = 8
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Brought:
    """One instrument as a file gave it, and everything of the file that is not in it."""

    instrument: Instrument
    losses: tuple[str, ...]
    form: str
    """What the file was: FHIR, REDCap, OSD or native."""
    says: str
    """What the file says of its own rights."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a foreign file says of an instrument besides its questions and scores."""

    slug: str
    name: str
    version: str = "1"
    measures: str = NOT_STATED
    rights: str = ""
    source: str = ""
    loinc: str | None = None


def slug_of(name: str) -> str:
    """Return a name as the library would call it.

    Raises
    ------
    BadInput
        If nothing of the name is left.

    Examples
    --------
    >>> slug_of("PHQ-9 (Depression)")
    'phq-9-depression'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:MOST_OF_A_SLUG].strip("-")
    if not slug:
        raise BadInput(f"name: {name!r} has no letter or figure to be called by. Give --slug.")
    return slug


def foreign(
    facts: Facts, items: Sequence[Item], scales: Sequence[Scale], wording: Wording | None
) -> Instrument:
    """Return the instrument a foreign file describes: not validated, its rights open.

    Parameters
    ----------
    facts : Facts
        What the file says of it.
    items, scales : sequence
        As read; what is in no scale is marked as not scored, and every scale gets the
        range that its items give.
    wording : Wording or None
        Its text, if the file has any.

    Returns
    -------
    Instrument
        Checked by nobody yet: see ``refuse_unsound``.
    """
    used = {i for scale in scales for i in scale.items}
    known = {item.id: item for item in items}
    return Instrument(
        slug=facts.slug,
        version=facts.version,
        name=facts.name,
        measures=facts.measures,
        recall=NOT_STATED,
        minutes=max(1.0, round(len(items) * SECONDS_AN_ITEM / MINUTE, 1)),
        validated=False,
        items=tuple(dataclasses.replace(i, scored=i.id in used) for i in items),
        scales=tuple(_ranged(scale, known) for scale in scales),
        licence=Licence(
            Shelf.NO_TEXT, facts.rights or "The file states no licence.", facts.source
        ),
        sources=(Source("file", facts.source),),
        wordings={wording.language: wording} if wording else {},
        loinc=facts.loinc,
    )


def licensed(made: Instrument, note: str, *, on: date) -> Instrument:
    """Return it with the practice's word for showing its text, or without its text.

    Parameters
    ----------
    made : Instrument
        As read from a file.
    note : str
        Why the practice may show the text, empty if it does not say.
    on : date
        When this was declared.
    """
    if not note:
        return dataclasses.replace(made, wordings={})
    evidence = f"Declared when it was brought in: {note}"
    licence = dataclasses.replace(
        made.licence, shelf=Shelf.SHIP, evidence=evidence, checked_on=on
    )
    return dataclasses.replace(made, licence=licence)


def refuse_unsound(made: Instrument) -> None:
    """Refuse a definition that contradicts itself, as the library would.

    Raises
    ------
    BadInput
        With the first thing that is wrong.
    """
    if not SLUG.fullmatch(made.slug) or len(made.slug) > MOST_OF_A_SLUG:
        raise BadInput(
            f"slug: {made.slug!r} must be small letters, figures and single hyphens, at "
            f"most {MOST_OF_A_SLUG}. Give another with --slug."
        )
    shown = dataclasses.replace(
        made, licence=dataclasses.replace(made.licence, shelf=Shelf.SHIP)
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            found = list(complaints(made))
            for wording in made.wordings.values():
                found += wording_complaints(shown, wording)
    except (RecursionError, MemoryError):
        raise BadInput("definition: a rule is nested too deeply to be read.") from None
    except (ContentError, LookupError, ArithmeticError, ValueError) as fault:
        raise BadInput(f"definition: {fault}") from None
    if found:
        raise BadInput(f"definition: {found[0]}")


def _ranged(scale: Scale, known: dict[str, Item]) -> Scale:
    if not set(scale.items) <= set(known) or not scale.items:
        return scale
    low, high = raw_range(scale, known)
    return dataclasses.replace(scale, low=low, high=high)
