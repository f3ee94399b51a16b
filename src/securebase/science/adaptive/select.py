"""Which question to ask next: the one that tells most about where the person seems to be.

Fisher information is worked out exactly, but not for every item of the bank at every step.
A table of it, linear between its rows, is never off by more than a known slack; only items
that the table cannot tell apart are worked out. The choice is that of the exact figures.

Sources: Kingsbury & Zara (1989), Appl Meas Educ 2, 359-375, for both strategies here:
drawing among the best few, and keeping to shares of content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from securebase.science.adaptive.bank import Bank
from securebase.science.adaptive.estimate import Prior
from securebase.science.adaptive.irt import information_at
from securebase.science.errors import ScienceError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]

NONE = -1
"""Stands for no item, where nothing is left to ask."""

_PER_UNIT = 64
"""Rows of the table in one unit of level."""

_STEEPEST = 16.0
"""Slope beyond which the table is too coarse, and every item is worked out exactly. No
calibrated item comes near it."""

_LEADING = 48
"""Items looked up between two rows of the table: more than a sitting asks."""

_CAUTION = 2.0
"""How many times the largest error seen between the rows of the table is allowed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """How to choose among the items not yet asked.

    ``among`` draws one of so many best items, so that not everybody is asked the same;
    1 always takes the best, and the first in the bank of equals. ``seed`` makes the draw
    repeatable. ``shares`` say how much of the questions each area of content should have;
    the area that lags most is next. Without shares, areas do not matter.
    """

    among: int = 1
    seed: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.among < 1:
            raise ScienceError(f"among is {self.among}; give 1 or more.")
        if self.seed < 0:
            raise ScienceError(f"seed is {self.seed}; give 0 or more.")
        shares = self.shares.values()
        if self.shares and (min(shares) < 0 or not sum(shares) > 0):
            raise ScienceError(f"shares are {dict(self.shares)}; give none below 0.")

    def fits(self, bank: Bank) -> None:
        """Refuse a bank whose areas are not those of the shares.

        Raises
        ------
        ScienceError
            If an area has a share and no item, or items and no share.
        """
        odd = set(self.shares) ^ set(bank.areas) if self.shares else set()
        if odd:
            raise ScienceError(
                f"The area {min(odd)!r} has a share and no item, or items and no share. Give "
                "every area of the bank a share, 0 to leave it out."
            )

    def barred(self, areas: Sequence[str], closed: Bools) -> Bools:
        """Say which items may not come next, for many people.

        Parameters
        ----------
        areas : sequence of str, length items
            Area of each item.
        closed : ndarray of bool, shape (n, items)
            Items asked already.

        Returns
        -------
        ndarray of bool, shape (n, items)
            Those, and all outside the area that is due.
        """
        if not self.shares:
            return closed
        names, shares = list(self.shares), np.array(list(self.shares.values()))
        member = np.array([[area == name for area in areas] for name in names])
        given = (closed[:, None, :] & member).sum(axis=2)
        left = (~closed[:, None, :] & member).any(axis=2) & (shares > 0)
        asked = np.maximum(given.sum(axis=1, keepdims=True), 1)
        lag = np.where(left, shares / shares.sum() - given / asked, -np.inf)
        barred: Bools = closed | ~member[lag.argmax(axis=1)] | ~left.any(axis=1)[:, None]
        return barred

    def draw(self, best: Places, step: int, *, person: int = 0) -> int:
        """Return one of the best items at one step; a person's number adds to the seed."""
        found = best[best != NONE]
        if not found.size:
            return NONE
        if self.among == 1:
            return int(found[0])
        return int(
            found[np.random.default_rng((self.seed + person, step)).integers(found.size)]
        )


BEST = Selection()
"""Always the most informative item."""


Lead = tuple[tuple[int, str, float, float, float], ...]
"""Place, id, most information between two rows, value at the first, step to the next."""


