"""The same check-in, sent again and again.

However often and on however many tabs a check-in is sent, it is there once. This is the
short form; ``make faults`` sends ten thousand times.
"""

from __future__ import annotations

import pytest

from tests.faults.duplicates import send_again
from tests.faults.scratch import scratch

pytestmark = pytest.mark.slow


def test_what_is_sent_many_times_is_there_once() -> None:
    with scratch() as practice:
        figures = send_again(practice, sends=40)

    assert figures.problems == (), figures
    assert figures.sends >= 40
