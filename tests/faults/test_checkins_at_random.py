"""Check-ins and keys, whatever happens in whatever order.

Answering, skipping, going back, sending twice, a second device, a clock that runs over the
end, keys renewed in between: at each step the program holds what a model of a few lines
says. The long form is ``python -m tests.faults.stateful --steps 50000``.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from securebase.clinic.checkins import actions
from securebase.people.vault.keys import forget_keys
from tests.faults import checkin_machine as machine
from tests.faults.stateful import drive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CHOICE = some.randoms(use_true_random=False)


class CheckInMachine(RuleBasedStateMachine):
    """A check-in beside the model; hypothesis looks for the shortest way to part them."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        forget_keys()
        self.world = machine.a_world()

    @rule(choose=CHOICE)
    def answer(self, choose: random.Random) -> None:
        """Answer, change or skip."""
        machine.answer(self.world, choose)

    @rule(choose=CHOICE)
    def go_back(self, choose: random.Random) -> None:
        """Keep another place."""
        machine.go_back(self.world, choose)

    @rule(choose=CHOICE)
    def send(self, choose: random.Random) -> None:
        """Send, or send again."""
        machine.send(self.world, choose)

    @rule(choose=CHOICE)
    def let_time_pass(self, choose: random.Random) -> None:
        """Let time pass, and the next check-in come."""
        machine.wait(self.world, choose)
        machine.close(self.world, choose)
        machine.come_due(self.world, choose)

    @rule(choose=CHOICE)
    def break_a_rule(self, choose: random.Random) -> None:
        """Try what must be refused."""
        machine.break_a_rule(self.world, choose)

    @rule(choose=CHOICE)
    def renew_keys(self, choose: random.Random) -> None:
        """Renew keys."""
        machine.renew_keys(self.world, choose)

    @invariant()
    def the_program_holds_what_the_model_says(self) -> None:
        """Compare state, responses and every answer."""
        assert machine.violations(self.world) == []

    def teardown(self) -> None:
        """Leave the database as it was."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_no_order_of_events_parts_a_checkin_from_the_model() -> None:
    run_state_machine_as_test(
        CheckInMachine,
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, derandomize=True
        ),
    )


def test_the_long_form_finds_nothing_either() -> None:
    figures = drive("checkin", steps=100, seed=7, per_world=50)

    assert figures.violations == []
    assert (figures.steps, figures.worlds) == (100, 2)
    assert "0 violations" in str(figures)


def test_a_device_that_overwrites_the_other_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = actions._keep

    def forgetful(draft: Any, content: Any, **who: Any) -> Any:
        last = dict(list(content["answers"].items())[-1:])
        return usual(draft, content | {"answers": last}, **who)

    monkeypatch.setattr(actions, "_keep", forgetful)

    assert drive("checkin", steps=60, seed=3).violations
