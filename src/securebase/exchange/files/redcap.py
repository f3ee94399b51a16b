"""A REDCap data dictionary as an instrument: single choices, sliders, text and sums."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from securebase.exchange.files.brought import Brought, Facts, foreign, slug_of
from securebase.exchange.files.linear import linear, scale_of
from securebase.science.errors import BadInput
from securebase.science.words import Item, Scale, Wording

MOST_ROWS = 500
LANGUAGE = "en"

_COLUMNS = {
    "variable / field name": "name", "field_name": "name",
    "form name": "form", "form_name": "form",
    "section header": "section", "section_header": "section",
    "field type": "type", "field_type": "type",
    "field label": "label", "field_label": "label",
    "choices, calculations, or slider labels": "choices",
    "select_choices_or_calculations": "choices",
    "field note": "note", "field_note": "note",
    "text validation type or show slider number": "validation",
    "text_validation_type_or_show_slider_number": "validation",
    "text validation min": "low", "text_validation_min": "low",
    "text validation max": "high", "text_validation_max": "high",
    "branching logic (show field only if...)": "branching", "branching_logic": "branching",
}  # fmt: skip
_NEEDED = ("name", "form", "type", "label", "choices")
_REF = re.compile(r"\[([a-z][a-z0-9_]*)\]")
_CHOICE = re.compile(r"\s*(-?[0-9]{1,6})\s*,\s*(.*?)\s*$", re.DOTALL)
_GATE = re.compile(r"""\s*\[([a-z][a-z0-9_]*)\]\s*(=|<>|!=)\s*['"]?(-?[0-9]{1,6})['"]?\s*""")

