"""A server killed while patients answer.

What a patient was told is kept or sent is on the disk, once and unchanged, however often
the server dies. This is the short form; ``make faults`` kills it twenty times.
"""

from __future__ import annotations

import pytest

from tests.faults.crash import crash, doubled, lost
from tests.faults.patient import Ledger
from tests.faults.scratch import scratch

RESPONSE = {"checkin": "one", "instrument": "arousal", "answers": {"now": 2}, "texts": {}}
SENT = {
    "drafts": {},
    "sent": {"one": ["arousal"]},
    "responses": [RESPONSE],
    "noted": {"one": 1},
}
"""What a disk holds after one check-in was sent."""


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed() -> None:
    with scratch() as practice:
        figures = crash(practice, kills=3, seed=7)

    assert figures.problems == (), figures
    assert figures.keeps > 0
    assert figures.repeated > 0


def test_an_answer_that_is_not_there_counts_as_lost() -> None:
    ledger = Ledger(keeps={"one": {"arousal.now": 3}}, sends={"one"})

    problems = list(lost(ledger, SENT))

    assert problems == ["arousal.now of check-in one: 3 was kept, 2 is there"]


def test_a_send_that_is_not_there_counts_as_lost() -> None:
    ledger = Ledger(sends={"two"})

    problems = list(lost(ledger, SENT))

    assert problems == ["check-in two was acknowledged as sent and is not"]


def test_a_second_response_of_one_instrument_counts_as_doubled() -> None:
    twice = SENT | {"responses": [RESPONSE, RESPONSE]}

    problems = list(doubled(twice))

    assert problems == ["arousal of check-in one: 1 responses too many or too few"]


def test_what_was_sent_once_and_is_held_once_is_no_problem() -> None:
    ledger = Ledger(keeps={"one": {"arousal.now": 2}}, sends={"one"})

    problems = [*lost(ledger, SENT), *doubled(SENT)]

    assert problems == []
