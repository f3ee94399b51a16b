"""Budgets of size.

A file fits in a head, a function on a screen. The figures are those of the house rules.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.plan import ROOT, SOURCE, functions, length_without_docstring, modules, name

BUDGETS = [
    # folder             pattern      lines
    (SOURCE,             "*.py",      400),
    (ROOT / "tests",     "*.py",      600),
    (SOURCE / "pages",   "*.html",    120),
    (SOURCE / "pages",   "*.js",      150),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "pattern", "limit"), BUDGETS)
def test_no_file_is_longer_than_its_budget(folder: Path, pattern: str, limit: int) -> None:
    files = [p for p in folder.rglob(pattern) if "migrations" not in p.parts]
    long = {name(p): n for p in files if (n := len(p.read_text().splitlines())) > limit}

    assert long == {}


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = {
        f"{name(path)}:{function.name}": lines
        for path in modules()
        for function in functions(path)
        if (lines := length_without_docstring(function)) > 50
    }

    assert long == {}


def test_hardly_any_function_is_longer_than_forty_lines() -> None:
    lengths = [length_without_docstring(f) for path in modules() for f in functions(path)]
    share = sum(n > 40 for n in lengths) / len(lengths)

    assert share < 0.02


def test_every_room_has_a_door_plate() -> None:
    rooms = [p.parent for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
    bare = {
        name(room)
        for room in set(rooms)
        if not (room / "__init__.py").exists()
        or not (room / "__init__.py").read_text().startswith('"""')
    }

    assert bare == set()


def test_no_unfinished_business_is_left_in_the_code() -> None:
    marks = ("TODO", "FIXME", "XXX", "HACK")
    left = [name(p) for p in modules() if any(mark in p.read_text() for mark in marks)]

    assert left == []
