"""A trajectory in plain words: where it stands against its start, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys
from securebase.science.words import Better, Point, Trajectory

FILE = "progress.toml"


@dataclass(frozen=True, slots=True)
class ProgressWords:
    """Plain names of measures, and the sentences a patient reads."""

    version: str
    beyond_chance: float
    measures: Mapping[str, str]
    since_start: Mapping[str, Mapping[str, str]]
    expected: Mapping[str, str]


@cache
def progress_words() -> ProgressWords:
    """Return the words that come with the program, checked.

    Returns
    -------
    ProgressWords
        Names by measure, and sentences by what they say.

    Raises
    ------
    ContentError
        If the file is not of its form.

    Examples
    --------
    >>> progress_words().measures["gad-7.total"]
    'Worry'
    """
    found = content_toml(FILE)
    check_keys(found, name=FILE, required=_KEYS)
    for better in ("lower", "higher"):
        check_keys(found["since_start"][better], name=FILE, required=_WAYS)
    check_keys(found["expected"], name=FILE, required={**_WAYS, "first": str})
    return ProgressWords(
        found["version"],
        found["beyond_chance"],
        found["measures"],
        found["since_start"],
        found["expected"],
    )


def in_plain_words(trajectory: Trajectory) -> tuple[str, ...]:
    """Return what a course says, one sentence for the start and one for the expectation.

    Compared are the filtered estimates, not two single scores, and a change counts only
    beyond the error of the difference; the errors are taken as independent, which makes
    it harder, not easier, to call something a change.

    Parameters
    ----------
    trajectory : Trajectory
        One measure whose direction is known, with at least one score.

    Returns
    -------
    tuple of str
        Sentences; empty where there is no score, or no direction is better.
    """
    words, way = progress_words(), trajectory.better
    scored = [point for point in trajectory.points if point.value is not None]
    if not scored or way is Better.NEITHER:
        return ()
    if len(scored) == 1:
        return (words.expected["first"],)
    start, now = scored[0], scored[-1]
    sentences = words.since_start[way.value]
    moved = _moved(start, now, way, beyond=words.beyond_chance)
    return sentences[moved], words.expected[_against_band(now, way)]


def _moved(start: Point, now: Point, way: Better, *, beyond: float) -> str:
    gain = _gain(now.filtered_mean - start.filtered_mean, way)
    if abs(gain) <= beyond * hypot(start.filtered_sd, now.filtered_sd):
        return "same"
    return "better" if gain > 0 else "worse"


def _against_band(now: Point, way: Better) -> str:
    if now.band_low <= now.filtered_mean <= now.band_high:
        return "same"
    middle = (now.band_low + now.band_high) / 2
    return "better" if _gain(now.filtered_mean - middle, way) > 0 else "worse"


def _gain(difference: float, way: Better) -> float:
    return -difference if way is Better.LOWER else difference


_KEYS: dict[str, type] = {
    "version": str,
    "beyond_chance": float,
    "source": str,
    "verified": bool,
    "measures": dict,
    "since_start": dict,
    "expected": dict,
}
_WAYS: dict[str, Any] = {"better": str, "same": str, "worse": str}
