"""Rows held for writing.

A row that is held for an update must still be there to be pointed at: on PostgreSQL a full
hold lets no other transaction commit a row that names it, and two that wait for each other
in this way are both kept from going on. Only who deletes a row holds it fully.
"""

from __future__ import annotations

from tests.house.plan import SOURCE, calls, modules, name

DELETES = {SOURCE / "stories" / "erase_subject" / "erase.py"}


def test_a_held_row_can_still_be_pointed_at() -> None:
    fully = [
        f"{name(path)}:{node.lineno}"
        for path in sorted(set(modules()) - DELETES)
        for node, word in calls(path)
        if word == "select_for_update"
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]

    assert fully == []