@dataclass(frozen=True, eq=False)
class InformationTable:
    """Item information on a fine grid; between its rows off by ``slack`` at most."""

    bank: Bank
    low: float
    values: Floats
    slack: float

    @classmethod
    def of(cls, bank: Bank, prior: Prior) -> InformationTable:
        """Work out the table for every level that the prior's grid allows."""
        rows = int(np.ceil((prior.high - prior.low) * _PER_UNIT)) + 2
        levels = prior.low + np.arange(rows) / _PER_UNIT
        values = information_at(levels[:, None], bank.slopes, bank.thresholds)
        if bank.slopes.max() > _STEEPEST:
            return cls(bank, prior.low, values, np.inf)
        between = levels[:-1] + 0.5 / _PER_UNIT
        exact = information_at(between[:, None], bank.slopes, bank.thresholds)
        off = np.abs(exact - 0.5 * (values[:-1] + values[1:])).max()
        return cls(bank, prior.low, values, float(_CAUTION * off))

    def rough(self, levels: Floats) -> Floats:
        """Return information to within the slack, shape (n, items)."""
        at = (levels - self.low) * _PER_UNIT
        row = at.astype(np.intp)
        found: Floats = self.values[row]
        found += self.steps[row] * (at - row)[:, None]
        return found

    @cached_property
    def _leads(self) -> dict[int, Lead]:
        return {}

    @cached_property
    def steps(self) -> Floats:
        """How much information changes from each row to the next."""
        return np.diff(self.values, axis=0)

    def first(self, level: float, asked: Set[str]) -> int | None:
        """Look up the most informative item that was not asked, for one person.

        Between two rows of the table no item tells more than at the better of them. So the
        items are gone through in that order, and only until none further down can win.

        Parameters
        ----------
        level : float
            Where the person seems to be, within the prior's grid.
        asked : set of str
            Ids of items that may not come next.

        Returns
        -------
        int or None
            Place in the bank, of equals the first, -1 where no more are left; None where the
            few that were looked up do not settle it and ``best`` must look at every item.
        """
        at = (level - self.low) * _PER_UNIT
        row = int(at)
        share, bar, near, lead = at - row, -inf, [], self._leading(row)
        for place, name, most, value, step in lead:
            if most < bar:
                break
            if name not in asked:
                rough = value + step * share
                near.append((place, rough))
                bar = max(bar, rough - 2.0 * self.slack)
        else:
            if len(lead) < len(self.bank.ids):
                return None
        return self._surest(level, [place for place, rough in near if rough >= bar])

    def _surest(self, level: float, near: list[int]) -> int:
        """Return which of a few items tells most, exactly; of equals the first."""
        if len(near) <= 1:
            return near[0] if near else NONE
        near.sort()
        slopes, thresholds = self.bank.slopes[near], self.bank.thresholds[near]
        return near[int(information_at(np.array(level), slopes, thresholds).argmax())]

    def _leading(self, row: int) -> Lead:
        """Return the items that tell most from one row of the table to the next."""
        found = self._leads.get(row)
        if found is None:
            two = self.values[row : row + 2]
            most = two.max(axis=0)
            order = np.argsort(-most, kind="stable")[:_LEADING]
            found = self._leads[row] = tuple(
                zip(
                    order.tolist(),
                    [self.bank.ids[place] for place in order],
                    most[order].tolist(),
                    two[0, order].tolist(),
                    (two[1] - two[0])[order].tolist(),
                    strict=True,
                )
            )
        return found

    def best(self, levels: Floats, barred: Bools, among: int) -> Places:
        """Find the most informative items that are not barred, best first.

        Parameters
        ----------
        levels : ndarray of shape (n,)
            Where each person seems to be, within the prior's grid.
        barred : ndarray of bool, shape (n, items)
            Items that may not come next.
        among : int
            How many to find.

        Returns
        -------
        ndarray of int, shape (n, among)
            Places in the bank; of equals the first; -1 where no more are left.
        """
        rough = self.rough(levels)
        rough[barred] = -np.inf
        among = min(among, rough.shape[1])
        if among == 1:
            least = rough.max(axis=1, keepdims=True)
        else:
            least = -np.partition(-rough, among - 1, axis=1)[:, among - 1 : among]
        near = rough >= np.maximum(least, 0.0) - 2.0 * self.slack
        if not np.isfinite(self.slack):
            near &= ~barred
        person, item = np.divmod(np.flatnonzero(near), near.shape[1])
        found = np.full((len(levels), among), NONE, dtype=np.intp)
        if among == 1 and (np.diff(person) > 0).all():
            found[person, 0] = item
            return found
        exact = information_at(
            levels[person], self.bank.slopes[item], self.bank.thresholds[item]
        )
        order = np.lexsort((item, -exact, person))
        starts = np.searchsorted(person, np.arange(len(levels)))
        rank = np.arange(person.size) - starts[person]
        kept = rank < among
        found[person[kept], rank[kept]] = item[order][kept]
        return found
