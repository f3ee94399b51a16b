"""What FHIR has no field for, kept as our own extensions field by field, and read again.

A noun becomes one extension; each of its fields that is not at its default becomes a part
named like the field. So a file we wrote gives back the definition it was written from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from securebase.exchange.fhir.names import Resource, ours
from securebase.science.errors import BadInput

LISTS = ("tuple", "frozenset")
"""How the annotation of a field begins that holds more than one value."""


def written(name: str, noun: Any, *, leave_out: Collection[str] = ()) -> Resource:
    """Return one noun of science as an extension.

    Parameters
    ----------
    name : str
        What the extension is called among ours.
    noun : dataclass
        For instance a Scale.
    leave_out : collection of str
        Fields that FHIR has a place for elsewhere.

    Returns
    -------
    dict
        An extension with one part for each value.
    """
    parts: list[Resource] = []
    for each in dataclasses.fields(noun):
        value = getattr(noun, each.name)
        if each.name not in leave_out and value != _default(each):
            many = str(each.type).startswith(LISTS)
            values = (
                (sorted(value) if isinstance(value, frozenset) else value) if many else [value]
            )
            parts += [_part(each.name, one) for one in values]
    return {"url": ours(name), "extension": parts}


def read(extension: Resource, noun: type, *, path: str) -> dict[str, Any]:
    """Return the table that an extension was written from, as a TOML file would have it.

    Raises
    ------
    BadInput
        If a part holds no value of a kind we write, or one field comes twice.
    """
    many = {each.name for each in dataclasses.fields(noun) if str(each.type).startswith(LISTS)}
    table: dict[str, Any] = {}
    for part in extension.get("extension") or []:
        name, value = str(part.get("url")), _value(part, path=path)
        if name in many:
            table.setdefault(name, []).append(value)
        elif name in table:
            raise BadInput(f"{path}: {name} is given twice. Keep one.")
        else:
            table[name] = value
    return table


def _default(each: dataclasses.Field[Any]) -> Any:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default


def _part(name: str, value: Any) -> Resource:
    if isinstance(value, tuple):
        return {"url": name, "extension": [_part("of", one) for one in value]}
    if dataclasses.is_dataclass(value):
        return {**written(name, value), "url": name}
    return {"url": name, **_valued(value)}


def _valued(value: Any) -> Resource:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, float):
        return {"valueDecimal": value}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    return {"valueString": str(value)}


def _value(part: Mapping[str, Any], *, path: str) -> Any:
    where = f"{path}, {part.get('url')}"
    if isinstance(part.get("extension"), list):
        inner = [p for p in part["extension"] if isinstance(p, dict)]
        if all(p.get("url") == "of" for p in inner):
            return [_value(p, path=where) for p in inner]
        return {str(p.get("url")): _value(p, path=where) for p in inner}
    found = [key for key in part if key.startswith("value")]
    if len(found) != 1:
        raise BadInput(f"{where}: {len(found)} values; there must be one.")
    value = part[found[0]]
    if found[0] == "valueDate":
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise BadInput(f"{where}: {value!r} is no date such as 2026-11-23.") from None
    return value
