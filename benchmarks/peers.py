"""Peers in Python. Usage: python -m benchmarks.peers NAME FOLDER PEOPLE."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.seat import absent


def main() -> int:
    """Seat the peer, if it is installed."""
    name, folder, people = sys.argv[1:]
    if find_spec(name) is None:
        return absent("not installed (pip install -r requirements/bench.txt)")
    import_module(f"benchmarks.with_{name}").run(Path(folder), int(people))
    return 0


if __name__ == "__main__":
    sys.exit(main())
