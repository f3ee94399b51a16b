"""What every test starts from: no key remembered from a transaction rolled back."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from securebase.people.audit.anchors import log_file
from securebase.people.vault.keys import forget_keys
from securebase.stories.keep_safe import restore
from tests.chromium import _each_window_has_a_door, chromium, live_server, visitor
from tests.flushing import Emptying
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


def pytest_unconfigure() -> None:
    """Let the end of the run find everything again."""
    gc.unfreeze()


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
    """Between tests that commit, every table is emptied, the guarded ones too."""
    emptying = Emptying()
    usual = TransactionTestCase.__dict__["_fixture_setup"]

    def set_up(case: type[TransactionTestCase]) -> None:
        emptying.remember()
        usual.__func__(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(set_up))
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield
