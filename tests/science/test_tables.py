"""Tables from outside.

A table is read whole or refused with its row and column; what could fill the memory or
fall off the end of the calendar is refused too.
"""

from __future__ import annotations

import pytest

from securebase.science.errors import BadInput
from securebase.science.tables import MOST_CELLS, moment, read_table

AT = {"where": "scores.csv", "row": 3, "column": "at"}


@pytest.mark.parametrize("cell", ["0001-01-01T00:00+14:00", "1899-12-31", "2200-01-01T00:00"])
def test_a_day_at_the_ends_of_the_calendar_is_refused(cell: str) -> None:
    with pytest.raises(BadInput, match=r"scores\.csv, row 3, column at: .* years 1900 to 2199"):
        moment(cell, **AT)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["1900-01-01", "2199-12-31T23:59-12:00", "2026-03-01"])
def test_a_day_that_somebody_could_mean_is_read(cell: str) -> None:
    assert moment(cell, **AT).isoformat().startswith(cell[:10])  # type: ignore[arg-type]


def test_a_row_of_more_cells_than_any_table_has_is_refused() -> None:
    raw = b"at,value\n" + b"," * (MOST_CELLS + 1)

    with pytest.raises(BadInput, match=r"row 2: 10,002 cells; 10,000 are allowed"):
        read_table(raw, "scores.csv")
