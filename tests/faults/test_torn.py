"""A server killed in the middle of writing.

A note that keeps itself, a picture for the kit, a check-in from a device that was without
a connection: each is there in the end, once and as it was given. This is the short form;
``make faults`` kills it twenty times.
"""

from __future__ import annotations

import pytest

from tests.faults.scratch import scratch
from tests.faults.torn import tear


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_the_server_is_killed_in_the_middle() -> None:
    with scratch() as practice:
        figures = tear(practice, kills=2, seed=5)
        said = practice.log()[-2000:]

    assert figures.problems == (), f"{figures}\n{said}"
    assert min(figures.kept, figures.pictures, figures.sent) > 0
    assert figures.repeated > 0