Row = Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    items: list[Item] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[int, str]] = field(default_factory=dict)
    sums: list[tuple[str, Row]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


def read_redcap(text: str, *, source: str) -> Brought:
    """Return the instrument that a data dictionary describes.

    Parameters
    ----------
    text : str
        The CSV as REDCap exports it, one form.
    source : str
        Where it came from, in words.

    Raises
    ------
    BadInput
        If a row cannot be kept or a calculation cannot be scored; the row is named.
    """
    rows = _rows(text)
    forms = sorted({row["form"] for row in rows})
    if len(forms) != 1 or not forms[0]:
        raise BadInput(f"Form Name: {len(forms)} forms ({', '.join(forms)[:80]}). Bring one.")
    found = _Reading()
    for n, row in enumerate(rows, 2):
        _read(found, row, f"row {n}, {row['name'][:40] or 'no name'}")
    known = {item.id: item for item in found.items if item.kind != "text"}
    scales = [_scale(where, row, known, found) for where, row in found.sums]
    if not scales:
        raise BadInput("Field Type: no calc, so no score is worked out and none can be kept.")
    name = forms[0].replace("_", " ")
    wording = Wording(LANGUAGE, name, " ".join(found.shown), found.texts, found.labels)
    facts = Facts(slug_of(forms[0]), name, measures=name, source=source)
    found.losses.append(f"language: not in the file; taken as {LANGUAGE}.")
    made = foreign(facts, found.items, scales, wording)
    return Brought(made, tuple(found.losses), "REDCap", "")


def _rows(text: str) -> list[dict[str, str]]:
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        raise BadInput(f"not readable as CSV: {fault}.") from None
    if not table:
        raise BadInput("the file is empty. A data dictionary has a head and rows.")
    heads = [_COLUMNS.get(cell.strip().strip('"').lower(), "") for cell in table[0]]
    missing = [name for name in _NEEDED if name not in heads]
    if missing:
        raise BadInput(
            f"row 1: no column for {', '.join(missing)}. A data dictionary has Variable / "
            "Field Name, Form Name, Field Type, Field Label and Choices."
        )
    if len(table) > MOST_ROWS:
        raise BadInput(f"{len(table)} rows; at most {MOST_ROWS}.")
    found = []
    for n, cells in enumerate(table[1:], 2):
        if len(cells) != len(heads):
            raise BadInput(f"row {n}: {len(cells)} cells where the head has {len(heads)}.")
        found.append({h: c.strip() for h, c in zip(heads, cells, strict=True) if h})
    return found


def _read(found: _Reading, row: Row, where: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", row["name"]):
        raise BadInput(f"{where}: a name is small letters, figures and underscores.")
    if row["name"] in {item.id for item in found.items} | {r["name"] for _, r in found.sums}:
        raise BadInput(f"{where}: the name is given twice. Each must be its own.")
    for key in ("section", "note"):
        if row.get(key):
            found.losses.append(f"{where}: its {key} is not kept.")
    if row["type"] == "descriptive":
        found.shown.append(row["label"])
    elif row["type"] == "calc":
        found.sums.append((where, row))
    else:
        _question(found, row, where)


def _question(found: _Reading, row: Row, where: str) -> None:
    readers = {
        "radio": _choice,
        "dropdown": _choice,
        "yesno": _yes_no,
        "truefalse": _yes_no,
        "slider": _slider,
        "text": _text,
        "notes": _text,
    }
    if row["type"] not in readers:
        raise BadInput(
            f"{where}: a field of type {row['type'][:40]!r} cannot be kept. Allowed are "
            f"{', '.join(readers)}, calc and descriptive."
        )
    item, labels = readers[row["type"]](row, where)
    gate = _gate(found, row, where)
    kept = {f: getattr(item, f) for f in item.__slots__}
    if labels:
        same = [name for name, known in found.labels.items() if known == labels]
        kept["scale"] = same[0] if same else f"answers{len(found.labels) + 1}"
        found.labels[kept["scale"]] = labels
    found.items.append(Item(**kept | {"asked_if": gate}))
    found.texts[item.id] = row["label"]


def _choice(row: Row, where: str) -> tuple[Item, dict[int, str]]:
    labels: dict[int, str] = {}
    for part in row["choices"].split("|"):
        match = _CHOICE.match(part)
        if not match:
            raise BadInput(f"{where}: choice {part.strip()[:40]!r}; write 0, Not at all | ...")
        if int(match[1]) in labels:
            raise BadInput(f"{where}: code {match[1]} is given twice. Each must be its own.")
        labels[int(match[1])] = match[2]
    codes = tuple(sorted(labels))
    low, high = codes[0], codes[-1]
    gaps = () if len(codes) == high - low + 1 else codes
    return Item(row["name"], low, high, codes=gaps), labels


def _yes_no(row: Row, _where: str) -> tuple[Item, dict[int, str]]:
    words = ("No", "Yes") if row["type"] == "yesno" else ("False", "True")
    return Item(row["name"], 0, 1), dict(enumerate(words))


def _slider(row: Row, where: str) -> tuple[Item, dict[int, str]]:
    low, high = _whole(row.get("low") or "0", where), _whole(row.get("high") or "100", where)
    words = [part.strip() for part in row["choices"].split("|")] if row["choices"] else []
    middle = {(low + high) // 2: words[1]} if len(words) == 3 else {}  # noqa: PLR2004
    labels = {low: words[0] if words else str(low), **middle}
    labels[high] = words[-1] if words else str(high)
    return Item(row["name"], low, high, kind="slider"), labels


def _text(row: Row, where: str) -> tuple[Item, dict[int, str]]:
    if row.get("validation") == "integer" and row.get("low") and row.get("high"):
        low, high = _whole(row["low"], where), _whole(row["high"], where)
        return Item(row["name"], low, high, kind="slider"), {low: str(low), high: str(high)}
    return Item(row["name"], 0, 0, kind="text"), {}


def _whole(text: str, where: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise BadInput(f"{where}: {text[:40]!r} is no whole number of at most six figures.")
    return int(text)


def _gate(found: _Reading, row: Row, where: str) -> str | None:
    logic = row.get("branching", "")
    if not logic:
        return None
    match = _GATE.fullmatch(logic)
    gate = {item.id: item for item in found.items}.get(match[1]) if match else None
    if match and gate is not None:
        binary = not gate.codes and gate.high == gate.low + 1
        opened = gate.high if match[2] == "=" and binary else None
        if int(match[3]) == (gate.low if match[2] != "=" else opened):
            return gate.id
    raise BadInput(
        f"{where}: branching {logic[:60]!r}; only 'shown unless an earlier answer is the "
        "lowest' is kept here. Scored as it stands, a hidden field would count as missing."
    )


def _scale(where: str, row: Row, known: Mapping[str, Item], found: _Reading) -> Scale:
    whole = _REF.sub(lambda match: f"i{match[1]}", row["choices"])
    sum_of = linear(whole, path=f"{where}, calculation")
    if sum_of.adds_blanks:
        found.losses.append(
            f"{where}: sum() counts a blank as nothing; here the score needs every answer."
        )
    return scale_of(row["name"], sum_of, known, path=f"{where}, calculation")
