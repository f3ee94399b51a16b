"""An Open Scale Definition (OpenScales, JSON) as an instrument."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebase.exchange.files.brought import Brought, Facts, foreign, slug_of
from securebase.science.errors import BadInput
from securebase.science.words import Combine, Item, Scale, Wording

ITEM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}|[0-9]{1,4}")
MOST_ITEMS = 500
MOST_POINTS = 101
KNOWN = ("method", "items", "item_coding", "weights", "transform", "description", "norms")
COMBINE = {
    "sum_coded": Combine.SUM,
    "mean_coded": Combine.MEAN,
    "weighted_sum": Combine.WEIGHTED,
}

Part = dict[str, Any]


@dataclass(slots=True)
class _Reading:
    definition: Part
    words: Mapping[str, Any]
    items: list[Item] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[int, str]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)

    def text(self, key: Any) -> str:
        """Return the text of a key, without the markup OSD allows."""
        found = self.words.get(key, "") if isinstance(key, str) else ""
        return re.sub(r"<[^>]{0,200}>", "", found) if isinstance(found, str) else ""


def read_osd(file: Part, *, source: str) -> Brought:
    """Return the instrument that an ``.osd`` file describes.

    Parameters
    ----------
    file : dict
        The file as JSON has it, definition and translations together.
    source : str
        Where it came from, in words.

    Raises
    ------
    BadInput
        If an item cannot be kept or a score cannot be worked out; the path is named.
    """
    definition = _part(file.get("definition", file), "definition")
    info = _part(definition.get("scale_info"), "definition.scale_info")
    language, words, spare = _translation(file)
    found = _Reading(definition, words)
    found.losses += [f"translations.{name}: another language, not kept." for name in spare]
    head = _part(definition.get("likert_options", {}), "definition.likert_options")
    found.shown.append(found.text(head.get("question_head")))
    _items(found)
    scales, unkept = _scales(found)
    found.losses += [
        f"definition.{key}: not kept."
        for key in definition
        if key not in ("scale_info", "items", "scoring", "likert_options", "dimensions",
                       "response_scales")
    ]  # fmt: skip
    name = str(info.get("name") or info.get("code") or "")
    wording = Wording(
        language, name, " ".join(filter(None, found.shown)), found.texts, found.labels
    )
    made = foreign(
        _facts(info, name, source), found.items, scales, wording if found.texts else None
    )
    found.losses += unkept
    return Brought(made, tuple(found.losses), "OSD", _rights(info))


def _facts(info: Part, name: str, source: str) -> Facts:
    cited = str(info.get("citation") or "")
    return Facts(
        slug=slug_of(str(info.get("abbreviation") or info.get("code") or name)),
        name=name,
        version=str(info.get("version") or "1"),
        measures=str(info.get("description") or name)[:200],
        rights=_rights(info),
        source=f"{source} {cited}".strip(),
    )


def _rights(info: Part) -> str:
    parts = (info.get("license"), info.get("license_explanation"), info.get("license_url"))
    return " ".join(str(part) for part in parts if part)


def _translation(file: Part) -> tuple[str, Mapping[str, Any], list[str]]:
    every = file.get("translations", {})
    if not isinstance(every, dict):
        raise BadInput("translations: must be an object of languages.")
    if not every:
        return "en", {}, []
    language = next((name for name in ("en", "default") if name in every), next(iter(every)))
    words = _part(every[language], f"translations.{language}")
    code = "en" if language == "default" else language
    return code, words, [name for name in every if name != language]


def _part(value: Any, path: str) -> Part:
    if not isinstance(value, dict):
        raise BadInput(f"{path}: must be an object.")
    return value


def _items(found: _Reading) -> None:
    listed = found.definition.get("items", found.definition.get("questions"))
    if not isinstance(listed, list) or len(listed) > MOST_ITEMS:
        raise BadInput(f"definition.items: must be a list of at most {MOST_ITEMS}.")
    for n, entry in enumerate(listed):
        path = f"definition.items[{n}]"
        item = _part(entry, path)
        kind = item.get("type")
        if kind in ("inst", "section"):
            found.shown.append(found.text(item.get("text_key")))
        elif isinstance(kind, str) and kind in _READERS:
            _item(found, item, _READERS[kind], path)
        else:
            raise BadInput(
                f"{path}.type: {kind!r} cannot be kept. Allowed are inst, section, "
                f"{', '.join(_READERS)}."
            )


def _item(found: _Reading, item: Part, read: Any, path: str) -> None:
    item_id = item.get("id")
    if not isinstance(item_id, str) or not ITEM_ID.fullmatch(item_id):
        raise BadInput(f"{path}.id: {item_id!r}; letters, figures and underscores only.")
    if item_id in {known.id for known in found.items}:
        raise BadInput(f"{path}.id: {item_id!r} is given twice. Each must be its own.")
    for key in ("visible_when", "variant_when"):
        if item.get(key):
            raise BadInput(f"{path}.{key}: a question that hides is not kept here.")
    low, high, labels, kind = read(found, item, path)
    name = next((s for s, known in found.labels.items() if known == labels), None)
    name = name or (f"answers{len(found.labels) + 1}" if labels else "")
    if labels:
        found.labels[name] = labels
    codes = tuple(sorted(labels)) if kind == "choice" else ()
    gaps = codes if len(codes) not in (0, high - low + 1) else ()
    found.items.append(Item(item_id, low, high, kind=kind, scale=name, codes=gaps))
    text = found.text(item.get("text_key"))
    if text:
        found.texts[item_id] = text


_Read = tuple[int, int, dict[int, str], str]


def _likert(found: _Reading, item: Part, path: str) -> _Read:
    named = _part(found.definition.get("response_scales", {}), "definition.response_scales")
    shared = found.definition.get("likert_options", {})
    base = _part(named.get(str(item.get("response_scale")), shared), path)
    points = _whole(item.get("likert_points", base.get("points")), f"{path}.likert_points")
    low = _whole(item.get("likert_min", base.get("min", 1)), f"{path}.likert_min")
    high = _whole(
        item.get("likert_max", base.get("max", low + points - 1)), f"{path}.likert_max"
    )
    if high - low + 1 != points or not 2 <= points <= MOST_POINTS:  # noqa: PLR2004
        raise BadInput(f"{path}: {points} points do not go from {low} to {high}.")
    keys = item.get("likert_labels", base.get("labels")) or []
    if not isinstance(keys, list) or len(keys) not in (0, points):
        raise BadInput(f"{path}.likert_labels: {points} points need as many labels.")
    words = [found.text(key) or str(low + n) for n, key in enumerate(keys)]
    words = words or [str(low + n) for n in range(points)]
    return low, high, {low + n: word for n, word in enumerate(words)}, "choice"


def _vas(found: _Reading, item: Part, path: str) -> _Read:
    low = _whole(item.get("min", 0), f"{path}.min")
    high = _whole(item.get("max", 100), f"{path}.max")
    labels = {
        low: found.text(item.get("min_label")) or str(low),
        high: found.text(item.get("max_label")) or str(high),
    }
    return low, high, labels, "slider"


def _multi(found: _Reading, item: Part, path: str) -> _Read:
    options = item.get("options")
    if not isinstance(options, list) or not 2 <= len(options) <= MOST_POINTS:  # noqa: PLR2004
        raise BadInput(f"{path}.options: must be a list of at least two.")
    labels: dict[int, str] = {}
    for n, entry in enumerate(options):
        option = _part(entry, f"{path}.options[{n}]")
        value = _whole(option.get("value"), f"{path}.options[{n}].value")
        if value in labels:
            raise BadInput(f"{path}.options[{n}].value: {value} is given twice.")
        labels[value] = found.text(option.get("text_key")) or str(value)
    return min(labels), max(labels), labels, "choice"


def _words(_found: _Reading, _item: Part, _path: str) -> _Read:
    return 0, 0, {}, "text"


_READERS: dict[str, Callable[[_Reading, Part, str], _Read]] = {
    "likert": _likert,
    "vas": _vas,
    "multi": _multi,
    "short": _words,
    "long": _words,
}


def _whole(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise BadInput(f"{path}: {value!r}; it must be a whole number.")
    return int(value)


def _scales(found: _Reading) -> tuple[list[Scale], list[str]]:
    scoring = _part(found.definition.get("scoring"), "definition.scoring")
    scales, losses = [], []
    for key, entry in scoring.items():
        path = f"definition.scoring.{key}"
        block = _part(entry, path)
        scales.append(_scale(found, key, block, path))
        losses.append(
            f"{path}: the format has no rule for missing answers; the score needs all."
        )
        if block.get("norms"):
            losses.append(f"{path}.norms: bands without a source are not kept.")
    if not scales:
        raise BadInput("definition.scoring: no score, so nothing of it can be scored.")
    return scales, losses


def _scale(found: _Reading, key: str, block: Part, path: str) -> Scale:
    method = block.get("method")
    unknown = sorted(set(block) - set(KNOWN))
    if method not in COMBINE or unknown:
        raise BadInput(
            f"{path}: {', '.join(unknown) or method!r} cannot be scored here. Allowed are "
            f"{', '.join(COMBINE)} of items, with reversal, weights and transform."
        )
    coding = _coding(block, path)
    known = {item.id for item in found.items if item.kind != "text"}
    for item_id, way in coding.items():
        if item_id not in known or way not in (1, -1):
            raise BadInput(f"{path}.items: {item_id!r} coded {way!r}; a scored item, 1 or -1.")
    factor, offset = _transform(block.get("transform", []), path)
    weights = _part(block.get("weights", {}), f"{path}.weights")
    kept = tuple(i for i in coding if method != "weighted_sum" or i in weights)
    return Scale(
        slug=re.sub(r"[^A-Za-z0-9_]", "_", key),
        items=kept,
        combine=COMBINE[method],
        min_answered=len(kept),
        reversed_items=frozenset(i for i in kept if coding[i] == -1),
        weights=tuple(_number(weights[i], f"{path}.weights.{i}") for i in kept)
        if method == "weighted_sum"
        else (),
        factor=factor,
        offset=offset,
    )


def _coding(block: Part, path: str) -> dict[str, Any]:
    items = block.get("items", [])
    if isinstance(items, list) and all(isinstance(i, str) for i in items):
        coded = _part(block.get("item_coding", {}), f"{path}.item_coding")
        items = {i: coded.get(i, 1) for i in items}
    found = {i: way for i, way in _part(items, f"{path}.items").items() if way != 0}
    if not found:
        raise BadInput(f"{path}.items: no item is counted, so nothing can be scored.")
    return found


def _transform(steps: Any, path: str) -> tuple[float, float]:
    if not isinstance(steps, list):
        raise BadInput(f"{path}.transform: must be a list of steps.")
    factor, offset = 1.0, 0.0
    for n, entry in enumerate(steps):
        step = _part(entry, f"{path}.transform[{n}]")
        value = _number(step.get("value"), f"{path}.transform[{n}].value")
        how = step.get("op")
        if how in ("add", "subtract"):
            offset += value if how == "add" else -value
        elif how in ("multiply", "divide") and value:
            by = value if how == "multiply" else 1 / value
            factor, offset = factor * by, offset * by
        else:
            raise BadInput(f"{path}.transform[{n}]: {how!r} by {value} cannot be done.")
    return factor, offset


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{path}: {value!r}; it must be a number.")
    return float(value)
