"""Putting two versions of a text together, line by line, from what both began with. Pure.

Where only one changed, that change stands. Where both changed the same lines, both stand,
theirs first: a machine does not choose between two people's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Merged:
    """The text put together, and whether both had changed the same lines."""

    text: str
    meets: bool


def merge(*, base: str, mine: str, theirs: str) -> Merged:
    r"""Merge two texts that began as ``base``.

    Examples
    --------
    >>> merge(base="a\nb", mine="a\nb\nc", theirs="x\nb").text
    'x\nb\nc'
    >>> merge(base="a", mine="b", theirs="c")
    Merged(text='c\nb', meets=True)
    """
    if mine in (theirs, base):
        return Merged(theirs, meets=False)
    if theirs == base:
        return Merged(mine, meets=False)
    lines: list[str] = []
    meets = False
    was, said, there = base.split("\n"), mine.split("\n"), theirs.split("\n")
    for of_base, of_mine, of_theirs in _chunks(was, said, there):
        chosen, met = _chosen(of_base, of_mine, of_theirs)
        lines += chosen
        meets = meets or met
    return Merged("\n".join(lines), meets)


def _chosen(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> tuple[list[str], bool]:
    if mine in (base, theirs):
        return list(theirs), False
    if theirs == base:
        return list(mine), False
    return [*theirs, *mine], True


def _chunks(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """Cut the three texts at the lines that stand unchanged in all of them."""
    to_mine, to_theirs = _same(base, mine), _same(base, theirs)
    b = m = t = 0
    for line in range(len(base)):
        if line not in to_mine or line not in to_theirs:
            continue
        yield base[b:line], mine[m : to_mine[line]], theirs[t : to_theirs[line]]
        b, m, t = line, to_mine[line], to_theirs[line]
        yield base[b : b + 1], mine[m : m + 1], theirs[t : t + 1]
        b, m, t = b + 1, m + 1, t + 1
    yield base[b:], mine[m:], theirs[t:]


def _same(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Return which line of the other text each unchanged line of the base has become."""
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }
