"""A wording on its way in: pasted or as a file, checked item for item, never guessed.

The library ships no text for many instruments. A practice that holds a copy it may use
gives its lines here; they become a wording only if they fit the definition exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from securebase.science import definition
from securebase.science.cards import read_toml
from securebase.science.checks import misfits
from securebase.science.errors import BadInput, ContentError
from securebase.science.words import Instrument, Item, Wording

NUMBERED = re.compile(r"^\s*(?P<id>[A-Za-z]?\d{1,3}[a-z]?)\s*[.):\t]\s*(?P<text>.+)$")
LABEL = re.compile(r"^\s*(?P<value>-?\d{1,3})\s*[=:.)\t]\s*(?P<label>.+)$")
LONGEST_LINE = 1000
"""Characters of one question, at most."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody declared when they attached a wording; ``pack`` names one, if one."""

    words: str
    source: str
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A wording as somebody pasted it: one question to a line, one label to a line."""

    language: str
    instruction: str
    questions: str
    labels: str
    """Lines such as ``0 = Not at all``; under ``[name]`` where there are several scales."""


def wording_from(asked: Instrument, pasted: Pasted) -> Wording:
    r"""Make a wording of pasted lines.

    Parameters
    ----------
    asked : Instrument
        The definition; its items say how many lines there are and in which order.
    pasted : Pasted
        The lines. A line may begin with the item's number; then the number must be right.

    Returns
    -------
    Wording
        Fit for ``unfit``, which looks at what lines alone cannot tell.

    Raises
    ------
    BadInput
        If lines are too many, too few, out of order or too long: says which. Also where
        several boxes stand under one question.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> lines = Pasted("en", "", "1. How upset are you now?", "0 = not at all\n10 = most")
    >>> wording_from(instrument("sud"), lines).items
    {'1': 'How upset are you now?'}
    """
    if any(item.group for item in asked.items):
        raise BadInput(
            f"{asked.name} puts several boxes under one question, which lines cannot tell. "
            "Give a file, with [groups] for the questions and [items] for the boxes."
        )
    return Wording(
        language=pasted.language,
        title=asked.name,
        instruction=pasted.instruction.strip(),
        items=_questions(asked, pasted.questions),
        answers=_labels(asked, pasted.labels),
    )


def wording_of_file(raw: bytes, *, name: str) -> Wording:
    """Read a wording from a file in the library's own form (TOML, UTF-8).

    Raises
    ------
    BadInput
        If the file is not usable: says where and why.
    """
    try:
        table = read_toml(raw.decode("utf-8-sig"), name=name)
        return definition.build_wording(table, where=name)
    except UnicodeDecodeError as fault:
        raise BadInput(f"{name}: not UTF-8 at byte {fault.start}. Save it as UTF-8.") from None
    except ContentError as fault:
        raise BadInput(str(fault)) from None


def unfit(asked: Instrument, wording: Wording) -> list[str]:
    """Return everything about a wording that does not fit its definition, in sentences."""
    return list(misfits(asked, wording))


def text_of(wording: Wording) -> dict[str, object]:
    """Return a wording as plain tables, as a wording file holds it."""
    return {
        "language": wording.language,
        "title": wording.title,
        "instruction": wording.instruction,
        "about": wording.about,
        "content_note": wording.content_note,
        "groups": dict(wording.groups),
        "items": dict(wording.items),
        "answers": {
            scale: {str(value): label for value, label in labels.items()}
            for scale, labels in wording.answers.items()
        },
    }


def scales_to_label(asked: Instrument) -> dict[str, Item]:
    """Return the answer scales that need labels, each with an item that uses it."""
    found: dict[str, Item] = {}
    for item in asked.items:
        if item.kind != "text":
            found.setdefault(item.scale, item)
    return found


def _questions(asked: Instrument, lines: str) -> dict[str, str]:
    given = [line.strip() for line in lines.splitlines() if line.strip()]
    if len(given) != len(asked.items):
        raise BadInput(
            f"{asked.name} has {len(asked.items)} questions and {len(given)} lines were given. "
            "Give each question a line of its own, in the authors' order."
        )
    return {
        item.id: _question(item, line, number)
        for number, (item, line) in enumerate(zip(asked.items, given, strict=True), 1)
    }


def _question(item: Item, line: str, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise BadInput(f"Line {number} has {len(line)} characters; at most {LONGEST_LINE}.")
    found = NUMBERED.match(line)
    if found is None:
        return line
    if found["id"].casefold() != item.id.casefold():
        raise BadInput(
            f"Line {number} begins with {found['id']}, and question {item.id} belongs there. "
            "Put the questions in the authors' order."
        )
    return found["text"].strip()


def _labels(asked: Instrument, lines: str) -> dict[str, dict[int, str]]:
    scales = list(scales_to_label(asked))
    here = scales[0] if len(scales) == 1 else ""
    labels: dict[str, dict[int, str]] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        if line.startswith("[") and line.endswith("]"):
            here = _scale(line[1:-1].strip(), scales)
            continue
        found = LABEL.match(line)
        if found is None or (not here and len(scales) > 1):
            raise BadInput(_how_to_label(line, scales))
        labels.setdefault(here, {})[int(found["value"])] = found["label"].strip()
    return labels


def _scale(name: str, scales: Sequence[str]) -> str:
    if name not in scales:
        raise BadInput(f"There are no answers called [{name}]; there are {_named(scales)}.")
    return name


def _how_to_label(line: str, scales: Sequence[str]) -> str:
    above = f" under a line with {_named(scales)}" if len(scales) > 1 else ""
    return f"{line!r} is no answer label. Write 0 = Not at all, one to a line{above}."


def _named(scales: Sequence[str]) -> str:
    return ", ".join(f"[{scale}]" for scale in scales)
