"""Measures how fast the trail is verified: every link and every head, from the database.

Rows are written the way the program writes them, into a scratch SQLite file; then the
trail is walked as ``securebase verify`` does, and written out and checked as a file.

Run: .venv/bin/python benchmarks/verify.py [--rows 20000]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

SCRATCH = Path(tempfile.mkdtemp(prefix="sb-bench-"))
os.environ["SECUREBASE_DATA_DIR"] = str(SCRATCH)
os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.keeping"

import django  # noqa: E402

from securebase.people.vault.crypto import make_root_key  # noqa: E402

ROOT_KEY = SCRATCH / "keys" / "root.key"
make_root_key(ROOT_KEY)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from securebase.people.audit import trail  # noqa: E402
from securebase.people.audit.anchors import end_of_rows  # noqa: E402
from securebase.people.audit.verbs import Verb  # noqa: E402
from securebase.people.audit.written import check, lines  # noqa: E402

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATIENTS = [uuid4() for _ in range(50)]


def timed(name: str, rows: int, work: Callable[[], object]) -> None:
    """Do the work once and print how many rows went by each second."""
    begin = time.perf_counter()
    work()
    took = time.perf_counter() - begin
    sys.stdout.write(f"{name:<34}{rows / took:>12,.0f} rows/s  ({took:.2f} s)\n")


@transaction.atomic
def fill(rows: int) -> None:
    """Write rows as the program writes them."""
    for number in range(rows):
        trail.record(Verb.RECORD_READ, by=None, at=AT, patient=PATIENTS[number % 50])


def written_out(key: bytes) -> list[str]:
    """Return the trail as the lines of a file."""
    keys, made_at = trail.chain_keys(), AT.isoformat()
    return list(lines(trail.rows(), keys=keys, heads={}, root_key=key, made_at=made_at))


def main() -> int:
    """Write, walk, write out and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    call_command("migrate", verbosity=0)
    key = bytes.fromhex(ROOT_KEY.read_text().strip())
    timed("record, in one transaction", rows, lambda: fill(rows))
    timed("verify links in the database", rows, lambda: list(trail.breaks()))
    timed("head of the trail (anchor)", rows, end_of_rows)
    timed("write out", rows, lambda: written_out(key))
    file = written_out(key)
    timed("check a file with the key", rows, lambda: check(file, root_key=key))
    timed("check a file without a key", rows, lambda: check(file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
