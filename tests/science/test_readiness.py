"""Readiness: each domain by itself, from data or not measured, and no sum."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from securebase.science.patterns import may_suit
from securebase.science.plane import Region
from securebase.science.readiness import Facts, Row, State, readiness_panel, weigh
from securebase.science.strategies import strategies

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATELY = NOW - timedelta(days=10)
LONG_AGO = NOW - timedelta(days=61)


def row(key: str, facts: Facts) -> Row:
    """Return one domain of the panel."""
    return next(one for one in weigh(facts, at=NOW) if one.domain.key == key)


def test_without_data_every_domain_is_not_measured() -> None:
    assert {one.state for one in weigh(Facts(), at=NOW)} == {State.UNKNOWN}
    assert len(weigh(Facts(), at=NOW)) == len(readiness_panel().domains)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (0.0, State.SETTLED),
        (19.9, State.SETTLED),
        (20.0, State.DISCUSS),
        (29.9, State.DISCUSS),
        (30.0, State.DISCUSS),
    ],
)
def test_dissociation_goes_by_its_screen(value: float, state: State) -> None:
    found = row("dissociation", Facts(scores={"des-ii.mean": (value, LATELY)}))

    assert (found.state, found.at, found.source) == (state, LATELY, "des-ii.mean")


def test_an_old_score_counts_as_not_measured() -> None:
    assert row("dissociation", Facts(scores={"des-ii.mean": (5, LONG_AGO)})).state == (
        State.UNKNOWN
    )


def test_an_open_safety_signal_outweighs_a_quiet_answer() -> None:
    facts = Facts(signals={"SAFE": LATELY}, safety=(False, NOW))

    assert row("suicide", facts).state == State.DISCUSS


@pytest.mark.parametrize(("marked", "state"), [(True, "discuss"), (False, "settled")])
def test_the_last_safety_answer_is_told_and_never_called_no_risk(
    marked: bool, state: str
) -> None:
    found = row("suicide", Facts(safety=(marked, LATELY)))

    assert found.state == state
    assert marked or "not the same as no risk" in found.says


@pytest.mark.parametrize(
    ("ratings", "state"),
    [((6,), State.UNKNOWN), ((6, 6), State.DISCUSS), ((6, 5), State.SETTLED)],
)
def test_two_upset_endings_running_are_worth_a_pause(
    ratings: tuple[int, ...], state: State
) -> None:
    facts = Facts(distress=tuple((value, LATELY) for value in ratings))

    assert row("affect", facts).state == state


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(strain=LONG_AGO), State.DISCUSS),
        (Facts(signals={"RUP": LATELY}), State.DISCUSS),
        (Facts(scores={"session-check-in.alliance": (3.0, LATELY)}), State.SETTLED),
        (Facts(scores={"session-check-in.alliance": (3.0, LONG_AGO)}), State.UNKNOWN),
    ],
)
def test_the_alliance_goes_by_strains_and_signals(facts: Facts, state: State) -> None:
    assert row("alliance", facts).state == state


@pytest.mark.parametrize(
    ("left", "state"), [(None, State.UNKNOWN), (2, State.DISCUSS), (3, State.SETTLED)]
)
def test_the_last_sessions_are_short_for_it(left: int | None, state: State) -> None:
    assert row("time", Facts(sessions_left=left)).state == state


def test_a_pattern_is_only_ever_said_to_be_one_a_card_may_suit() -> None:
    said = {may_suit(card, region) for card in strategies() for region in Region} - {""}

    assert all(one.startswith("May suit") and "no trial" in one for one in said)


def test_without_a_clear_region_nothing_is_said_of_patterns() -> None:
    assert {may_suit(card, None) for card in strategies()} == {""}
