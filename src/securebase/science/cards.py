"""Cards: small Markdown files with TOML on top, read strictly.

People edit cards by hand, so a slip is certain to happen; a card that is not exactly
of its form is refused with the file, the place and what would be right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from securebase.content import content_file
from securebase.science.errors import ContentError

if TYPE_CHECKING:
    pass

FENCE = "+++"
_BULLET = re.compile(r"^(?:\d+\.|-|>)\s+")


@dataclass(frozen=True, slots=True)
class Card:
    """One file as read: its front matter and its sections, not yet understood."""

    name: str
    """Folder and file, for messages: ``strategies/repair-log.md``."""
    front: Mapping[str, Any]
    sections: Mapping[str, str]

    @property
    def slug(self) -> str:
        """The file's name without its ending: what everything else calls the card."""
        return self.name.rsplit("/", 1)[-1].removesuffix(".md")

    def refuse(self, reason: str) -> ContentError:
        """Return the error that names this file and ``reason``, ready to be raised."""
        return ContentError(f"{self.name}: {reason}")


def read_toml(text: str, *, name: str) -> dict[str, Any]:
    """Parse TOML and name the file if it cannot be read.

    Raises
    ------
    ContentError
        If ``text`` is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # Also endless numbers and nesting.
        raise ContentError(f"{name}: not readable as TOML: {problem}.") from problem


def read_card(text: str, *, name: str, headings: tuple[str, ...]) -> Card:
    """Take one card apart.

    Parameters
    ----------
    text : str
        The whole file.
    name : str
        Folder and file, for messages.
    headings : tuple of str
        The ``##`` headings the card must have: all of them, in this order, no other.

    Returns
    -------
    Card
        Front matter as parsed, and the text under each heading, stripped.

    Raises
    ------
    ContentError
        If the fences are missing, the TOML cannot be read, a heading is missing, out
        of order or unknown, or a section is empty.
    """
    before, opened, rest = text.partition(f"{FENCE}\n")
    front, closed, body = rest.partition(f"{FENCE}\n")
    if before.strip() or not (opened and closed):
        raise ContentError(
            f"{name}: must begin with TOML between two lines of {FENCE}. Add them."
        )
    chunks = re.split(r"^## +(.+?) *$", body, flags=re.MULTILINE)
    found = tuple(chunks[1::2])
    if found != headings or chunks[0].strip():
        raise ContentError(
            f"{name}: headings are {', '.join(found) or 'none'}; they must be, in this "
            f"order and with nothing before them, {', '.join(headings)}."
        )
    sections = {h: words.strip() for h, words in zip(found, chunks[2::2], strict=True)}
    empty = [heading for heading, words in sections.items() if not words]
    if empty:
        raise ContentError(f"{name}: nothing under {', '.join(empty)}. Write it.")
    return Card(name=name, front=read_toml(front, name=name), sections=sections)


def read_folder(folder: str, *, headings: tuple[str, ...]) -> tuple[Card, ...]:
    """Read every ``.md`` card of one folder of content, in order of file name."""
    cards = [f for f in content_file(folder).iterdir() if f.name.endswith(".md")]
    return tuple(
        read_card(f.read_text(encoding="utf-8"), name=f"{folder}/{f.name}", headings=headings)
        for f in sorted(cards, key=lambda f: f.name)
    )


def check_keys(
    found: Mapping[str, Any],
    *,
    name: str,
    required: Mapping[str, type],
    optional: Mapping[str, type] | None = None,
) -> None:
    """Refuse a table that lacks a key, has one too many, or holds the wrong type.

    Raises
    ------
    ContentError
        Naming the key, what it holds and what it must hold.
    """
    allowed = {**required, **(optional or {})}
    missing = sorted(required.keys() - found.keys())
    unknown = sorted(found.keys() - allowed.keys())
    if missing or unknown:
        raise ContentError(
            f"{name}: missing keys: {', '.join(missing) or 'none'}; unknown keys: "
            f"{', '.join(unknown) or 'none'}. Known are {', '.join(sorted(allowed))}."
        )
    for key, value in found.items():
        if type(value) is not allowed[key]:
            raise ContentError(
                f"{name}: {key} is {value!r}; it must be a {allowed[key].__name__}."
            )


def check_one_of(value: object, allowed: Collection[str], *, what: str) -> str:
    """Return ``value`` if it is one of ``allowed``; refuse it by name otherwise."""
    if value not in allowed:
        raise ContentError(f"{what} is {value!r}; allowed are {', '.join(sorted(allowed))}.")
    return str(value)


def check_words(value: object, *, what: str) -> tuple[str, ...]:
    """Return a list of distinct, non-empty words as a tuple; refuse anything else."""
    words = value if isinstance(value, list) else [None]
    if not all(isinstance(word, str) and word for word in words):
        raise ContentError(f"{what} is {value!r}; it must be a list of words.")
    if len(set(words)) != len(words):
        raise ContentError(f"{what} names something twice: {value!r}. Keep one.")
    return tuple(words)


def check_minutes(card: Card, *, most: int) -> int:
    """Return the minutes of a card, from 1 to ``most``; refuse any other number."""
    minutes = card.front["minutes"]
    if not isinstance(minutes, int) or not 1 <= minutes <= most:
        raise card.refuse(
            f"minutes is {minutes!r}; it must be a whole number from 1 to {most}."
        )
    return minutes


def prose(text: str) -> str:
    """Return one section as a single line of running text."""
    return " ".join(text.split())


def entries(card: Card, heading: str, *, least: int, most: int) -> tuple[str, ...]:
    """Return the entries of a section written as a list or as quoted lines.

    An entry begins with ``1.``, ``-`` or ``>`` and runs on over indented lines.

    Raises
    ------
    ContentError
        If the section is not such a list, or has fewer or more entries than allowed.
    """
    found: list[str] = []
    for line in card.sections[heading].splitlines():
        if _BULLET.match(line):
            found.append(_BULLET.sub("", line).strip())
        elif found and line.startswith(" "):
            found[-1] += " " + line.strip()
        elif line.strip():
            raise card.refuse(
                f"under {heading}, {line!r} is not part of a list. Begin an entry with "
                "a number, - or >, and indent the lines that continue it."
            )
    if not least <= len(found) <= most:
        raise card.refuse(
            f"{len(found)} entries under {heading}; there must be {least} to {most}."
        )
    return tuple(found)
