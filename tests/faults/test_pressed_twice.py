"""A button pressed twice in the same moment.

The second press does not wait for the first answer. What the form asks for is done once
all the same, and every press is led to the same place; a form that is refused leaves
nothing behind that would stand in the way of the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.faults.forms import Forms
from tests.faults.scratch import HOST, Scratch, scratch
from tests.faults.test_at_once import at_once
from tests.faults.visitor import FORM, Answer, Visitor

pytestmark = pytest.mark.slow

PRESSES, ROUNDS = 8, 5
TOGETHER, GOALS, KIT = "/me/together/", "/me/goals", "/me/kit/add/words/"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Scratch, dict[str, Any]]]:
    """Return a practice that is served, and who its patients are."""
    with scratch() as practice:
        seeded = practice.seed(patients=2, checkins=0)
        practice.start()
        yield practice, seeded


def signed_in(served: tuple[Scratch, dict[str, Any]], number: int) -> Visitor:
    """Return a browser in which one of the patients is signed in."""
    practice, seeded = served
    visitor = Visitor(HOST, practice.port)
    visitor.sign_in(seeded["emails"][number], seeded["password"])
    return visitor


def pressed(visitor: Visitor, page: str, to: str, **words: str) -> list[Answer]:
    """Open a page, fill in one of its forms, and press its button often at once."""
    found = Forms(page, visitor.get(page).body).found
    form = next(form for form in found if form.action == to)
    told = {**form.fields, **{name: [said] for name, said in words.items()}}
    sent = urlencode(told, doseq=True).encode()
    tabs = [visitor.another_tab() for _ in range(PRESSES)]
    return at_once([partial(tab.post_as, FORM, to, sent) for tab in tabs])


def test_a_goal_is_set_once_and_every_press_is_led_to_it(
    served: tuple[Scratch, dict[str, Any]],
) -> None:
    sam = signed_in(served, 0)

    answers = [pressed(sam, TOGETHER, GOALS, words=f"Goal number {n}.") for n in range(ROUNDS)]

    told = {(one.status, one.location) for several in answers for one in several}
    page = sam.get(TOGETHER).body
    forms = [form for form in Forms(TOGETHER, page).found if form.action.endswith("/close")]
    assert told == {(302, TOGETHER)}
    assert [page.count(f"Goal number {n}.") > 0 for n in range(ROUNDS)] == [True] * ROUNDS
    assert len({form.action for form in forms}) == ROUNDS


def test_what_is_refused_eight_times_at_once_is_taken_afterwards(
    served: tuple[Scratch, dict[str, Any]],
) -> None:
    sam = signed_in(served, 1)

    refused = pressed(sam, KIT, KIT, title="", words="The sea.")
    taken = pressed(sam, KIT, KIT, title="Sea", words="The sea.")

    assert {one.status for one in refused} == {422}
    assert {one.status for one in taken} == {302}
    assert len({one.location for one in taken}) == 1
