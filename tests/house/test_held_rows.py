"""Rows held for writing.

A row that is held for an update must still be there to be pointed at: on PostgreSQL a full
hold lets no other transaction commit a row that names it, and two that wait for each other
in this way are both kept from going on. Only who deletes a row holds it fully.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.plan import SOURCE, modules, name, tree

DELETES = {SOURCE / "stories" / "erase_subject" / "erase.py"}


@pytest.mark.parametrize("path", sorted(set(modules()) - DELETES), ids=name)
def test_a_held_row_can_still_be_pointed_at(path: Path) -> None:
    fully = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]

    assert fully == []
