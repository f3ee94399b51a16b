"""Arrows point down.

Import contracts are checked by import-linter; here is what it cannot see.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.plan import CLINIC_ORDER, SOURCE, calls, functions, modules, name, nodes

WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create"}
UNSCOPED = {"objects"}
PAGES = [path for path in modules() if path.relative_to(SOURCE).parts[0] == "pages"]
RULES = {"science", "clinic", "people", "stories"}
CLOCKS = {"now", "today", "utcnow"}


def test_the_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    if not Path(command[0]).exists():
        pytest.skip("import-linter is not installed; make check installs it")
    done = subprocess.run(
        command, cwd=SOURCE.parents[1], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_foreign_keys_follow_the_order_of_the_clinic() -> None:
    from django.apps import apps
    from django.db import models

    rank = {label: place for place, label in enumerate(CLINIC_ORDER)}
    keys = [
        (model._meta.app_label, field.related_model._meta.app_label, str(field))
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and not isinstance(field.related_model, str)
    ]
    upward = [key for here, there, key in keys if rank.get(here, 99) < rank.get(there, -1)]

    assert upward == []


def test_pages_find_do_and_show_but_never_write() -> None:
    written = [
        f"{name(path)}:{node.lineno}: {word}"
        for path in PAGES
        for node, word in calls(path)
        if word in WRITES and not _on_a_plain_dict(node.func)
    ]

    assert written == []


def _on_a_plain_dict(function: ast.expr) -> bool:
    """Whether ``update`` is called on a local mapping: context.update(...) and the like."""
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "update"
        and isinstance(function.value, ast.Name)
        and function.value.id in {"context", "headers", "initial"}
    )


def test_pages_never_fetch_a_record_past_who_may_see_it() -> None:
    direct = [
        f"{name(path)}:{node.lineno}"
        for path in PAGES
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in UNSCOPED
    ]

    assert direct == []


def test_nobody_asks_for_the_time_inside_a_rule() -> None:
    asked = [
        f"{name(path)}:{node.lineno}: {function.name}"
        for path in modules()
        if path.relative_to(SOURCE).parts[0] in RULES
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in CLOCKS
    ]

    assert asked == []
