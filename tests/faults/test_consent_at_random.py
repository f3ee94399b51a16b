"""Consent, whatever happens in whatever order.

Sharing, sharing less, stopping, sharing again, several people, every kind, a clock that
moves: what the program opens is at each step what a model of a few lines says. The long
form is ``python -m tests.faults.stateful consent --steps 50000``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from securebase.clinic.consent import queries
from securebase.clinic.consent.actions import narrow, withdraw
from securebase.clinic.consent.models import Entry
from securebase.people.access.words import Category
from securebase.people.vault.keys import forget_keys
from tests import factories as make
from tests.clinic.sharing import a_partner, shares, terms
from tests.faults import consent_machine as machine
from tests.faults.stateful import drive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CHOICE = some.randoms(use_true_random=False)


class ConsentMachine(RuleBasedStateMachine):
    """The ledger beside the model; hypothesis looks for the shortest way to part them."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        forget_keys()
        self.world = machine.a_world(patients=1, partners=2)

    @initialize(choose=CHOICE)
    def begin(self, choose: random.Random) -> None:
        """Let there be something to stop from the first step on."""
        machine.share(self.world, choose)

    @rule(choose=CHOICE)
    def share(self, choose: random.Random) -> None:
        """Share something."""
        machine.share(self.world, choose)

    @rule(choose=CHOICE)
    def share_less(self, choose: random.Random) -> None:
        """Share less."""
        machine.share_less(self.world, choose)

    @rule(choose=CHOICE)
    def stop(self, choose: random.Random) -> None:
        """Stop one sharing."""
        machine.stop(self.world, choose)

    @rule(choose=CHOICE)
    def stop_all(self, choose: random.Random) -> None:
        """Stop everything with one partner."""
        machine.stop_all(self.world, choose)

    @rule(choose=CHOICE)
    def move_the_clock(self, choose: random.Random) -> None:
        """Let time pass."""
        machine.move_the_clock(self.world, choose)

    @rule(choose=CHOICE)
    def try_what_is_not_allowed(self, choose: random.Random) -> None:
        """Try what must be refused."""
        machine.try_what_is_not_allowed(self.world, choose)

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        """Compare every pair, and the list with the page."""
        assert machine.violations(self.world) == []

    def teardown(self) -> None:
        """Leave the database as it was."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_no_order_of_events_parts_the_ledger_from_the_model() -> None:
    run_state_machine_as_test(
        ConsentMachine,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, derandomize=True
        ),
    )


def test_the_long_form_finds_nothing_either() -> None:
    figures = drive("consent", steps=150, seed=7, per_world=75)

    assert figures.violations == []
    assert (figures.steps, figures.worlds) == (150, 2)
    assert "0 violations" in str(figures)


def _without_withdrawals(found: Any) -> Any:
    def leaky(*, at: Any, patient: Any = None, recipient: Any = None) -> Any:
        whose = {"patient": patient, "recipient": recipient}
        only = {key: value for key, value in whose.items() if value is not None}
        return Entry.objects.filter(act="grant", since__lte=at, until__gt=at, **only)

    return leaky


def _past_its_end(found: Any) -> Any:
    def leaky(*, at: Any, **whose: Any) -> Any:
        return found(at=at - timedelta(days=1), **whose)

    return leaky


@pytest.mark.parametrize("fault", [_without_withdrawals, _past_its_end])
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[Any], Any]
) -> None:
    monkeypatch.setattr(queries, "consents_in_force", fault(queries.consents_in_force))

    assert drive("consent", steps=80, seed=3).violations


KINDS = some.sets(some.sampled_from(sorted(machine.KINDS)), min_size=1).map(frozenset)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(granted=some.lists(KINDS, min_size=1, max_size=4), less=KINDS, which=some.integers(0, 3))
def test_stopping_or_sharing_less_never_adds_and_sharing_never_takes_away(
    granted: list[frozenset[Category]], less: frozenset[Category], which: int
) -> None:
    with transaction.atomic():
        forget_keys()
        make.a_practice()
        sam = make.a_patient(of=make.a_clinician())
        lee, by = a_partner(sam), make.the_account(sam)
        seen = [frozenset[Category]()]
        for scope in granted:
            last = shares(sam, lee, *scope)
            seen.append(queries.categories_open_to(lee, sam, at=make.NOW))
            assert seen[-1] == seen[-2] | scope

        smaller = (less & last.scope) or last.scope
        narrow(consent=last, terms=terms(*smaller), by=by, at=make.NOW)
        narrowed = queries.categories_open_to(lee, sam, at=make.NOW)
        held = list(queries.consents_in_force(at=make.NOW))
        withdraw(consent=held[which % len(held)], by=by, at=make.NOW)
        after = queries.categories_open_to(lee, sam, at=make.NOW)

        assert after <= narrowed <= seen[-1]
        transaction.set_rollback(True)
