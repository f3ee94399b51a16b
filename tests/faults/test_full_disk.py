"""A disk that is full.

What was acknowledged is kept, the database stays sound, and what can be read is served:
the door, the crisis help and the patient's own page. Whoever wants to write is told calmly
that it did not go. Then somebody makes room, and everything goes on.
"""

from __future__ import annotations

import pytest

from tests.faults.full import NotHere, fill, on_a_small_disk

pytestmark = [pytest.mark.slow, pytest.mark.any_database]


def test_nothing_acknowledged_is_lost_when_the_disk_is_full_and_reading_goes_on() -> None:
    try:
        with on_a_small_disk() as (practice, disk):
            figures = fill(practice, disk, seed=7)
    except NotHere as reason:
        pytest.skip(str(reason))

    assert figures.problems == (), figures
    assert figures.refused > 0
    assert figures.signing_in == "answered calmly"
    assert figures.after > 0
