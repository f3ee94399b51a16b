"""Who gets what at which address.

The matrix is drawn from the address table and asked in full: every address, by reading
and by writing, for the things of two patients and for things that do not exist, by
everybody. What came out is compared with ``expected.csv``, which people have read. A new
address, or a new answer, fails here until somebody has read it too.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import factories as make
from tests.matrix.cells import OPENED, Cell, every_cell
from tests.matrix.world import NOTHING, OWN, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXPECTED = Path(__file__).with_name("expected.csv")
A_ROW = "audit.AuditEvent"
"""Rows of the trail are numbered one after another: a number is no record."""
FIRST = ("address", "verb", "whose")


@pytest.fixture(scope="module")
def cells(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Cell]:
    """Return what everybody was told everywhere, once for all the tests here."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(make.NOW, tick=False),
        transaction.atomic(),
    ):
        found = list(every_cell(a_world()))
        transaction.set_rollback(True)
    return found


def table_of(cells: list[Cell]) -> list[dict[str, str]]:
    """Return the matrix as a table with a column for each person who asks."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for cell in cells:
        key = (cell.address.path, cell.verb, cell.whose)
        row = rows.setdefault(key, dict(zip(FIRST, key, strict=True)))
        row[cell.who] = cell.answer
    return list(rows.values())


def write(rows: list[dict[str, str]], path: Path) -> None:
    """Write the table for people to read."""
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, [*FIRST, *OWN], lineterminator="\n")
        sheet.writeheader()
        sheet.writerows(rows)


def test_every_answer_is_one_that_somebody_has_read(cells: list[Cell], tmp_path: Path) -> None:
    found = table_of(cells)
    write(found, tmp_path / "found.csv")
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))

    new = [row for row in found if row not in expected]
    gone = [row for row in expected if row not in found]
    assert (new, gone) == ([], []), (
        f"Read {tmp_path / 'found.csv'}; if each answer is right, copy it to {EXPECTED}."
    )


def test_nobody_is_let_in_to_what_is_none_of_theirs(cells: list[Cell]) -> None:
    crossing = [cell for cell in cells if cell.crosses]

    assert crossing == []


def test_what_is_not_yours_answers_like_what_is_not_there(cells: list[Cell]) -> None:
    """Not in kind alone: to the byte, headers and all."""
    said = {(c.address.path, c.verb, c.who, c.whose): c.said for c in cells}

    differs = [
        (c.address.path, c.verb, c.who, c.whose)
        for c in cells
        if c.is_foreign and c.said != said[c.address.path, c.verb, c.who, NOTHING]
    ]

    assert differs == []


def test_whoever_asks_in_vain_leaves_one_row_with_the_reason(cells: list[Cell]) -> None:
    in_vain = [
        cell
        for cell in cells
        if cell.answer == "not there" and cell.who != "nobody"
        if cell.whose not in {"", cell.who} and cell.address.of != A_ROW
    ]

    assert [cell for cell in in_vain if (cell.refusals, cell.reads) != (1, 0)] == []
    assert in_vain


def test_whoever_opens_somebody_elses_record_leaves_one_row(cells: list[Cell]) -> None:
    read = [
        cell
        for cell in cells
        if cell.verb == "GET"
        and cell.answer == "shown"
        and cell.whose
        and cell.who != cell.whose
    ]

    assert [cell for cell in read if (cell.refusals, cell.reads) != (0, 1)] == []
    assert read


def test_the_counts_are_told(cells: list[Cell], capsys: pytest.CaptureFixture[str]) -> None:
    answers = Counter(cell.answer for cell in cells)
    opened = sum(answers[one] for one in OPENED)
    crossing = sum(cell.crosses for cell in cells)
    addresses = len({cell.address.path for cell in cells})

    with capsys.disabled():
        print(  # noqa: T201 -- make matrix is for reading this
            f"\n{len(cells)} cells over {addresses} addresses and {len(OWN)} people: "
            f"{opened} let in, {len(cells) - opened} not ({dict(sorted(answers.items()))}), "
            f"{crossing} across patients"
        )
    assert crossing == 0
