"""Measure on PostgreSQL: put ``-m benchmarks.on_postgres`` before a benchmark and its words.

``.venv/bin/python -m benchmarks.on_postgres load 2000 60 120`` seeds and serves the practice
of ``load.py`` in a server of its own that waits for the disk, as one in a practice does.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.faults.cluster import cluster


def main() -> int:
    """Run the benchmark that was named with a PostgreSQL beside it."""
    name, *words = sys.argv[1:]
    with cluster() as place:
        return subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *words],
            env=os.environ | place.where,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
