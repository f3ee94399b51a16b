"""The disk has it before the patient is told.

Whatever a patient writes, the server has waited for the disk before it answers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fsyncs import READ_ONLY, NotHere, trace

pytestmark = pytest.mark.slow


def test_every_way_to_write_waits_for_the_disk_before_it_is_answered(tmp_path: Path) -> None:
    try:
        found = trace(tmp_path)
    except NotHere as reason:
        pytest.skip(str(reason))

    assert {one.name: one.status for one in found if one.status >= 400} == {}
    assert {one.name for one in found if not one.waited} == {READ_ONLY}
    assert len(found) == 6
