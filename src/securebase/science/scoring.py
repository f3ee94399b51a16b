"""One person's answers to one instrument become scores, bands, flags and verdicts."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence

from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.expressions import Bounds, decided, name_of, parse
from securebase.science.reporting import allowed, codes_of, reported, tallied
from securebase.science.words import (
    Answers,
    Band,
    Combine,
    Instrument,
    Item,
    Outcome,
    Scale,
    Score,
    ScoreSheet,
    State,
)

LINE = 4
"""So many items with one and the same answer, at least, are called a straight line."""

Given = Mapping[str, int]
"""Answers that were given, by item id, in range, with skipped items at their floor."""


def score(instrument: Instrument, answers: Answers) -> ScoreSheet:
    """Work out everything one response gives.

    Missing answers are replaced by the mean of the answered items of the scale, but only
    down to the scale's ``min_answered``: below that the authors of the instrument do not
    vouch for the number, so neither do we. Flags and verdicts are never prorated: if a
    missing answer could change one, it is unknown.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    answers : mapping of item id to int or None
        Raw answers as given, before any reversal. ``None`` or absent: not answered.

    Returns
    -------
    ScoreSheet
        Scores in raw points of each scale, outcomes by key (None: unknown), and the ids
        of safety items answered above their floor.

    Raises
    ------
    AnswerOutOfRange
        If an answer is not a whole number on the scale of its item.
    BadInput
        If an answer is for an item the instrument does not have.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> sheet = score(instrument("gad-7"), {str(n): 2 for n in range(1, 8)})
    >>> sheet.as_dict()["total"], sheet.as_dict()["total.band"]
    (14.0, 'moderate')
    """
    given = _given(instrument, answers)
    known = _known(instrument, given)
    verdicts = {o.key: _verdict(o, known) for o in instrument.outcomes}
    scores: dict[str, Score] = {}
    for scale in instrument.scales:
        raw = _raw(instrument, scale, given, (scores, verdicts))
        scores[scale.slug] = _score(instrument, scale, given, raw)
    return ScoreSheet(
        instrument=instrument.slug,
        version=instrument.version,
        digest=instrument.digest,
        scores=tuple(scores.values()),
        outcomes=verdicts,
        safety=tuple(
            item.id
            for item in instrument.items
            if item.safety and given.get(item.id, item.low) > item.low
        ),
        straight_lined=_straight_lined(instrument, given),
    )


def over_targets(
    instrument: Instrument, each: Sequence[Mapping[str, float | None]]
) -> dict[str, tuple[float, int]]:
    """Make one score of those about several people, where the authors do.

    Parameters
    ----------
    instrument : Instrument
        The definition; ``over_targets`` says whether there is such a score.
    each : sequence of mapping of scale to float or None
        For each person answered about, the scores in raw points; None: not scorable.

    Returns
    -------
    dict of scale to (float, int)
        The mean over the people whose score is known and how many they are. A scale known
        for fewer than two people is left out: one person is not all of them.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> over_targets(instrument("ecr-rs"), [{"anxiety": 2.0}, {"anxiety": 5.0}])
    {'anxiety': (3.5, 2)}
    """
    if instrument.over_targets != "mean":
        return {}
    means = {}
    for scale in instrument.scales:
        values = [value for one in each if (value := one.get(scale.slug)) is not None]
        if len(values) > 1:
            means[scale.slug] = (sum(values) / len(values), len(values))
    return means


def band_of(bands: tuple[Band, ...], scale: str, value: float) -> str | None:
    """Return the band a raw score falls in, or None if the scale has no bands.

    Parameters
    ----------
    bands : tuple of Band
        The instrument's bands, rising within each scale.
    scale : str
        Slug of the scale.
    value : float
        Raw score; a prorated one is not rounded first.

    Returns
    -------
    str or None
        Key of the last band that begins at or below ``value``.
    """
    keys = [band.key for band in bands if band.scale == scale and band.minimum <= value]
    return keys[-1] if keys else None


def _given(instrument: Instrument, answers: Answers) -> Given:
    """Check every answer, and set items that were rightly not asked to their floor."""
    known = {item.id: item for item in instrument.items}
    for item_id in answers:
        if item_id not in known:
            raise BadInput(
                f"{instrument.slug} has no item {item_id!r}. Its items are {', '.join(known)}."
            )
    given: dict[str, int] = {}
    for item in instrument.items:
        answer = answers.get(item.id)
        shut = item.asked_if and given.get(item.asked_if) == known[item.asked_if].low
        if shut and not (item.safety and answer is not None):
            answer = item.low
        if answer is not None and item.kind != "text":
            given[item.id] = _checked(instrument, item, answer)
    return given


def _checked(instrument: Instrument, item: Item, answer: object) -> int:
    try:
        value = operator.index(answer)  # type: ignore[arg-type]
    except TypeError:
        value = None
    if value is None or not allowed(item, value):
        raise AnswerOutOfRange(
            f"{instrument.slug}, item {item.id}: {answer!r} is not {codes_of(item)}. "
            "Correct it, or leave it out if it was not answered."
        )
    return value


def _straight_lined(instrument: Instrument, given: Given) -> bool:
    """Say whether all items of scales with reversed ones have one and the same answer."""
    mixed = [s for s in instrument.scales if 0 < len(s.reversed_items) < len(s.items)]
    items = {item_id for scale in mixed for item_id in scale.items}
    answers = {given[item_id] for item_id in items if item_id in given}
    return len(answers) == 1 and len(items & set(given)) >= LINE


def _raw(
    instrument: Instrument,
    scale: Scale,
    given: Given,
    earlier: tuple[Mapping[str, Score], Mapping[str, str | bool | None]],
) -> tuple[float | None, bool]:
    """Return what a scale's answers, parts or outcomes come to, and if it is prorated."""
    if scale.tally:
        return tallied([earlier[1][key] for key in scale.tally]), False
    if scale.parts:
        return _added(scale, earlier[0])
    return _combined(instrument, scale, given)


