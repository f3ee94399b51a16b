"""From the tables of one definition file to the nouns, refusing what has no place.

Each table becomes one frozen dataclass, key by key: a key the noun does not have, a
missing one, or a value of another kind is refused with file, table, key and value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from securebase.science.errors import ContentError
from securebase.science.words import (
    Band,
    Better,
    ChangeRule,
    Combine,
    Cutoff,
    Instrument,
    Item,
    Licence,
    Norm,
    Outcome,
    Reliability,
    Scale,
    Shelf,
    Source,
    Wording,
)

Table = Mapping[str, Any]
Noun = TypeVar("Noun")


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError
    return float(value)


def _exactly(kind: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError
        return value

    return convert


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError
    return tuple(value)


def _distinct(value: Any) -> frozenset[str]:
    words = _words(value)
    if len(set(words)) < len(words):
        raise ValueError
    return frozenset(words)


_KINDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "str": ("text in quotes", _exactly(str)),
    "str | None": ("text in quotes", _exactly(str)),
    "int": ("a whole number", _exactly(int)),
    "int | None": ("a whole number", _exactly(int)),
    "float": ("a number", _number),
    "bool": ("true or false", _exactly(bool)),
    "date | None": ("a date such as 2026-11-23", _exactly(date)),
    "tuple[str, ...]": ("a list of texts", _words),
    "frozenset[str]": ("a list of different texts", _distinct),
    "tuple[int, ...]": ("a list of whole numbers", lambda v: tuple(map(_exactly(int), v))),
    "tuple[tuple[float, ...], ...]": (
        "a list of rows of numbers",
        lambda v: tuple(tuple(map(_number, row)) for row in v),
    ),
    "tuple[float, ...]": ("a list of numbers", lambda v: tuple(map(_number, v))),
    "Better": ("lower, higher or neither", Better),
    "Combine": ("sum, mean, count or weighted", Combine),
    "Shelf": ("A, B, C, D or own", Shelf),
}
"""What a field may hold, by its annotation: how people write it, and how it is read."""

_LISTS: dict[str, type] = {
    "items": Item,
    "scales": Scale,
    "bands": Band,
    "cutoffs": Cutoff,
    "changes": ChangeRule,
    "reliabilities": Reliability,
    "norms": Norm,
    "sources": Source,
}


def build(table: Table, *, where: str, digest: str) -> Instrument:
    """Turn a whole definition file into an instrument without wording.

    Parameters
    ----------
    table : mapping
        The file as TOML gives it.
    where : str
        The file's name, for messages.
    digest : str
        SHA-256 of the file.

    Returns
    -------
    Instrument
        As written; whether its parts agree is for ``library`` to check.

    Raises
    ------
    ContentError
        If a key is missing, unknown or holds the wrong kind of value.
    """
    made: dict[str, Any] = {"digest": digest}
    for key, noun in _LISTS.items():
        made[key] = tuple(
            _noun(noun, entry, where=f"{where}, {key} {n}")
            for n, entry in enumerate(_tables(table, key, where=where), 1)
        )
    made["outcomes"] = tuple(
        _outcome(entry, where=f"{where}, outcomes {n}")
        for n, entry in enumerate(_tables(table, "outcomes", where=where), 1)
    )
    if not isinstance(table.get("licence"), dict):
        raise ContentError(f"{where}: a [licence] table with shelf and evidence is missing.")
    made["licence"] = _noun(Licence, table["licence"], where=f"{where}, licence")
    plain = {key: value for key, value in table.items() if key not in made}
    return _noun(Instrument, plain, where=where, made=made)


def build_wording(table: Table, *, where: str) -> Wording:
    """Turn one wording file into the words of one language.

    Raises
    ------
    ContentError
        If a key is missing, unknown or holds the wrong kind of value.
    """
    answers = table.get("answers", {})
    try:
        labels = {
            scale: {int(value): str(label) for value, label in entries.items()}
            for scale, entries in answers.items()
        }
    except (AttributeError, ValueError):
        raise ContentError(
            f"{where}: [answers.NAME] must map whole numbers to labels, such as "
            '0 = "Not at all".'
        ) from None
    made: dict[str, Any] = {"answers": labels}
    for key, what in (("items", "item"), ("groups", "group")):
        made[key] = table.get(key, {})
        if not _are_texts(made[key]):
            raise ContentError(f"{where}: [{key}] must map {what} ids to their text.")
    plain = {key: value for key, value in table.items() if key not in made}
    return _noun(Wording, plain, where=where, made=made)


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _tables(table: Table, key: str, *, where: str) -> list[Any]:
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise ContentError(f"{where}: {key} must be a list of tables, written [[{key}]].")
    return entries


def _outcome(entry: Table, *, where: str) -> Outcome:
    cases = _tables(entry, "cases", where=where)
    wrong = [case for case in cases if set(case) != {"when", "gives"}]
    if wrong or not cases:
        raise ContentError(
            f"{where}: cases must be a list of {{when = a rule, gives = its value}}."
        )
    pairs = tuple((str(case["when"]), _verdict(case["gives"], where)) for case in cases)
    made = {"cases": pairs, "otherwise": _verdict(entry.get("otherwise", False), where)}
    plain = {key: value for key, value in entry.items() if key not in made}
    return _noun(Outcome, plain, where=where, made=made)


def _verdict(value: Any, where: str) -> str | bool:
    if isinstance(value, str | bool):
        return value
    raise ContentError(f"{where}: a rule gives true, false or a text, not {value!r}.")


def _noun(
    noun: type[Noun], entry: Table, *, where: str, made: Mapping[str, Any] | None = None
) -> Noun:
    """Fill one noun from one table; ``made`` holds fields that are already in shape."""
    values = dict(made or {})
    fields = {f.name: f for f in dataclasses.fields(noun)}  # type: ignore[arg-type]
    for key, value in entry.items():
        kind = _KINDS.get(str(fields[key].type)) if key in fields else None
        if kind is None:
            allowed = sorted(set(fields) - set(values) - set(made or {}))
            raise ContentError(f"{where}: unknown key {key!r}. Known are {', '.join(allowed)}.")
        try:
            values[key] = kind[1](value)
        except (ValueError, TypeError):
            raise ContentError(f"{where}: {key} is {value!r}; it must be {kind[0]}.") from None
    missing = [
        name
        for name, f in fields.items()
        if name not in values
        and f.default is dataclasses.MISSING
        and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ContentError(f"{where}: {', '.join(missing)} missing.")
    return noun(**values)
