"""How long a backup, a restore and the drill take, for a practice of 2,000 patients.

The practice of ``pages.py``, 60 check-ins each, is backed up and restored as a host would:
every row is written, read again and compared. The floor is 15 minutes, the goal 5.
Run with ``.venv/bin/python -m benchmarks.restore [patients] [check-ins]``.
"""

from __future__ import annotations

import shutil
import sys
import time
from datetime import UTC, datetime

from django.db import connection

from benchmarks.pages import SCRATCH, seed
from securebase.clinic.measurement.models import Response
from securebase.people.vault.keys import root_of_backups
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.drill import drill
from securebase.stories.keep_safe.restore import restore


def main() -> None:
    """Make the practice, back it up, restore it twice, and print the figures."""
    patients, checkins = (*map(int, sys.argv[1:]),) or (2000, 60)
    seed(patients, checkins)
    answers = sum(len(one) for one in Response.objects.values_list("answers", flat=True))
    file, at = SCRATCH / "one.backup", datetime.now(UTC)
    began = time.perf_counter()
    made = back_up(file, at=at)
    backed_up = time.perf_counter() - began
    (SCRATCH / "there").mkdir()
    new = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(SCRATCH / "there" / "new.sqlite3"),
    }
    place = connection.settings_dict | new | {"OPTIONS": {}}
    began = time.perf_counter()
    restore(file, database=place, root_key=root_of_backups())
    restored = time.perf_counter() - began
    proof = drill(file, at=at, expected=made)
    print(
        f"{patients} patients, {answers:,} answers, {made.rows:,} rows, "
        f"{file.stat().st_size / 1e6:.0f} MB: backed up in {backed_up:.0f} s, restored and "
        f"compared in {restored:.0f} s, drill {proof.seconds:.0f} s, problems {proof.problems}"
    )


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(SCRATCH, ignore_errors=True)
