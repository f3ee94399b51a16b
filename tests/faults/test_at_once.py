"""The same check-in at the same time.

A patient taps twice, a phone repeats what got no answer, two devices are open at once.
Whatever the order, one check-in is sent once, and no acknowledged answer is lost.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.faults.scratch import HOST, Scratch, scratch
from tests.faults.visitor import Answer, Visitor

pytestmark = pytest.mark.slow

SENDS = 50
DEVICES, TABS, ROUNDS = 2, 4, int(os.environ.get("ROUNDS", "5"))
OWN = 4
"""Questions that one tab answers, each one in every round: ROUNDS=25 are 800 edits."""
FIRST, SECOND, THIRD = range(3)


@pytest.fixture(scope="module")
def practice() -> Iterator[Scratch]:
    """Return a practice that is not served yet."""
    with scratch() as practice:
        yield practice


@pytest.fixture(scope="module")
def seeded(practice: Scratch) -> dict[str, Any]:
    """Return who its patients are, with the server up."""
    seeded = practice.seed(patients=3, checkins=0)
    practice.start()
    return seeded


def signed_in(practice: Scratch, seeded: dict[str, Any], number: int) -> Visitor:
    """Return a new device on which one of the patients is signed in."""
    device = Visitor(HOST, practice.port)
    device.sign_in(seeded["emails"][number], seeded["password"])
    return device


def checkin_of(seeded: dict[str, Any], number: int) -> str:
    """Return the check-in of one patient, with questions enough for everybody."""
    return str(seeded["long"][seeded["emails"][number]])


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment; return what came of each."""
    together = threading.Barrier(len(work))

    def one(do: Callable[[], Any]) -> Any:
        together.wait()
        return do()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def test_a_check_in_sent_fifty_times_at_once_is_sent_once(
    practice: Scratch, seeded: dict[str, Any]
) -> None:
    device, checkin = signed_in(practice, seeded, FIRST), checkin_of(seeded, FIRST)
    for number in range(1, 4):
        device.post(f"/me/check-in/{checkin}/{number}/", {"do": "continue", "answer": "1"})
    tabs = [device.another_tab() for _ in range(SENDS)]

    answers: list[Answer] = at_once(
        [partial(tab.post, f"/me/check-in/{checkin}/send/", {}) for tab in tabs]
    )
    held = practice.read()

    mine = [one for one in held["responses"] if one["checkin"] == checkin]
    assert {(one.status, one.location) for one in answers} == {
        (302, f"/me/check-in/{checkin}/sent/")
    }
    assert sorted(one["instrument"] for one in mine) == sorted(held["sent"][checkin])
    assert held["noted"][checkin] == 1
    assert not any(tab.broken for tab in tabs), practice.log()[-2000:]


def test_answers_kept_on_two_devices_at_once_are_all_kept(
    practice: Scratch, seeded: dict[str, Any]
) -> None:
    checkin = checkin_of(seeded, SECOND)
    devices = [signed_in(practice, seeded, SECOND) for _ in range(DEVICES)]
    tabs = [device.another_tab() for device in devices for _ in range(TABS)]

    answers = at_once([partial(keep_own, tab, checkin, n) for n, tab in enumerate(tabs)])
    held = practice.read()

    asked = [ref for ref, *_ in seeded["questions"][checkin]]
    last = {asked[n]: (n + ROUNDS - 1) % 3 + 1 for n in range(len(tabs) * OWN)}
    given = held["drafts"][checkin]["answers"]
    assert {one.status for several in answers for one in several} == {200}
    assert {ref: given.get(ref) for ref in last} == last
    assert held["versions"][checkin] == len(tabs) * OWN * ROUNDS
    assert not any(tab.broken for tab in tabs), practice.log()[-2000:]


def test_an_answer_kept_while_the_check_in_is_sent_is_in_it_or_is_refused(
    practice: Scratch, seeded: dict[str, Any]
) -> None:
    checkin = checkin_of(seeded, THIRD)
    device = signed_in(practice, seeded, THIRD)
    tabs = [device.another_tab() for _ in range(TABS)]

    *answers, sent = at_once(
        [
            *(partial(keep_own, tab, checkin, n) for n, tab in enumerate(tabs)),
            partial(device.post, f"/me/check-in/{checkin}/send/", {}),
        ]
    )
    held = practice.read()

    asked = [ref for ref, *_ in seeded["questions"][checkin]]
    given = {
        f"{one['instrument']}.{item}": value
        for one in held["responses"]
        if one["checkin"] == checkin
        for item, value in one["answers"].items()
    }
    last = {
        asked[question(n, turn)]: value_of(n, turn)
        for n, several in enumerate(answers)
        for turn, one in enumerate(several)
        if one.acknowledged
    }
    assert sent.status == 302
    assert {one.status for several in answers for one in several} <= {200, 409}
    assert {ref: given[ref] for ref in last} == last


def test_the_trail_holds_after_everybody_at_once(
    practice: Scratch, seeded: dict[str, Any]
) -> None:
    held = practice.read()

    assert held["breaks"] == []
    assert held["damage"] == []


def question(tab: int, turn: int) -> int:
    """Return the place, from 0, of what a tab answers in its n-th turn."""
    return tab * OWN + turn % OWN


def value_of(tab: int, turn: int) -> int:
    """Return what a tab answers in its n-th turn: another value in every round."""
    return (question(tab, turn) + turn // OWN) % 3 + 1


def keep_own(tab: Visitor, checkin: str, number: int) -> list[Answer]:
    """Answer the tab's own questions, round after round."""
    return [
        tab.post(
            f"/me/check-in/{checkin}/{question(number, turn) + 1}/keep/",
            {"answer": str(value_of(number, turn))},
        )
        for turn in range(OWN * ROUNDS)
    ]
