"""Reminders, whatever happens to the worker.

Killed at any point, restarted, with a clock that jumps, in zones where hours are skipped
or come twice: no reminder is missed without being shown, and none comes twice. The long
form, fourteen months and fifty kills, is ``python -m tests.faults.reminders``.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from securebase.people.post import delivery
from securebase.people.post.delivery import Written, claim, deliver, message_id
from securebase.people.post.models import Letter
from securebase.people.post.outbox import enter
from securebase.people.vault.keys import forget_keys
from tests.factories import NOW
from tests.faults.mail_server import BACKEND, CLAIMED, POINTS, Killed, Server
from tests.faults.reminders import simulate

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

State = Letter.State
DAY = timedelta(days=1)


def test_none_is_missed_and_none_doubled_in_a_restless_fortnight() -> None:
    figures = simulate(days=9, kills=len(POINTS), seed=7)

    assert figures.problems == []
    assert set(figures.kills) == set(POINTS)
    assert figures.arrived + figures.unsure_and_lost == figures.due


def test_a_worker_that_sent_again_what_it_is_not_sure_of_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def again(at: object) -> None:
        Letter.objects.filter(state=State.SENDING, claimed_until__lte=at).update(
            state=State.WAITING, claimed_until=None
        )

    monkeypatch.setattr(delivery, "_give_up", again)

    assert simulate(days=9, kills=len(POINTS), seed=7).doubled


class PostMachine(RuleBasedStateMachine):
    """A few letters, workers that die or dawdle, and a clock that jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = override_settings(EMAIL_BACKEND=BACKEND)
        self.changed.enable()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        forget_keys()
        Server.begin()
        self.at = NOW
        self.dawdling = False

    @rule(number=some.integers(0, 5), hours=some.integers(-1, 5))
    def enter_a_letter(self, number: int, hours: int) -> None:
        """Enter a letter, perhaps again."""
        due = self.at + timedelta(hours=hours)
        enter([Letter(key=f"n {number}", kind="n", due_at=due, not_after=due + DAY)])

    @rule(minutes=some.sampled_from([-120, 1, 4, 6, 120, 3000]))
    def move_the_clock(self, minutes: int) -> None:
        """Let time pass, or jump."""
        self.at += timedelta(minutes=minutes)

    @rule(point=some.sampled_from(["", *POINTS]), dawdles=some.booleans())
    def turn(self, point: str, dawdles: bool) -> None:
        """Let a worker make its round; it may die, or be overtaken while it writes."""
        Server.kill_at, self.dawdling = point, dawdles
        with contextlib.suppress(Killed):
            deliver({"n": self.write}, at=self.at)
        Server.kill_at = ""

    def write(self, letter: Letter, at: object) -> Written | None:
        """Write, and perhaps let another worker take the letter meanwhile."""
        Server.pass_by(CLAIMED)
        if self.dawdling:
            claim(letter.pk, at=self.at + delivery.LEASE)
        return Written("sam@example.org", "n", "n")

    @invariant()
    def nothing_is_accepted_twice(self) -> None:
        """No letter reaches the mail server twice, and what is said of it is true."""
        for letter in Letter.objects.all():
            times = Server.accepted[message_id(letter)]
            if letter.state in {State.WAITING, State.WITHDRAWN, State.FAILED}:
                assert times == 0, letter.state
            elif letter.state == State.SENT:
                assert times == 1
            else:
                assert times <= 1

    def teardown(self) -> None:
        """Leave the database as it was."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.changed.disable()


def test_no_order_of_events_sends_a_letter_twice_or_says_what_is_not_so() -> None:
    run_state_machine_as_test(
        PostMachine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, derandomize=True
        ),
    )
