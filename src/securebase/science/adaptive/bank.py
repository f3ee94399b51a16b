"""Item banks: calibrated items with what they measure and who permits their use.

No bank comes with the program: the calibrated banks we know may not be passed on. A
practice that holds the permission writes the figures to a file, and ``load_bank`` checks
every one of them. Such a file is TOML; its items stand in it or in a CSV file beside it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.adaptive.irt import checked, log_category_probabilities
from securebase.science.errors import BadInput, ScienceError, UnknownName
from securebase.science.tables import Table, number, read_table

Floats = NDArray[np.float64]

TEXTS = ("name", "version", "unit", "source", "licence", "permission")
"""What the top of a bank's file must say, in words."""
THRESHOLD = "threshold"


@dataclass(frozen=True, eq=False)
class Bank:
    """Calibrated items in order.

    ``slopes`` of shape (items,), > 0; ``thresholds`` of shape (items, steps), rising, NaN
    where an item has fewer; ``areas`` say which part of the content each item covers.
    ``unit`` says whose mean is 0 and whose sd is 1; ``permission`` is the note of who
    allowed this practice to use the bank.
    """

    ids: tuple[str, ...]
    slopes: Floats
    thresholds: Floats
    areas: tuple[str, ...]
    name: str = ""
    version: str = ""
    unit: str = ""
    source: str = ""
    licence: str = ""
    permission: str = ""

    @classmethod
    def of(
        cls,
        *,
        slopes: ArrayLike,
        thresholds: ArrayLike,
        ids: Sequence[str] = (),
        areas: Sequence[str] = (),
    ) -> Bank:
        """Make a bank of figures at hand; items are called 1, 2, ... if nothing is said.

        Raises
        ------
        ScienceError
            If shapes do not fit, a slope is not positive, thresholds do not rise, or two
            items share a name.

        Examples
        --------
        >>> Bank.of(slopes=[1.5], thresholds=[[0.0, 1.0]]).counts
        (3,)
        """
        a, b = checked(slopes, thresholds)
        names = tuple(ids) or tuple(str(n) for n in range(1, len(a) + 1))
        parts = tuple(areas) or ("",) * len(a)
        if len({*names}) != len(a) or len(names) != len(a) or len(parts) != len(a):
            raise ScienceError(
                f"{len(a)} items have {len({*names})} different names and {len(parts)} "
                "areas; give one name and one area for each."
            )
        return cls(ids=names, slopes=a, thresholds=b, areas=parts)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many categories each item has."""
        return tuple((1 + (~np.isnan(self.thresholds)).sum(axis=1)).tolist())

    def place(self, item: str) -> int:
        """Return where an item stands.

        Raises
        ------
        UnknownName
            If the bank has no such item.
        """
        try:
            return self._places[item]
        except KeyError:
            raise UnknownName(
                f"The bank {self.name!r} has no item {item!r}; it has "
                f"{', '.join(self.ids[:40])}."
            ) from None

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.ids)}

    def only(self, items: Sequence[str]) -> Bank:
        """Return a bank of some items, in the order given: a short form.

        Raises
        ------
        UnknownName
            If the bank has no such item.
        ScienceError
            If an item is named twice.
        """
        at = [self.place(item) for item in items]
        steps = max(self.counts[n] for n in at) - 1
        made = Bank.of(
            slopes=self.slopes[at],
            thresholds=self.thresholds[at, :steps],
            ids=[self.ids[n] for n in at],
            areas=[self.areas[n] for n in at],
        )
        return _with_texts(made, {key: getattr(self, key) for key in TEXTS})

    def log_probabilities(self, levels: Floats) -> Floats:
        """Log-probability of each answer, shape (items, categories, levels).

        Categories that an item does not have hold minus infinity.
        """
        logs = log_category_probabilities(levels, self.slopes, self.thresholds)
        return np.ascontiguousarray(logs.transpose(1, 2, 0))


def load_bank(path: str | Path) -> Bank:
    """Read and check a bank from a file.

    Parameters
    ----------
    path : str or Path
        TOML with ``name``, ``version``, ``unit``, ``source``, ``licence`` and
        ``permission`` on top, and ``[[items]]`` with ``id``, ``slope``, ``thresholds`` and,
        if wanted, ``area``; or ``items = "FILE.csv"``, a table beside it with the columns
        ``id``, ``slope``, ``threshold1``, ``threshold2``, ... and, if wanted, ``area``.

    Returns
    -------
    Bank
        Every figure checked.

    Raises
    ------
    BadInput
        If the file is not usable: names the file, the item, the value and what is allowed.
    OSError
        If there is no such file.
    """
    where = Path(path)
    try:
        told = tomllib.loads(where.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(f"{where.name}: not readable as TOML in UTF-8: {fault}.") from None
    _check_top(told, where.name)
    items = told["items"]
    if isinstance(items, str):
        rows = _rows_of_table(where.parent / items)
    else:
        rows = [_row_of_entry(entry, f"{where.name}, item {n}") for n, entry in _told(items)]
    return _with_texts(_made(rows, where.name), {key: told[key] for key in TEXTS})


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    id: str
    area: str
    slope: float
    thresholds: tuple[float, ...]


def _check_top(told: dict[str, Any], where: str) -> None:
    unknown = sorted(set(told) - {*TEXTS, "items"})
    if unknown:
        raise BadInput(
            f"{where}: {unknown[0]!r} is not known here; there are {', '.join(TEXTS)} and "
            "items."
        )
    for key in TEXTS:
        if not isinstance(told.get(key), str) or not told[key].strip():
            raise BadInput(
                f"{where}: {key} is missing. Say it in words; a bank without a "
                "licence and a note of permission is not used."
            )
    if not isinstance(told.get("items"), str | list) or not told["items"]:
        raise BadInput(f"{where}: items are missing. Give [[items]], or the name of a table.")


def _told(items: list[Any]) -> list[tuple[int, dict[str, Any]]]:
    return [(n, entry if isinstance(entry, dict) else {}) for n, entry in enumerate(items, 1)]


def _row_of_entry(entry: dict[str, Any], where: str) -> _Row:
    unknown = sorted(set(entry) - {"id", "area", "slope", "thresholds"})
    if unknown:
        raise BadInput(
            f"{where}: {unknown[0]!r} is not known; give id, slope, thresholds and area."
        )
    steps = entry.get("thresholds")
    figures = [entry.get("slope"), *(steps if isinstance(steps, list) else [None])]
    if not all(isinstance(one, int | float) and type(one) is not bool for one in figures):
        raise BadInput(
            f"{where}: slope {entry.get('slope')!r} and thresholds {steps!r} are not a "
            "number and a list of numbers."
        )
    numbers = [float(one) for one in figures if one is not None]
    name, area = str(entry.get("id", "")).strip(), str(entry.get("area", ""))
    return _Row(where, name, area, numbers[0], tuple(numbers[1:]))


def _rows_of_table(path: Path) -> list[_Row]:
    table = read_table(path.read_bytes(), path.name)
    table.need("id", "slope", f"{THRESHOLD}1")
    steps = [name for name in table.columns if name.startswith(THRESHOLD)]
    unknown = [name for name in table.columns if name not in {"id", "area", "slope", *steps}]
    if unknown or steps != [f"{THRESHOLD}{n}" for n in range(1, len(steps) + 1)]:
        raise BadInput(
            f"{path.name}, row 1: the columns are {', '.join(table.columns)}; give id, slope, "
            f"{THRESHOLD}1, {THRESHOLD}2 and so on in order, and area if wanted."
        )
    return [_row_of_cells(table, row, cells, steps) for row, cells in table.rows]


def _row_of_cells(table: Table, row: int, cells: tuple[str, ...], steps: Sequence[str]) -> _Row:
    told = dict(zip(table.columns, (cell.strip() for cell in cells), strict=True))
    where = f"{table.where}, row {row}"

    def figure(name: str) -> float:
        value = number(told[name], where=table.where, row=row, column=name)
        return np.nan if value is None else value

    found = [figure(name) for name in steps]
    while found and np.isnan(found[-1]):
        found.pop()
    return _Row(where, told["id"], told.get("area", ""), figure("slope"), tuple(found))


def _made(rows: Sequence[_Row], where: str) -> Bank:
    if not rows:
        raise BadInput(f"{where}: the bank has no items. Give at least one.")
    seen: dict[str, str] = {}
    for row in rows:
        _check_row(row)
        if row.id in seen:
            raise BadInput(f"{row.where}: {row.id!r} stands at {seen[row.id]} too. Rename one.")
        seen[row.id] = row.where
    steps = max(len(row.thresholds) for row in rows)
    blank = [np.nan] * steps
    return Bank.of(
        slopes=[row.slope for row in rows],
        thresholds=[[*row.thresholds, *blank][:steps] for row in rows],
        ids=[row.id for row in rows],
        areas=[row.area for row in rows],
    )


def _check_row(row: _Row) -> None:
    if not row.id:
        raise BadInput(f"{row.where}: the id is blank. Give the item a name.")
    if not (row.slope > 0 and np.isfinite(row.slope)):
        raise BadInput(
            f"{row.where}, {row.id}: slope is {row.slope:g}; it must be above 0. An item that "
            "runs the other way is reversed before it is calibrated."
        )
    steps = np.array(row.thresholds)
    if not (steps.size and np.isfinite(steps).all() and (np.diff(steps) > 0).all()):
        raise BadInput(
            f"{row.where}, {row.id}: thresholds are {list(row.thresholds)}; give one or more "
            "numbers, each above the one before."
        )


def _with_texts(bank: Bank, texts: dict[str, str]) -> Bank:
    return Bank(bank.ids, bank.slopes, bank.thresholds, bank.areas, **texts)
