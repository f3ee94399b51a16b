"""The worker beside the pages: its process, from start to a calm stop.

Started by ``securebase serve``; one is enough, and two do no harm, because every duty is
claimed before it is done.
"""

from __future__ import annotations

import os
import signal
import threading
from importlib import import_module
from types import FrameType

import django

EVERY = 5.0
"""Seconds between two looks at the clock."""


def main() -> None:
    """Work until asked to stop, or until the server that started this is gone."""
    leaving = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        leaving.set()

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    django.setup()
    rounds = import_module("securebase.cli.rounds")
    homes = import_module("securebase.people.vault.homes")
    ring = import_module("securebase.people.vault.ring")
    server = os.getppid()
    while not leaving.is_set() and os.getppid() == server:
        if not homes.is_locked():
            ring.look_again()
            rounds.go_round()
        leaving.wait(EVERY)


if __name__ == "__main__":
    main()
