"""The items of a Questionnaire, ours or anybody's, as items and wording of science.

Only what can be answered and kept here is read; a question of another kind refuses the
whole form, and what is understood but has no place is a loss, told with its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from securebase.exchange.fhir import names
from securebase.exchange.fhir.names import Resource, ours
from securebase.science.errors import BadInput
from securebase.science.words import Item

MOST_ITEMS = 500
ITEM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}|[0-9]{1,4}[A-Za-z0-9_]{0,8}")

_DROPPED = ("required", "prefix", "_prefix", "maxLength", "definition", "id")
_WORKED_OUT = ("decimal", "integer", "quantity", "string", "boolean")
_KNOWN = {
    names.ORDINAL, names.WEIGHT, names.VARIABLE, names.HIDDEN, names.CONTROL, names.STEP,
    names.LOWEST, names.HIGHEST, names.CALCULATED, names.EXTRACT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worked:
    """An item that is worked out from others: its link, path and the resource itself."""

    link: str
    path: str
    resource: Resource


@dataclass(slots=True)
class Form:
    """What was read of a form's items."""

    items: list[Item] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[int, str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    """The words over the tick boxes of a form of ours, by group."""
    shown: dict[str, str] = field(default_factory=dict)
    """Texts that ask nothing, by linkId."""
    ids: dict[str, str] = field(default_factory=dict)
    """Our item ids by linkId."""
    worked: list[Worked] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


def read_items(form: Resource) -> Form:
    """Read every item of a Questionnaire.

    Raises
    ------
    BadInput
        If a question is of a kind that cannot be kept, an answer has no whole number to
        count by, or a linkId comes twice; the message gives the path.
    """
    found = Form()
    for path, item in _flat(form.get("item"), "item", found):
        link = _text(item, "linkId", path)
        if link in found.ids or link in found.shown or link in {w.link for w in found.worked}:
            raise BadInput(f"{path}.linkId: {link!r} is given twice. Each must be its own.")
        if extension(item, names.CALCULATED) is not None or extension(item, ours("outcome")):
            found.worked.append(Worked(link, path, item))
        elif item.get("type") == "display":
            found.shown[link] = str(item.get("text", ""))
        else:
            _question(found, link, item, path)
        _unknown_extensions(item, path, found)
    if not found.items:
        raise BadInput("item: no question that can be answered. A form needs at least one.")
    return found


def extension(part: Resource, url: str) -> Resource | None:
    """Return the first extension of that address, None if there is none."""
    return next((e for e in extensions(part) if e.get("url") == url), None)


def extensions(part: Resource) -> list[Resource]:
    """Return the extensions of a part, whatever stands there that is none left out."""
    listed = part.get("extension")
    return [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []


def _flat(items: Any, path: str, found: Form) -> Iterator[tuple[str, Resource]]:
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise BadInput(f"{path}: must be a list of items.")
    for n, item in enumerate(items):
        where = f"{path}[{n}]"
        if item.get("type") == "group":
            _group(item, where, found)
            yield from _flat(item.get("item", []), f"{where}.item", found)
            continue
        if len(found.items) > MOST_ITEMS:
            raise BadInput(f"{where}: more than {MOST_ITEMS} questions. Bring fewer.")
        yield where, item
        if item.get("item") and item.get("type") != "integer":
            raise BadInput(f"{where}.item: a question below a question is not kept here.")


def _group(item: Resource, where: str, found: Form) -> None:
    """Keep the words over the tick boxes of a form of ours; of others, say what is lost."""
    if item.get("enableWhen"):
        raise BadInput(f"{where}.enableWhen: a group that hides is not kept here.")
    text = item.get("text")
    if _boxed(item):
        if isinstance(text, str) and text:
            found.groups[_text(item, "linkId", where)] = text
        return
    found.losses.append(f"{where}: a group; its questions are kept, not the group.")
    if isinstance(text, str):
        found.shown.setdefault(f"group {where}", text)


def _boxed(item: Resource) -> bool:
    """Whether a group holds tick boxes of ours, each of which says so."""
    parts = item.get("item")
    boxes = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    said = [
        part.get("valueString")
        for box in boxes
        for part in extensions(extension(box, ours("item")) or {})
        if part.get("url") == "group"
    ]
    return bool(said) and said == [item.get("linkId")] * len(boxes)


def _question(found: Form, link: str, item: Resource, path: str) -> None:
    kind = item.get("type")
    readers = {"choice": _choice, "integer": _line, "boolean": _yes_no}
    item_id = _id_for(found, link)
    labels: dict[int, str] = {}
    if kind in ("text", "string"):
        made = Item(item_id, 0, 0, kind="text", scored=False)
    elif kind in readers:
        if item.get("repeats") is True:
            raise BadInput(f"{path}.repeats: one answer to a question can be scored here.")
        made, labels = readers[kind](item_id, item, path)
    else:
        raise BadInput(
            f"{path}.type: {kind!r} cannot be kept. Allowed are choice, integer, boolean, "
            "string, text, display and group."
        )
    found.losses += [f"{path}.{key}: not kept." for key in _DROPPED if key in item]
    if any(e.get("url") != names.TRANSLATION for e in extensions(item.get("_text", {}))):
        found.losses.append(f"{path}._text: only translations are kept.")
    found.ids[link] = item_id
    text = item.get("text")
    if isinstance(text, str) and text:
        found.texts[item_id] = text
    found.items.append(_named(made, item, labels, found, path))


def _id_for(found: Form, link: str) -> str:
    if ITEM_ID.fullmatch(link) and link not in found.ids.values():
        return link
    number = len(found.items) + 1
    while str(number) in found.ids.values():
        number += 1
    found.losses.append(f"linkId {link!r} is called {number} here.")
    return str(number)


def _named(made: Item, item: Resource, labels: dict[int, str], found: Form, path: str) -> Item:
    """Give the item its answer set, its code and what it waits for."""
    kept = extension(item, ours("item")) or {}
    facts = {p.get("url"): p for p in extensions(kept)}
    values: dict[str, Any] = {"loinc": loinc_of(item)}
    if made.kind != "text" or "scale" in facts:
        own = facts.get("scale", {}).get("valueString")
        values["scale"] = own if isinstance(own, str) else _set_for(found, labels)
    if labels:
        found.labels.setdefault(values["scale"], {}).update(labels)
    for name in ("safety", "scored"):
        given = facts.get(name, {}).get("valueBoolean")
        if isinstance(given, bool):
            values[name] = given
    group = facts.get("group", {}).get("valueString")
    if isinstance(group, str):
        values["group"] = group
    values["asked_if"] = _gate(item, found, path)
    return Item(**{f: getattr(made, f) for f in made.__slots__} | values)


def _set_for(found: Form, labels: dict[int, str]) -> str:
    for name, known in found.labels.items():
        if known == labels:
            return name
    return f"answers{len(found.labels) + 1}"


def _choice(item_id: str, item: Resource, path: str) -> tuple[Item, dict[int, str]]:
    options = item.get("answerOption")
    if not isinstance(options, list) or len(options) < 2:  # noqa: PLR2004
        raise BadInput(
            f"{path}.answerOption: at least two answers must stand in the form itself; a "
            "list of answers kept elsewhere (answerValueSet) is not fetched."
        )
    labels: dict[int, str] = {}
    codes: list[int] = []
    for n, option in enumerate(options):
        where = f"{path}.answerOption[{n}]"
        coding = option.get("valueCoding") if isinstance(option, dict) else None
        if not isinstance(coding, dict):
            raise BadInput(f"{where}: must be a valueCoding.")
        value = weight_of(option, coding, path=where)
        if value in codes:
            raise BadInput(f"{where}: weight {value} is given twice. Each must be its own.")
        codes.append(value)
        if isinstance(coding.get("display"), str):
            labels[value] = coding["display"]
    low, high = min(codes), max(codes)
    gaps = () if len(codes) == high - low + 1 else tuple(sorted(codes))
    return Item(item_id, low, high, codes=gaps), labels


def weight_of(option: Resource, coding: Resource, *, path: str = "answerOption") -> int:
    """Return what an answer counts; refuse two that differ, none, or a fraction."""
    found = {
        e.get("valueDecimal", e.get("valueInteger"))
        for part in (option, coding)
        for e in extensions(part)
        if e.get("url") in (names.ORDINAL, names.WEIGHT)
    }
    if len(found) != 1:
        raise BadInput(
            f"{path}: {len(found)} weights; give each answer one, as itemWeight or "
            "ordinalValue."
        )
    value = found.pop()
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise BadInput(f"{path}: weight {value!r}; it must be a whole number.")
    return int(value)


def _line(item_id: str, item: Resource, path: str) -> tuple[Item, dict[int, str]]:
    ends = []
    for url, what in ((names.LOWEST, "minValue"), (names.HIGHEST, "maxValue")):
        value = (extension(item, url) or {}).get("valueInteger")
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"{path}: no {what} (a whole number); a number needs its ends.")
        ends.append(value)
    low, high = ends
    if low >= high:
        raise BadInput(f"{path}: minValue {low} must be below maxValue {high}.")
    step = (extension(item, names.STEP) or {}).get("valueInteger", 1)
    if isinstance(step, bool) or not isinstance(step, int) or not 1 <= step <= high - low:
        raise BadInput(f"{path}: a step of {step!r} does not fit {low} to {high}.")
    codes = tuple(range(low, high + 1, step)) if step > 1 and high - low <= 1000 else ()  # noqa: PLR2004
    labels = {}
    for n, part in enumerate(item.get("item") or []):
        label, text = _end(part, f"{path}.item[{n}]", low, high)
        labels[label] = text
    return Item(item_id, low, high, kind="slider", codes=codes), labels


def _end(part: Any, path: str, low: int, high: int) -> tuple[int, str]:
    """Return the value and the words of one mark on a line."""
    if isinstance(part, dict) and part.get("type") == "display":
        value = mark_of(part, low, high)
        if value is not None and isinstance(part.get("text"), str):
            return value, part["text"]
    raise BadInput(f"{path}: below a number only the words at its ends are kept.")


def mark_of(part: Resource, low: int, high: int) -> int | None:
    """Return the value on a line that a mark stands at, None if it says none."""
    concept = (extension(part, names.CONTROL) or {}).get("valueCodeableConcept") or {}
    codes = [c.get("code") for c in concept.get("coding", []) if isinstance(c, dict)]
    last = str(part.get("linkId", "")).rsplit(".", 1)[-1]
    middle = int(last) if re.fullmatch(r"-?[0-9]{1,6}", last) else None
    ends: dict[Any, int] = {"lower": low, "upper": high}
    return ends.get(codes[0] if codes else None, middle)


def _yes_no(item_id: str, _item: Resource, _path: str) -> tuple[Item, dict[int, str]]:
    return Item(item_id, 0, 1), {0: "No", 1: "Yes"}


def _gate(item: Resource, found: Form, path: str) -> str | None:
    waits = item.get("enableWhen")
    if not waits:
        return None
    only = waits[0] if isinstance(waits, list) and len(waits) == 1 else None
    if isinstance(only, dict):
        gate = found.ids.get(str(only.get("question")))
        item_of = {i.id: i for i in found.items}.get(gate or "")
        if item_of is not None and _opens(only, item_of):
            return item_of.id
    raise BadInput(
        f"{path}.enableWhen: only 'asked unless an earlier answer is the lowest' is kept "
        "here. Scored as it stands, a hidden question would count as missing."
    )


def _opens(only: Resource, gate: Item) -> bool:
    answer = only.get("answerInteger", only.get("answerBoolean"))
    coding = only.get("answerCoding")
    if isinstance(coding, dict):
        code = str(coding.get("code"))
        answer = int(code) if re.fullmatch(r"-?[0-9]{1,6}", code) else None
    if only.get("operator") == "!=":
        return answer is not None and answer == gate.low
    binary = not gate.codes and gate.high == gate.low + 1
    return only.get("operator") == "=" and binary and answer == gate.high


def loinc_of(item: Resource) -> str | None:
    """Return the code of LOINC that a part carries, None if it has none."""
    codes = item.get("code")
    for code in codes if isinstance(codes, list) else []:
        if code.get("system") == names.LOINC:
            return str(code.get("code"))
    return None


def _text(item: Resource, key: str, path: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{path}.{key}: missing. It must be a text.")
    return value


def _unknown_extensions(item: Resource, path: str, found: Form) -> None:
    for each in extensions(item):
        url = str(each.get("url"))
        if url not in _KNOWN and not url.startswith(names.OURS):
            found.losses.append(f"{path}.extension {url!r}: not known here, not kept.")
