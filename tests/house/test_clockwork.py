"""Clockwork.

What runs by the clock has no person behind it who could be refused. So each piece of
work says what it reaches of people and what for, and one that does not fails here.
"""

from __future__ import annotations

import ast
import inspect

from securebase.jobs import tick
from securebase.jobs.daily import DUTIES
from securebase.jobs.letters import WRITERS
from securebase.jobs.new_keys import renew_keys
from securebase.jobs.reach import REACHES
from securebase.people.access.words import Action, Category


def turned() -> set[object]:
    """Return the functions of this program that one turn of the clock calls."""
    called = [
        node.func.id
        for node in ast.walk(ast.parse(inspect.getsource(tick.tick)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    found = [vars(tick).get(name) for name in called]
    return {one for one in found if inspect.isfunction(one)}


def test_every_piece_of_work_says_what_it_reaches() -> None:
    work = turned() | {renew_keys} | {daily.do for daily in DUTIES} | set(WRITERS.values())

    assert len(turned()) > 4
    assert work == set(REACHES)


def test_work_that_writes_says_so_and_everything_says_why() -> None:
    assert {reach.action for reach in REACHES.values()} == {Action.READ, Action.WRITE}
    assert all(reach.why and reach.categories for reach in REACHES.values())


def test_no_letter_reaches_what_somebody_answered_or_wrote() -> None:
    told = {Category.IDENTITY, Category.SCHEDULE, Category.AUDIT}

    assert [w for w in WRITERS.values() if not REACHES[w].categories <= told] == []
