"""Our own form of an instrument: one folder, TOML; read from anywhere and written."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from securebase.exchange.files.bounded import read_text
from securebase.exchange.files.brought import Brought
from securebase.science import definition
from securebase.science.cards import read_toml
from securebase.science.errors import BadInput, ContentError
from securebase.science.library import DEFINITION
from securebase.science.words import Instrument, Outcome, Wording

MOST_FILES = 30
_TABLES = ("items", "groups", "answers")
_APART = ("licence", "outcomes", "wordings", "digest")


def read_native(place: Path) -> Brought:
    """Return the instrument of a folder, or of a single ``instrument.toml``.

    Raises
    ------
    BadInput
        If it cannot be read as a definition.
    """
    folder = place if place.is_dir() else None
    main = place / DEFINITION if folder else place
    losses = [] if folder else ["wording: a single file was given; its folder holds the text."]
    try:
        table = read_toml(read_text(main), name=main.name)
        made = definition.build(table, where=main.name, digest="")
        wordings = {}
        for file in _wordings(folder):
            words = definition.build_wording(
                read_toml(read_text(file), name=file.name), where=file.name
            )
            wordings[words.language] = words
    except ContentError as fault:
        raise BadInput(str(fault)) from None
    if folder:
        known = {DEFINITION, *(f.name for f in _wordings(folder))}
        rest = sorted(f.name for f in folder.iterdir() if f.name not in known)
        losses += [f"{name}: not a definition and not a wording, not kept." for name in rest]
    made = dataclasses.replace(made, wordings=wordings)
    return Brought(made, tuple(losses), "native", made.licence.statement)


def written_definition(asked: Instrument) -> str:
    """Return the ``instrument.toml`` of an instrument; reading it gives the same again."""
    plain = [f for f in dataclasses.fields(asked) if f.name not in _APART]
    lists = [f for f in plain if isinstance(getattr(asked, f.name), tuple)]
    lines = list(_pairs(asked, [f for f in plain if f not in lists]))
    lines += ["", "[licence]", *_pairs(asked.licence, dataclasses.fields(asked.licence))]
    for each in lists:
        for entry in getattr(asked, each.name):
            lines += ["", f"[[{each.name}]]", *_pairs(entry, dataclasses.fields(entry))]
    for outcome in asked.outcomes:
        lines += ["", "[[outcomes]]", *_outcome(outcome)]
    return "\n".join(lines) + "\n"


def written_wording(wording: Wording) -> str:
    """Return the wording file of one language."""
    plain = [f for f in dataclasses.fields(wording) if f.name not in _TABLES]
    lines = [*_pairs(wording, plain)]
    for name, texts in (("groups", wording.groups), ("items", wording.items)):
        if texts or name == "items":
            lines += ["", f"[{name}]"]
            lines += [f"{_text(key)} = {_text(text)}" for key, text in texts.items()]
    for scale, labels in wording.answers.items():
        lines += ["", f"[answers.{_text(scale)}]"]
        lines += [f'"{value}" = {_text(label)}' for value, label in labels.items()]
    return "\n".join(lines) + "\n"


def _wordings(folder: Path | None) -> list[Path]:
    files = sorted(folder.glob("*.toml")) if folder else []
    if len(files) > MOST_FILES:
        raise BadInput(f"{folder}: {len(files)} files; at most {MOST_FILES}.")
    return [file for file in files if file.name != DEFINITION]


def _pairs(noun: Any, fields: Any) -> Iterator[str]:
    for each in fields:
        value = getattr(noun, each.name)
        if each.default_factory is not dataclasses.MISSING and not value:
            continue
        if value is not None and value != each.default:
            yield f"{each.name} = {_value(value)}"


def _outcome(outcome: Outcome) -> Iterator[str]:
    fields = dataclasses.fields(outcome)
    yield from _pairs(outcome, [f for f in fields if f.name not in ("cases", "otherwise")])
    cases = [f"  {{ when = {_text(w)}, gives = {_value(g)} }}," for w, g in outcome.cases]
    yield from ("cases = [", *cases, "]", f"otherwise = {_value(outcome.otherwise)}")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def _text(text: str) -> str:
    """Return a text as TOML writes it; JSON escapes all that TOML must, but DEL."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
