"""What stands for a whole file of tests: made once, seen by each, and gone afterwards.

Each test still runs in a transaction of its own inside the one that holds what stands,
so what a test does is undone before the next. Only for files whose tests never commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

T = TypeVar("T")


@contextmanager
def standing(blocker: DjangoDbBlocker, make: Callable[[], T]) -> Iterator[T]:
    """Make something in the database and let it stand until the block ends."""
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
    try:
        with blocker.unblock():
            made = make()
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
