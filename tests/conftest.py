"""What every test starts from: no key remembered from a transaction rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from securebase.people.vault.keys import forget_keys
from tests.chromium import chromium, visitor

__all__ = ["chromium", "visitor"]


@pytest.fixture(autouse=True)
def _fresh_keys() -> Iterator[None]:
    forget_keys()
    yield
    forget_keys()
