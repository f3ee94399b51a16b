"""The table of access, broken on purpose.

Each line of the table is made looser or stricter in every single way: a condition is
dropped, an action, a category, a kind or a duty taken out, a role no longer asked for. The
rows read by hand in the specification of the decision must notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from securebase.people.access import decide as module
from securebase.people.access.decide import decide
from securebase.people.access.table import May, Row, Table, the_table
from securebase.people.access.words import Action, Actor, Category, Context, Thing, TieHeld
from tests.people import test_access as spec

NOTICED_AT_LEAST = 0.95


def broken_permissions(may: May) -> Iterator[tuple[str, May]]:
    """Yield a permission without one of the things it names."""
    for name in ("when", "actions", "categories", "kinds", "owes"):
        for one in sorted(getattr(may, name)):
            without: Any = getattr(may, name) - {one}
            yield f"{may.reason}: {name} without {one}", replace(may, **{name: without})


def broken_rows(row: Row) -> Iterator[tuple[str, Row]]:
    """Yield a row with one permission broken, or without what it asks of a tie."""
    for number, may in enumerate(row.may):
        for what, broken in broken_permissions(may):
            yield what, replace(row, may=(*row.may[:number], broken, *row.may[number + 1 :]))
    if row.role and row.tie:
        yield f"{row.name}: any role", replace(row, role="")
    if row.ends:
        yield f"{row.name}: no end asked for", replace(row, ends=False)
    if row.longest:
        yield f"{row.name}: however long", replace(row, longest=None)


def broken_tables() -> list[tuple[str, Row | None, Table]]:
    """Return every table with one thing broken, and the row it is in."""
    table = the_table()
    found: list[tuple[str, Row | None, Table]] = []
    for number, row in enumerate(table.rows):
        for what, broken in broken_rows(row):
            rows = (*table.rows[:number], broken, *table.rows[number + 1 :])
            found.append((what, row, replace(table, rows=rows)))
    for number, never in enumerate(table.never):
        rest = (*table.never[:number], *table.never[number + 1 :])
        found.append((f"{never.reason}: gone", None, replace(table, never=rest)))
        for one in sorted(never.unless):
            kept = replace(never, unless=never.unless - {one})
            found.append(
                (f"{never.reason}: not unless {one}", None, replace(table, never=(*rest, kept)))
            )
    return found


def answers(row: Row | None) -> list[Any]:
    """Return what is decided for every line of the specification that this row touches."""
    lines = [one for one in spec.TABLE if row is None or one[0].tie is row.tie]
    told: list[Any] = [
        spec.told(tie, action, category, **facts)
        for tie, category, facts, _ in lines
        for action in Action
    ]
    told += [without_role(tie, category) for tie, category, facts, _ in lines if not facts]
    told += [
        spec.told(tie, Action.READ, spec.C.MEASURE)
        for tie in spec.STRETCHED
        if row is None or tie.tie is row.tie
    ]
    return [*told, *answers_alone(row), spec.shut_out() if row is None else None]


def answers_alone(row: Row | None) -> list[Any]:
    """Return what is decided for roles without a tie."""
    return [
        decide(
            Actor(spec.ME, frozenset({role})),
            action,
            Thing(category, **facts),
            Context(spec.NOW),
        )
        for role, category, facts, _ in spec.ALONE
        if row is None or role == row.role
        for action in Action
    ]


def without_role(tie: TieHeld, category: Category) -> Any:
    """Return what is decided for somebody who has the tie and no role."""
    thing = Thing(category, about=spec.SAM)
    return decide(Actor(spec.ME), Action.READ, thing, Context(spec.NOW, (tie,)))


def test_hardly_any_break_goes_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = {row.name: answers(row) for row in the_table().rows} | {"": answers(None)}
    breaks = broken_tables()
    unnoticed = []
    for what, row, table in breaks:
        monkeypatch.setattr(module, "the_table", lambda table=table: table)
        if answers(row) == sound[row.name if row else ""]:
            unnoticed.append(what)

    noticed = 1 - len(unnoticed) / len(breaks)
    assert noticed >= NOTICED_AT_LEAST, unnoticed
    assert len(breaks) > 300
