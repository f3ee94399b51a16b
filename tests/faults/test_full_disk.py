"""A disk that is full.

What was acknowledged is kept, the database stays sound, and what can be read is served:
the door, the crisis help and the patient's own page. Whoever wants to write is told calmly
that it did not go. Then somebody makes room, and everything goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.faults.full import Disk, NotHere, fill, on_a_small_cluster, on_a_small_disk
from tests.faults.scratch import Scratch

pytestmark = [pytest.mark.slow, pytest.mark.any_database]

Place = Callable[[], AbstractContextManager[tuple[Scratch, Disk]]]


@pytest.mark.parametrize("place", [on_a_small_disk, on_a_small_cluster])
def test_nothing_acknowledged_is_lost_when_the_disk_is_full_and_reading_goes_on(
    place: Place,
) -> None:
    try:
        with place() as (practice, disk):
            figures = fill(practice, disk, seed=7)
    except NotHere as reason:
        pytest.skip(str(reason))

    assert figures.problems == (), figures
    assert figures.refused > 0
    assert figures.after > 0


def test_crisis_help_is_served_while_a_database_with_a_full_log_is_away() -> None:
    try:
        with on_a_small_cluster() as (practice, disk):
            figures = fill(practice, disk, seed=7, log_too=True)
    except NotHere as reason:
        pytest.skip(str(reason))

    assert figures.problems == (), figures
    assert figures.signing_in == "answered calmly"
    assert figures.stood_up
    assert figures.after > 0
