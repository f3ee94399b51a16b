"""Does a definition agree with itself? Each check yields what is wrong, in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from securebase.science.errors import ContentError
from securebase.science.expressions import Rule, name_of, parse
from securebase.science.groups import put_together
from securebase.science.words import (
    Band,
    ChangeRule,
    Combine,
    Cutoff,
    Instrument,
    Item,
    Norm,
    Outcome,
    Reliability,
    Scale,
    Shelf,
    Wording,
)

KINDS = ("choice", "slider", "text")

VALUE = 1
"""Where a row of a lookup holds the reported score."""


def complaints(instrument: Instrument) -> Iterator[str]:
    """Yield everything about a definition that contradicts itself.

    Parameters
    ----------
    instrument : Instrument
        As read, before its wording.

    Yields
    ------
    str
        One sentence for each fault: what, which value, what is allowed.
    """
    checks = (_names, _items, _groups, _scales, _use, _figures, _bands, _outcomes, _licence)
    yield from chain.from_iterable(check(instrument) for check in checks)


def wording_complaints(instrument: Instrument, wording: Wording) -> Iterator[str]:
    """Yield everything about a wording that does not fit its definition.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    wording : Wording
        Its text in one language.

    Yields
    ------
    str
        One sentence for each fault.
    """
    if instrument.licence.shelf in (Shelf.PACK, Shelf.NO_TEXT):
        yield (
            f"shelf {instrument.licence.shelf} ships no text: remove this file, or record "
            "the permission that puts the instrument on another shelf."
        )
    yield from misfits(instrument, wording)


def misfits(instrument: Instrument, wording: Wording) -> Iterator[str]:
    """Yield every item without a text, text without an item, and answer without a label.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    wording : Wording
        Its text in one language, wherever it comes from.

    Yields
    ------
    str
        One sentence for each fault.
    """
    ids = {item.id for item in instrument.items}
    yield from (f"no text for item {i}." for i in sorted(ids - set(wording.items)))
    yield from (f"text for unknown item {i}." for i in sorted(set(wording.items) - ids))
    groups = {item.group for item in instrument.items} - {""}
    yield from (f"no text for group {g}." for g in sorted(groups - set(wording.groups)))
    yield from (f"text for unknown group {g}." for g in sorted(set(wording.groups) - groups))
    for item in instrument.items:
        if item.kind == "text":
            continue
        ends = {item.low, item.high}
        every = item.codes or range(item.low, item.high + 1)
        needed = ends if item.kind == "slider" else set(every)
        unlabelled = sorted(needed - set(wording.answers.get(item.scale, {})))
        if unlabelled:
            yield (
                f"item {item.id}: no answer label for {unlabelled} in [answers.{item.scale}]."
            )


def keyed_range(item: Item, scale: Scale) -> tuple[float, float]:
    """Return the least and the most one item can add to a scale, after recoding.

    Parameters
    ----------
    item : Item
        An item of the scale.
    scale : Scale
        The scale; reversal does not change the range.

    Returns
    -------
    tuple of float
        In raw points of the scale, before weights.
    """
    low, high = item.low + scale.recode, item.high + scale.recode
    if scale.combine is Combine.COUNT:
        return float(low >= scale.count_from), float(high >= scale.count_from)
    return low, high


def raw_range(scale: Scale, known: Mapping[str, Item]) -> tuple[float, float]:
    """Return the least and the most a scale can give, before any lookup."""
    if scale.tally:
        return scale.offset, len(scale.tally) * scale.factor + scale.offset
    weights = scale.weights or (1.0,) * len(scale.items)
    ranges = [keyed_range(known[i], scale) for i in scale.items]
    ends = [sorted((w * r[0], w * r[1])) for w, r in zip(weights, ranges, strict=True)]
    share = len(ranges) if scale.combine is Combine.MEAN else 1
    low, high = (sum(each) / share for each in zip(*ends, strict=True))
    return low * scale.factor + scale.offset, high * scale.factor + scale.offset


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _names(instrument: Instrument) -> Iterator[str]:
    for what, names in (
        ("item id", [i.id for i in instrument.items]),
        ("score or outcome", [*(s.slug for s in instrument.scales), *_keys(instrument)]),
        ("source", [s.key for s in instrument.sources]),
    ):
        yield from (f"{what} {name!r} is given twice." for name in _twice(names))
    named = {name_of(item.id) for item in instrument.items}
    for scale in instrument.scales:
        if scale.slug in named and [name_of(i) for i in scale.items] != [scale.slug]:
            yield f"scale {scale.slug} is named like an item but is not that item alone."


def _keys(instrument: Instrument) -> list[str]:
    return [outcome.key for outcome in instrument.outcomes]


def _items(instrument: Instrument) -> Iterator[str]:
    earlier: set[str] = set()
    for item in instrument.items:
        if not name_of(item.id).isidentifier():
            yield f"item id {item.id!r} must be letters, digits and underscores."
        if item.kind not in KINDS:
            yield f"item {item.id}: kind is {item.kind!r}; allowed are {', '.join(KINDS)}."
        if item.kind != "text" and item.low >= item.high:
            yield f"item {item.id}: low {item.low} must be below high {item.high}."
        if item.codes and not _sound_codes(item):
            yield (
                f"item {item.id}: codes are {list(item.codes)}; they must rise from low "
                f"{item.low} to high {item.high}."
            )
        if item.asked_if is not None and item.asked_if not in earlier:
            yield f"item {item.id}: asked_if names {item.asked_if!r}, no earlier item."
        earlier.add(item.id)


def _groups(instrument: Instrument) -> Iterator[str]:
    """Yield what is wrong with items that are put together as the boxes of one question."""
    put = [boxes for boxes in put_together(instrument.items) if boxes[0].group]
    names = [boxes[0].group for boxes in put]
    yield from (f"group {g}: its boxes must follow one another." for g in _twice(names))
    for name in sorted({item.id for item in instrument.items} & set(names)):
        yield f"group {name}: an item has that id; a group needs its own."
    yield from chain.from_iterable(map(_box, chain.from_iterable(put)))
    if put and instrument.order != "fixed":
        yield f"order is {instrument.order!r}; an instrument with groups has a fixed order."
    boxes = {item.id for item in instrument.items if item.group}
    for item in instrument.items:
        if item.asked_if in boxes:
            yield f"item {item.id}: asked_if names {item.asked_if!r}, a box of a group."


def _box(item: Item) -> Iterator[str]:
    if (item.kind, item.low, item.high) != ("choice", 0, 1) or item.asked_if:
        yield f"item {item.id}: a box of a group is a choice from 0 to 1 and always asked."


def _sound_codes(item: Item) -> bool:
    rising = list(item.codes) == sorted(set(item.codes))
    return rising and (item.codes[0], item.codes[-1]) == (item.low, item.high)


def _use(instrument: Instrument) -> Iterator[str]:
    used = {i for scale in instrument.scales for i in scale.items}
    for item in instrument.items:
        if item.scored != (item.id in used):
            yield (
                f"item {item.id}: scored is {str(item.scored).lower()} but it is "
                f"{'in a scale' if item.id in used else 'in no scale'}."
            )


def _scales(instrument: Instrument) -> Iterator[str]:
    if not instrument.scales and not instrument.outcomes:
        yield "no scale: an instrument gives at least one score or outcome."
    known = {item.id: item for item in instrument.items if item.kind != "text"}
    earlier: dict[str, Scale] = {}
    for scale in instrument.scales:
        faults = [*_membership(scale, known, earlier), *_derivation(scale, instrument)]
        yield from (f"scale {scale.slug}: {fault}" for fault in faults or _range(scale, known))
        earlier[scale.slug] = scale


def _membership(
    scale: Scale, known: dict[str, Item], earlier: dict[str, Scale]
) -> Iterator[str]:
    yield from (f"unknown item {i!r}." for i in scale.items if i not in known)
    yield from (f"item {i!r} is in it twice." for i in _twice(scale.items))
    for i in sorted(scale.reversed_items - set(scale.items)):
        yield f"reverses item {i!r}, which is not in it."
    yield from (f"part {p!r} is no earlier scale." for p in scale.parts if p not in earlier)
    parts = {i for p in scale.parts if p in earlier for i in earlier[p].items}
    if scale.parts and parts != set(scale.items):
        yield "its items must be those of its parts, no more and no fewer."
    if not 1 <= scale.min_answered <= len(scale.items):
        yield (f"min_answered is {scale.min_answered}; allowed are 1 to {len(scale.items)}.")
    if bool(scale.weights) != (scale.combine is Combine.WEIGHTED):
        yield "weights go with combine = weighted, and only with it."
    if scale.weights and len(scale.weights) != len(scale.items):
        yield f"{len(scale.weights)} weights for {len(scale.items)} items; one each."


def _range(scale: Scale, known: dict[str, Item]) -> Iterator[str]:
    low, high = raw_range(scale, known)
    if scale.lookup:
        yield from _rows(scale, low, high)
        low, high = scale.lookup[0][VALUE], scale.lookup[-1][VALUE]
    if abs(low - scale.low) > 1e-9 or abs(high - scale.high) > 1e-9:  # noqa: PLR2004
        yield f"its items give {low:g} to {high:g}, not {scale.low:g} to {scale.high:g}."


def _derivation(scale: Scale, instrument: Instrument) -> Iterator[str]:
    """Yield what is wrong with a score that is made from others, or looked up."""
    sure = {o.key for o in instrument.outcomes if {*(v for _, v in o.cases)} == {True}}
    yield from (f"tallies {key!r}, no yes-or-no outcome." for key in {*scale.tally} - sure)
    if scale.tally and (scale.parts or scale.combine is not Combine.COUNT):
        yield "tally goes with combine = count, and without parts."
    if sum(scale.weights) == 0 and scale.weights and scale.min_answered < len(scale.items):
        yield "its weights add up to 0, so a missing answer cannot be made up for."
    if scale.lookup and scale.min_answered < len(scale.items):
        yield "a table holds only for whole responses: min_answered must be all items."
    tables = [s for s in instrument.scales if s.lookup and len(s.lookup[0]) > VALUE + 1]
    if scale in tables[1:]:
        yield "only one table of an instrument can give standard errors."
    if scale.factor <= 0:
        yield f"factor is {scale.factor:g}; it must be above 0."


def _rows(scale: Scale, low: float, high: float) -> Iterator[str]:
    widths = {len(row) for row in scale.lookup}
    if widths not in ({2}, {3}):
        yield "lookup rows must all be [raw, reported] or all [raw, reported, error]."
    elif [row[0] for row in scale.lookup] != [*range(int(low), int(high) + 1)]:
        yield f"lookup must have one row for each raw score from {low:g} to {high:g}."
    elif [row[VALUE] for row in scale.lookup] != sorted(row[VALUE] for row in scale.lookup):
        yield "lookup must rise with the raw score."


def _bands(instrument: Instrument) -> Iterator[str]:
    for scale in instrument.scales:
        bands = [band for band in instrument.bands if band.scale == scale.slug]
        minima = [band.minimum for band in bands]
        if minima and (minima != sorted(set(minima)) or minima[0] != scale.low):
            yield (
                f"bands of {scale.slug} begin at {minima}; they must rise, the first at "
                f"{scale.low:g}."
            )
        if minima and minima[-1] > scale.high:
            yield f"the last band of {scale.slug} begins above its highest score."
    if not instrument.validated and (instrument.bands or instrument.cutoffs):
        yield "not validated, so it must not carry bands or cut-offs."


def _figures(instrument: Instrument) -> Iterator[str]:
    scales = {scale.slug for scale in instrument.scales}
    sources = {source.key for source in instrument.sources}
    figures: Iterable[Band | Cutoff | ChangeRule | Reliability | Norm] = chain(
        instrument.bands,
        instrument.cutoffs,
        instrument.changes,
        instrument.reliabilities,
        instrument.norms,
    )
    for figure in figures:
        what = type(figure).__name__.lower()
        if figure.scale not in scales:
            yield f"a {what} is for {figure.scale!r}, no scale of this instrument."
        if figure.source not in sources:
            yield f"a {what} of {figure.scale} names no source ({figure.source!r})."
    for r in instrument.reliabilities:
        if not 0 <= r.value < 1 or r.sd <= 0:
            yield f"reliability {r.value} must be in [0, 1) and sd {r.sd} above 0."
    if not sources:
        yield "no source: say where the items and the scoring come from."


def _outcomes(instrument: Instrument) -> Iterator[str]:
    items = {name_of(item.id) for item in instrument.items if item.kind != "text"}
    groups = items | {scale.slug for scale in instrument.scales if not scale.tally}
    for outcome in instrument.outcomes:
        for fault in _rules(outcome, items, groups):
            yield f"outcome {outcome.key}: {fault}"


def _rules(outcome: Outcome, items: set[str], groups: set[str]) -> Iterator[str]:
    for source, _ in outcome.cases:
        rule = _parsed(source)
        if isinstance(rule, str):
            yield rule
        else:
            for name in sorted((rule.single - items) | (rule.groups - groups)):
                yield f"{source!r} names {name!r}, which is not an item or scale it can use."


def _parsed(source: str) -> Rule | str:
    try:
        return parse(source)
    except ContentError as fault:
        return str(fault)


def _licence(instrument: Instrument) -> Iterator[str]:
    licence = instrument.licence
    if not licence.statement or not licence.evidence:
        yield "licence.statement and licence.evidence must say what is allowed and who says so."
    if licence.shelf is Shelf.NOT_AT_ALL:
        yield "shelf D is not shipped or scored without a signed licence: remove it."
    if instrument.order not in ("fixed", "random"):
        yield f"order is {instrument.order!r}; allowed are fixed and random."
    if instrument.order == "random" and any(item.asked_if for item in instrument.items):
        yield "order is random, so no item may depend on an earlier one by asked_if."
    if instrument.over_targets not in ("", "mean"):
        yield f"over_targets is {instrument.over_targets!r}; allowed is mean, or leave it out."
    if instrument.over_targets and not instrument.target:
        yield "over_targets goes with target: without one there is nothing to go over."
    if licence.shelf is Shelf.OWN and instrument.validated:
        yield "our own instruments are not validated: validated must be false."