def _score(
    instrument: Instrument, scale: Scale, given: Given, raw: tuple[float | None, bool]
) -> Score:
    state = State.PRORATED if raw[1] else State.SCORED
    value, error = (None, None) if raw[0] is None else reported(scale, raw[0])
    return Score(
        measure=f"{instrument.slug}.{scale.slug}",
        value=value,
        answered=sum(item_id in given for item_id in scale.items),
        state=State.INCOMPLETE if value is None else state,
        band=None if value is None else band_of(instrument.bands, scale.slug, value),
        error=error,
    )


def _added(scale: Scale, earlier: Mapping[str, Score]) -> tuple[float | None, bool]:
    parts = [earlier[slug] for slug in scale.parts]
    values = [part.value for part in parts if part.value is not None]
    if len(values) < len(parts):
        return None, False
    return float(sum(values)), any(part.state is State.PRORATED for part in parts)


def _combined(instrument: Instrument, scale: Scale, given: Given) -> tuple[float | None, bool]:
    weights = dict(zip(scale.items, scale.weights or (1.0,) * len(scale.items), strict=True))
    keyed = {
        item_id: _keyed(instrument.item(item_id), scale, given[item_id])
        for item_id in scale.items
        if item_id in given
    }
    if len(keyed) < scale.min_answered:
        return None, False
    total = sum(weights[item_id] * value for item_id, value in keyed.items())
    if scale.combine is not Combine.MEAN and len(keyed) == len(scale.items):
        return float(total), False
    share = sum(weights[item_id] for item_id in keyed)
    whole = 1.0 if scale.combine is Combine.MEAN else sum(weights.values())
    return total * whole / share, len(keyed) < len(scale.items)


def _keyed(item: Item, scale: Scale, answer: int) -> int:
    """Return an answer as it counts in a scale: reversed, recoded, or 1 if it counts."""
    value = item.low + item.high - answer if item.id in scale.reversed_items else answer
    value += scale.recode
    return int(value >= scale.count_from) if scale.combine is Combine.COUNT else value


def _known(instrument: Instrument, given: Given) -> dict[str, list[Bounds]]:
    """Say for each name of a rule between which bounds its answers lie."""
    known: dict[str, list[Bounds]] = {}
    for item in instrument.items:
        if item.kind != "text":
            answer = given.get(item.id)
            ends = (item.low, item.high) if answer is None else (answer, answer)
            known[name_of(item.id)] = [ends]
    for scale in instrument.scales:
        known[scale.slug] = [
            _keyed_bounds(instrument.item(item_id), scale, known[name_of(item_id)][0])
            for item_id in scale.items
        ]
    return known


def _keyed_bounds(item: Item, scale: Scale, bounds: Bounds) -> Bounds:
    first, second = (_keyed(item, scale, end) for end in bounds)
    return min(first, second), max(first, second)


def _verdict(outcome: Outcome, known: Mapping[str, list[Bounds]]) -> str | bool | None:
    """Return the value of the first case that holds; None if answers could change it."""
    candidates: set[str | bool] = set()
    for source, value in outcome.cases:
        truth = decided(parse(source).evaluate(known))
        if truth is not False:
            candidates.add(value)
        if truth is True:
            break
    else:
        candidates.add(outcome.otherwise)
    return candidates.pop() if len(candidates) == 1 else None
