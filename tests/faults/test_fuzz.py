"""Broken files.

Every reader of files from outside is given files with something wrong: encodings, marks,
cells, rows, columns, lengths. It lets them in or refuses them in words; it never falls
over, and of what it refuses nothing is kept. The long form, with twenty thousand files for
each reader, is ``python -m tests.faults.fuzz --inputs 20000``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fuzz import feed
from tests.faults.fuzz_corpus import variants
from tests.faults.fuzz_targets import LeftBehind, Target, targets

FEW = {"backup": 12}
"""A backup that is sound outside is restored to its end, which takes a second."""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_reader_falls_over_and_none_keeps_a_part(tmp_path: Path) -> None:
    fed = [feed(one, inputs=FEW.get(one.name, 60), seed=9) for one in targets(tmp_path)]

    assert [str(figures) for figures in fed if figures.faults] == []
    assert [figures.name for figures in fed if not figures.refused] == []


def test_a_reader_that_falls_over_is_told_with_the_turn_that_makes_the_file_again() -> None:
    def falls(raw: bytes) -> bool:
        if raw.startswith(b"a"):
            raise LeftBehind("half of it")
        return False

    figures = feed(Target("falls", (b"abc,def\n1,2\n",), falls), inputs=20, seed=1)

    (fault,) = figures.faults
    again = variants([b"abc,def\n1,2\n"], number=20, seed=1)[figures.turns[fault]]()
    assert "half of it" in fault
    assert again.startswith(b"a")
    assert not figures.is_well
