"""The Python side of a contender's seat; see ``turns.py``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter, process_time
from typing import TypeVar

Made = TypeVar("Made")


def sit(version: str, work: Callable[[], Made]) -> Made:
    """Do the work whenever asked, tell the seconds, and return what came out last."""
    print("ready", version, flush=True)
    made = None
    for _ in sys.stdin:
        wall, cpu = perf_counter(), process_time()
        made = work()
        print("done", perf_counter() - wall, process_time() - cpu, flush=True)
    if made is None:
        raise SystemExit("nobody asked for any work")
    return made


def absent(what: str) -> int:
    """Say that something is not installed."""
    print("absent", what, flush=True)
    return 0
