"""A scale as FHIRPath: reversal, recoding, weights, the rule for missing answers, tables.

Each score becomes a few named collections and one expression over them. Our own scorer
stays the truth; the expression lets another program come to the same number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from securebase.exchange.fhir.names import OUTCOME, SCORE
from securebase.science.reporting import has_errors
from securebase.science.words import Combine, Instrument, Item, Scale

VALUE, DEVIATION = 1, 2
"""Where a row of a lookup holds the reported score and its standard error."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How one number is worked out: named parts in order, then the whole."""

    whole: str
    parts: Mapping[str, str] = field(default_factory=dict)


def number(value: float) -> str:
    """Return a number as FHIRPath writes it: never with an exponent.

    Examples
    --------
    >>> number(4.0), number(-1.5), number(1e-07)
    ('4', '(-1.5)', '0.0000001')
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"({text})" if text.startswith("-") else text


def quoted(text: str) -> str:
    """Return a text as FHIRPath writes it, with its quotes and backslashes escaped."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def answer_to(instrument: Instrument, item: Item) -> str:
    """Return the expression for one raw answer, at its floor if it was rightly not asked."""
    plain = _answers([item])
    if item.asked_if is None:
        return plain
    gate = instrument.item(item.asked_if)
    shut = f"{answer_to(instrument, gate)} = {number(gate.low)}"
    floor = number(item.low)
    if item.safety:
        floor = f"iif({plain}.exists(), {plain}, {floor})"
    return f"iif({shut}, {floor}, {plain})"


def collected(instrument: Instrument, members: Iterable[tuple[Item, str]]) -> str:
    """Return the expression for the answers of many items, each as it counts.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    members : iterable of (Item, str)
        Each item with what is made of its answer, an expression of ``$this``; items of
        which the same is made are asked for together.

    Returns
    -------
    str
        A collection with one value for each answer given.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    for item, made in members:
        source = f"{_place(item)} {item.kind}" if item.asked_if is None else f"gated {item.id}"
        groups.setdefault((made, source), []).append(item)
    texts = []
    for (made, _), items in groups.items():
        gated = items[0].asked_if is not None
        source = answer_to(instrument, items[0]) if gated else _answers(items)
        texts.append(source if made == "$this" else f"{source}.select({made})")
    first, *rest = texts
    return first + "".join(f".combine({text})" for text in rest)


def keyed(item: Item, scale: Scale | None) -> str:
    """Return what is made of an item's raw answer ``$this`` in a scale, before weights."""
    if scale is None:
        return "$this"
    turned = item.id in scale.reversed_items
    text = f"{number(item.low + item.high)} - $this" if turned else "$this"
    if scale.recode:
        text = f"{text} + {number(scale.recode)}"
    if scale.combine is Combine.COUNT:
        text = f"iif({text} >= {number(scale.count_from)}, 1, 0)"
    return text


def score_of(instrument: Instrument, scale: Scale) -> Reckoning:
    """Return how a scale is worked out in FHIRPath.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    scale : Scale
        One of its scales.

    Returns
    -------
    Reckoning
        ``whole`` gives the reported score, or nothing where it is not scorable.
    """
    parts, raw = _raw(instrument, scale)
    if scale.factor != 1:
        raw = f"({raw}) * {number(scale.factor)}"
    if scale.offset:
        raw = f"({raw}) + {number(scale.offset)}"
    if not scale.lookup:
        return Reckoning(raw, parts)
    return Reckoning(_looked_up(scale, VALUE), {**parts, "raw": raw})


def error_of(instrument: Instrument, scale: Scale) -> Reckoning | None:
    """Return how the standard error of a score is looked up, None if there is none."""
    if not has_errors(scale):
        return None
    parts = score_of(instrument, scale).parts
    return Reckoning(_looked_up(scale, DEVIATION), parts)


def _answers(items: list[Item]) -> str:
    ids = [quoted(item.id) for item in items]
    which = f"linkId = {ids[0]}" if len(ids) == 1 else f"linkId in ({' | '.join(ids)})"
    value = "value" if items[0].kind == "slider" else "value.ordinal()"
    return f"{_place(items[0])}.where({which}).answer.{value}"


def _place(item: Item) -> str:
    """Return where an item stands in a response: by itself, or as a box of a group."""
    return "%resource.item.item" if item.group else "%resource.item"


def _others(prefix: str, names: Iterable[str]) -> str:
    ids = [quoted(prefix + name) for name in names]
    which = f"linkId = {ids[0]}" if len(ids) == 1 else f"linkId in ({' | '.join(ids)})"
    return f"%resource.item.where({which}).answer.value"


def _raw(instrument: Instrument, scale: Scale) -> tuple[dict[str, str], str]:
    if scale.tally:
        held = {"held": _others(OUTCOME, scale.tally)}
        return held, _if_all("%held.where($this).count()", "held", len(scale.tally))
    if scale.parts:
        scores = {"scores": _others(SCORE, scale.parts)}
        return scores, _if_all("%scores.sum()", "scores", len(scale.parts))
    weights = dict(zip(scale.items, scale.weights or (1.0,) * len(scale.items), strict=True))
    members = [(instrument.item(i), i) for i in scale.items]
    if scale.combine is not Combine.WEIGHTED:
        values = collected(instrument, [(item, keyed(item, scale)) for item, _ in members])
        return {"values": values}, _combined(scale)
    each = [(item, _times(keyed(item, scale), weights[i])) for item, i in members]
    parts = {"values": collected(instrument, each)}
    if scale.min_answered < len(scale.items):
        shares = [(item, number(weights[i])) for item, i in members]
        parts["shares"] = collected(instrument, shares)
    return parts, _weighted(scale)


def _times(text: str, weight: float) -> str:
    if weight == 1:
        return text
    inner = text if text == "$this" or text.startswith("iif(") else f"({text})"
    return f"{inner} * {number(weight)}"


def _combined(scale: Scale) -> str:
    count = len(scale.items)
    if scale.combine is Combine.MEAN:
        mean = "%values.sum() / %values.count()"
        return f"iif(%values.count() >= {scale.min_answered}, {mean}, {{}})"
    if scale.min_answered == count:
        return _if_all("%values.sum()", "values", count)
    made_up = f"%values.sum() * {count} / %values.count()"
    return f"iif(%values.count() >= {scale.min_answered}, {made_up}, {{}})"


def _weighted(scale: Scale) -> str:
    if scale.min_answered == len(scale.items):
        return _if_all("%values.sum()", "values", len(scale.items))
    made_up = f"%values.sum() * {number(sum(scale.weights))} / %shares.sum()"
    return f"iif(%values.count() >= {scale.min_answered}, {made_up}, {{}})"


def _if_all(words: str, name: str, count: int) -> str:
    return f"iif(%{name}.count() = {count}, {words}, {{}})"


def _looked_up(scale: Scale, column: int) -> str:
    row = ",".join(number(each[column]).strip("()") for each in scale.lookup)
    place = f"$index = %raw - {number(scale.lookup[0][0])}"
    return f"{quoted(row)}.split(',').where({place}).toDecimal()"
