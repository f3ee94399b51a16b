"""What is known of people at intake, as a table of its own for ``securebase fit``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from securebase.science.errors import BadInput
from securebase.science.tables import Table, number
from securebase.science.trajectory.intake import Covariate, Yardstick


@dataclass(frozen=True, slots=True)
class Known:
    """One column for each covariate, by person; NaN where it is not known.

    A column is measured by mean and sd, with n - 1, of everybody here of whom it is known.
    """

    where: str
    yardsticks: tuple[Yardstick, ...]
    by_person: dict[str, tuple[float, ...]]

    def about(self, measure: str) -> tuple[Covariate, ...]:
        """Return the covariates of a measure, effects unknown: no instrument tells itself."""
        own = measure.partition(".")[0]
        return tuple(
            Covariate(one.measure, 0.0, 0.0, (one,), title=one.measure)
            for one in self.yardsticks
            if one.measure.partition(".")[0] != own
        )

    def standardized(
        self, people: Sequence[str], covariates: Sequence[Covariate]
    ) -> dict[str, NDArray[np.float64]]:
        """Return the values, in sds from the mean, of those of whom all are known."""
        names = [one.measure for one in self.yardsticks]
        at = [names.index(one.name) for one in covariates]
        means, sds = (
            np.array([getattr(self.yardsticks[n], part) for n in at]) for part in ("mean", "sd")
        )
        found = {
            one: (np.array(self.by_person[one])[at] - means) / sds
            for one in people
            if one in self.by_person
        }
        return {one: values for one, values in found.items() if not np.isnan(values).any()}


def read_known(table: Table, people: Collection[str]) -> Known:
    """Check every row of what is known at intake before any is used.

    Parameters
    ----------
    table : Table
        With a column person and one for each covariate, called by the measure it is, or
        by any name; an empty cell is not known.
    people : collection of str
        Who has a score; others are left out.

    Returns
    -------
    Known
        By person.

    Raises
    ------
    BadInput
        If a cell is no number, somebody has two rows, there is no column but person, or
        one holds fewer than two different values.
    """
    table.need("person")
    names = tuple(name for name in table.columns if name != "person")
    if not names:
        raise BadInput(
            f"{table.where}: there is no column but person. Give one for each covariate, "
            "called by its measure, such as core-10.total."
        )
    rows = _rows(table, names)
    found = {person: values for person, values in rows.items() if person in people}
    values = np.array([*found.values()]).reshape(len(found), len(names))
    yardsticks = tuple(
        _yardstick(name, column[~np.isnan(column)], table.where)
        for name, column in zip(names, values.T, strict=True)
    )
    return Known(table.where, yardsticks, found)


def _rows(table: Table, names: tuple[str, ...]) -> dict[str, tuple[float, ...]]:
    rows: dict[str, tuple[float, ...]] = {}
    for (row, person), (_, cells) in zip(table.column("person"), table.rows, strict=True):
        if not person or person in rows:
            said = (
                f"{person!r} is there twice. Keep one row." if person else "empty. Fill it in."
            )
            raise BadInput(f"{table.where}, row {row}, column person: {said}")
        told = dict(zip(table.columns, cells, strict=True))
        values = [
            number(told[name].strip(), where=table.where, row=row, column=name)
            for name in names
        ]
        rows[person] = tuple(np.nan if value is None else value for value in values)
    return rows


def _yardstick(name: str, known: NDArray[np.float64], where: str) -> Yardstick:
    if len(np.unique(known)) <= 1:
        raise BadInput(
            f"{where}, column {name}: the {known.size} people with a score of whom it is known "
            "do not differ in it, so it tells nothing. Leave the column out, and see that "
            "both files name people alike."
        )
    return Yardstick(name, float(known.mean()), float(known.std(ddof=1)))
