"""The shape of the parts we read, looked at once, so that every reader may rely on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from securebase.exchange.fhir.names import Resource
from securebase.science.errors import BadInput


def _texts(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _part(value: Any) -> bool:
    return isinstance(value, dict)


def _parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


_CODES = ("coding", "valueCoding", "answerCoding")
"""Inside these a code is a text; elsewhere it is a list of codings."""

_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(
        ("linkId", "text", "type", "url", "system", "display", "title", "name", "version",
         "status", "language", "copyright", "description", "question", "operator",
         "expression", "questionnaire", "authored", "valueString", "valueDate", "id"),
        ("a text", _texts),
    ),
    **dict.fromkeys(("valueDecimal", "answerDecimal"), ("a number", _number)),
    **dict.fromkeys(("valueInteger", "answerInteger"), ("a whole number", _whole)),
    **dict.fromkeys(("valueBoolean", "answerBoolean"), ("true or false", _flag)),
    **dict.fromkeys(
        ("valueCoding", "answerCoding", "valueExpression", "valueCodeableConcept",
         "valueQuantity", "_text", "_title", "_description", "_display"),
        ("an object", _part),
    ),
    **dict.fromkeys(
        ("item", "extension", "answerOption", "enableWhen", "answer", "coding"),
        ("a list of objects", _parts),
    ),
}  # fmt: skip


def refuse_misshapen(resource: Resource) -> None:
    """Refuse a resource in which a part we read is not of its kind.

    Raises
    ------
    BadInput
        With the path of the first such part.
    """
    waiting: list[tuple[Any, str, str]] = [(resource, "", "")]
    while waiting:
        part, path, within = waiting.pop()
        if isinstance(part, list):
            waiting += [(one, f"{path}[{n}]", within) for n, one in enumerate(part)]
        if not isinstance(part, dict):
            continue
        for key, value in part.items():
            where = f"{path}.{key}".lstrip(".")
            what, fits = _kind(key, within)
            if not fits(value):
                raise BadInput(f"{where[:200]}: must be {what}.")
            waiting.append((value, where, key))


def _kind(key: str, within: str) -> tuple[str, Callable[[Any], bool]]:
    if key == "code":
        return ("a text", _texts) if within in _CODES else ("a list of codings", _code)
    return _KINDS.get(key, ("", lambda _value: True))


def _code(value: Any) -> bool:
    """Say if it is a list of codings, as an item has, or a text, as a quantity has."""
    return isinstance(value, str) or _parts(value)
