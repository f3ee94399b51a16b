"""What every test starts from: no key remembered from a transaction rolled back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from securebase.people.audit.anchors import log_file
from securebase.people.vault.keys import forget_keys
from securebase.stories.keep_safe import restore
from tests.chromium import _each_window_has_a_door, chromium, live_server, visitor
from tests.flushing import without_triggers
from tests.sitting import clinician, desk, me, sam
from tests.tables import MadeOnce

__all__ = [
    "_each_window_has_a_door",
    "chromium",
    "clinician",
    "desk",
    "live_server",
    "me",
    "sam",
    "visitor",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, so that none is left for one worker alone at the end."""
    long = {
        item.path
        for item in items
        if item.get_closest_marker("slow") or item.get_closest_marker("browser")
    }
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """Look seldom for what nothing points at, and never among what stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(autouse=True)
def _fresh_keys() -> Iterator[None]:
    forget_keys()
    yield
    forget_keys()
    log_file().unlink(missing_ok=True)


@pytest.fixture(autouse=True, scope="session")
def _tables_are_made_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restore, "make_tables", MadeOnce(restore.make_tables))
        yield


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_the_trail() -> Iterator[None]:
    """Between tests that commit, Django empties every table, the guarded ones too."""
    usual = BaseDatabaseOperations.execute_sql_flush

    def flush(operations: Any, sql_list: list[str]) -> None:
        with without_triggers():
            usual(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield
