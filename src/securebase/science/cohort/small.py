"""Keeping numbers of few people to ourselves, also where they could be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One count, and how many different people it is made of."""

    n: int
    people: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The parts of a whole as they may be shown; None is held back."""

    parts: Mapping[str, int | None]
    total: int | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is held back."""
        return self.total is not None and None not in self.parts.values()


def hold_back(cells: Mapping[str, Cell], *, least: int, fixed: bool = False) -> Shown:
    """Hold back what tells of few people, and as much more as hides it.

    Parameters
    ----------
    cells : mapping of str to Cell
        Parts that add up to a whole, each person or event in exactly one.
    least : int
        Fewer people than this, and more than none, are not shown.
    fixed : bool
        Whether the total is known anyway, so that holding it back would hide nothing. It
        must then be ``least`` or more.

    Returns
    -------
    Shown
        If one part is held back, or all that are together are fewer than ``least``, the
        next smallest part goes too; where there is none left, the total.

    Notes
    -----
    None is shown as none: it tells of nobody that something is so.

    Examples
    --------
    >>> cells = {"better": Cell(20, 20), "same": Cell(9, 9), "worse": Cell(2, 2)}
    >>> hold_back(cells, least=5).parts
    {'better': 20, 'same': None, 'worse': None}
    """
    kept = sorted(cells, key=lambda key: (cells[key].n, key))
    hidden = [key for key in kept if _is_small(cells[key], least)]
    others = [key for key in kept if key not in hidden and cells[key].n]
    while hidden and _is_guessed(hidden, cells, least) and others:
        hidden.append(others.pop(0))
    parts = {key: None if key in hidden else cell.n for key, cell in cells.items()}
    told = not hidden or fixed or not _is_guessed(hidden, cells, least)
    return Shown(parts, sum(cell.n for cell in cells.values()) if told else None)


def _is_small(cell: Cell, least: int) -> bool:
    return cell.n > 0 and min(cell.n, cell.people) < least


def _is_guessed(hidden: list[str], cells: Mapping[str, Cell], least: int) -> bool:
    """Say whether the total gives away what is held back."""
    return len(hidden) == 1 or sum(cells[key].n for key in hidden) < least
