"""Many writers at one thing: ``python -m tests.faults.editors --edits 100``.

Each looks at what holds, changes it and says what they had read; whoever was overtaken
looks again and tries again, as the page offers it. It is run on the store that
DATABASE_URL names, PostgreSQL by ``python tests/postgres.py``.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import OperationalError, connections

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.stories.write_over import Look, Overtaken, write_over

WRITERS = 8
EDITS = int(os.environ.get("EDITS", "2"))

Act = Callable[[User, int], object]
"""Changes the thing as somebody, for the nth time over all writers."""


@dataclass(slots=True)
class Tally:
    """What was written over what, and how often somebody was overtaken."""

    over: list[str] = field(default_factory=list)
    """The mark that each write replaced."""
    overtaken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def lost(self) -> int:
        """How many writes were written over by somebody who had not read them."""
        return len(self.over) - len(set(self.over))


def write_at_once(patient: Patient, writers: list[User], look: Look, act: Act) -> Tally:
    """Let everybody write as often as agreed, all at the same time."""
    tally, together = Tally(), threading.Barrier(len(writers))

    def write(place: int) -> None:
        try:
            together.wait()
            for edit in range(EDITS):
                _write_once(patient, writers[place], look, act, place * EDITS + edit, tally)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(place,)) for place in range(len(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def _write_once(
    patient: Patient, by: User, look: Look, act: Act, number: int, tally: Tally
) -> None:
    """Write one thing, looking again as often as somebody else was first."""
    while True:
        try:
            seen = look().mark
            write_over(patient=patient, seen=seen, look=look, act=lambda: act(by, number))
        except OperationalError:
            connections.close_all()
        except Overtaken:
            with tally.lock:
                tally.overtaken += 1
        else:
            with tally.lock:
                tally.over.append(seen)
            return


def main() -> int:
    """Run the long form; 0 if nobody's edit was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edits", type=int, default=100)
    os.environ["EDITS"] = str(parser.parse_args().edits)
    wanted = ["tests/faults/test_editors.py", "tests/clinic/test_note_writers.py"]
    return pytest.main(["-q", "-s", "-p", "no:cacheprovider", *wanted])


if __name__ == "__main__":
    sys.exit(main())
