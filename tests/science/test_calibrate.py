"""Signals: checked on invented people of several worlds.

What the manual says of how often signals are wrong is made again here in small, with other
chance, and held against the figures that are shown; and the rules that are asked of many
people at once are held against the rules themselves.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from math import hypot, isnan
from typing import Any

import numpy as np
import pytest

from securebase.science.calibrate import alliance, attendance, symptoms
from securebase.science.calibrate.alliance import Bonds
from securebase.science.calibrate.count import predictive_value, share_of_occasions
from securebase.science.calibrate.figures import Figures
from securebase.science.calibrate.following import followed
from securebase.science.calibrate.people import People, silenced, stepped
from securebase.science.calibrate.report import load_operating
from securebase.science.calibrate.run import calibrate
from securebase.science.calibrate.worlds import load_worlds
from securebase.science.signals.deterioration import deterioration
from securebase.science.signals.first_ratings import low_at_first
from securebase.science.signals.improvement import early_improvement, fast_improvement
from securebase.science.signals.not_on_track import not_on_track
from securebase.science.signals.rules import load_rules
from securebase.science.signals.rupture import alliance_dip, slow_decline
from securebase.science.signals.silence import Asked, Attendance, silence
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import load_priors

START, PEOPLE, PLANNED = datetime(2026, 1, 5, tzinfo=UTC), 24, 16
RULES, KNOWN = load_rules(), load_worlds()
MOOD = load_priors()["phq-9.total"]
BOND = load_priors()["session-check-in.alliance"]

BY_HAND: dict[str, Any] = {
    "NOT.P": lambda line: not_on_track(line, RULES, prior=MOOD),
    "NOT.BAND": lambda line: not_on_track(line, RULES, prior=MOOD),
    "DET.RC": lambda line: deterioration(line, RULES, prior=MOOD),
    "DET.P": lambda line: deterioration(line, RULES, prior=MOOD),
    "GAIN": lambda line: fast_improvement(line, RULES, prior=MOOD),
    "EARLY": lambda line: early_improvement(line, RULES, prior=MOOD),
    "RUP.R1": lambda line: alliance_dip(line, RULES),
    "RUP.R3": lambda line: slow_decline(line, RULES, prior=BOND),
    "RUP.LOW": lambda line: low_at_first(line, RULES, prior=BOND),
}


@cache
def ratings_of(measure: str) -> Any:
    """Scores with gaps that wander widely, so that every rule speaks sometimes."""
    rng, n = np.random.default_rng(11), KNOWN.design.sessions
    prior = MOOD if measure == "mood" else BOND
    drift = np.cumsum(rng.normal(0, 1.0, (PEOPLE, n)), axis=1) * prior.deviation_sd
    away = prior.intercept_sd * rng.normal(size=(PEOPLE, 1))
    slide = np.where((np.arange(n) > 6) & (np.arange(PEOPLE)[:, None] % 4 == 1), 4.0, 0.0)
    sudden = np.where((np.arange(n) > 6) & (np.arange(PEOPLE)[:, None] % 3 == 0), 9.0, 0.0)
    whole = stepped(
        prior.intercept_mean + away + drift - (sudden if measure == "mood" else slide), prior
    )
    weeks = np.tile(np.arange(n, dtype=float), (PEOPLE, 1))
    given = silenced(whole, KNOWN["leaving"], prior, rng)
    given[1::4] = whole[1::4]
    given[1::4, 8:13] = np.nan
    return given, weeks


@cache
def lines_of(measure: str, planned: int | None) -> Any:
    """Follow the same people one by one, each up to each session."""
    given, _ = ratings_of(measure)
    times = [START + i * timedelta(weeks=1) for i in range(given.shape[1])]
    prior = MOOD if measure == "mood" else BOND
    values = [[None if isnan(v) else v for v in row] for row in given.tolist()]
    return [follow(times, row, prior=prior, planned_sessions=planned) for row in values]


def by_hand(rule: str, measure: str) -> set[tuple[int, float]]:
    planned = None if rule == "NOT.BAND" else PLANNED
    spoken = set()
    for person, line in enumerate(lines_of(measure, planned)):
        for nth, point in enumerate(line.points):
            said = BY_HAND[rule](line.until(nth + 1)) if point.value is not None else None
            if said is not None and said.rule == rule:
                spoken.add((person, point.session))
    return spoken


@pytest.mark.parametrize("rule", BY_HAND)
def test_a_rule_asked_of_many_at_once_says_what_it_says_of_each(rule: str) -> None:
    measure, table = (
        ("mood", symptoms.RULES) if rule in symptoms.RULES else ("bond", alliance.RULES)
    )
    given, weeks = ratings_of(measure)
    seen = followed(given, weeks, MOOD if measure == "mood" else BOND)

    holds = table[rule].ask(seen, RULES, PLANNED)

    who, at = np.nonzero(holds)
    found = set(zip(who.tolist(), seen.sessions[who, at].tolist(), strict=True))
    assert found == by_hand(rule, measure)
    assert found


@pytest.mark.parametrize("rule", attendance.RULES)
def test_a_rule_on_silence_asked_of_many_says_what_it_says_of_each(rule: str) -> None:
    came = np.random.default_rng(5).random((PEOPLE, 20)) < np.linspace(0.95, 0.6, 20)
    came[::3, 0], came[::3, 1:5] = True, False
    times = [START + i * timedelta(weeks=1) for i in range(20)]

    holds = attendance.RULES[rule].ask(came, RULES)

    for row, spoken in zip(came.tolist(), holds.tolist(), strict=True):
        asked = tuple(Asked(at, yes) for at, yes in zip(times, row, strict=True))
        for nth, at in enumerate(times):
            so_far = Attendance(asked=asked[: nth + 1], sessions=asked[: nth + 1])
            said = {signal.rule for signal in silence(so_far, RULES, at=at)}
            assert (rule in said) == spoken[nth]
    assert holds.any()


@cache
def again() -> Figures:
    """Two of the worlds in small, by other chance than what is shown."""
    return calibrate(seed=1234, people=700, rehearsed=12, worlds=["true", "steps"])


def test_what_the_manual_shows_was_made_by_these_rules_priors_and_worlds() -> None:
    told = load_operating()

    assert told.rules_version == RULES.version, "run make calibrate"
    assert told.parameters_version == MOOD.version, "run make calibrate"
    assert told.worlds_version == KNOWN.version, "run make calibrate"
    assert {rate.world for rate in told.figures.rates} == set(KNOWN.by_key)


def apart(now: Any, shown: Any) -> float:
    """How far two shares are apart, in standard errors, and forgiving half a point."""
    return float(
        max(abs(now.value - shown.value) - 0.005, 0) / (hypot(now.se, shown.se) or 1e-9)
    )


def rate_of(rule: str, world: str) -> Any:
    """Return what was measured of one rule over sixteen sessions."""
    return next(
        rate
        for rate in load_operating().figures.rates
        if (rate.rule, rate.world, rate.sessions) == (rule, world, 16)
    )


@pytest.mark.parametrize("rule", ["GAIN", "EARLY"])
def test_a_line_that_says_how_many_look_so_without_change_says_what_was_measured(
    rule: str,
) -> None:
    still = rate_of(rule, "still")
    told = still.share * still.hit.value + (1 - still.share) * still.false_therapy.value

    said = re.search(r"(\d+) in 100 people", RULES[rule].line)

    assert said is not None
    assert int(said[1]) == pytest.approx(100 * told, abs=1)


def test_the_lines_on_the_alliance_say_what_was_measured() -> None:
    slide, dip = rate_of("RUP.R3", "true"), rate_of("RUP.R1", "true")

    assert "About 4 in 100 ratings" in RULES["RUP.R3"].line
    assert slide.false_session.value == pytest.approx(0.04, abs=0.005)
    assert "Roughly half of such dips are noise" in RULES["RUP.R1"].line
    assert dip.right.value == pytest.approx(0.5, abs=0.05)


def test_the_rates_shown_come_out_again_within_chance() -> None:
    shown = {(r.rule, r.world, r.sessions): r for r in load_operating().figures.rates}

    off = {
        (r.rule, r.world, r.sessions, part): round(far, 1)
        for r, part in product(again().rates, ("hit", "false_therapy", "false_session"))
        if not isnan(getattr(r, part).value)
        and (far := apart(getattr(r, part), getattr(shown[r.rule, r.world, r.sessions], part)))
        > 4
        and getattr(r, part).se > 0
    }

    assert off == {}


def test_the_forecasts_shown_come_out_again_within_chance() -> None:
    shown = {(f.world, f.seen, f.planned): f for f in load_operating().figures.forecasts}

    for one in again().forecasts:
        other = shown[one.world, one.seen, one.planned]
        assert apart(one.end_covered, other.end_covered) < 4
        assert apart(one.next_covered, other.next_covered) < 4
        assert one.off["model"] == pytest.approx(other.off["model"], abs=0.5)


def test_one_look_comes_out_again_within_chance() -> None:
    shown = {(one.rule, one.world, one.seen): one for one in load_operating().figures.looks}

    for one in again().looks:
        if one.rule != "regression":  # its line is learned from other people each time
            assert apart(one.flagged, shown[one.rule, one.world, one.seen].flagged) < 4


def test_the_same_seed_gives_the_same_figures() -> None:
    one, two = (calibrate(seed=3, people=80, rehearsed=3, worlds=["leaving"]) for _ in range(2))

    assert repr(one) == repr(two)


def test_whole_courses_are_counted_after_merging_rests_and_caps() -> None:
    (own, _) = again().together

    assert own.people == 12
    assert 0 < own.prompts.value <= 1 / 3
    assert 0 <= own.noise.value <= 1


def test_of_prompts_on_what_is_so_few_are_noise() -> None:
    still = calibrate(seed=3, people=60, rehearsed=15, worlds=["still"]).together[0]

    assert still.noise.value < 0.65


def test_a_dip_counts_as_noticed_in_its_own_session_alone() -> None:
    design = KNOWN.design
    bonds = Bonds.of(KNOWN["true"], BOND, RULES, design, people=900, seed=3)
    seen, begins = bonds.strained(alliance.Strain.DIP, PLANNED)

    (rate,) = (r for r in alliance.rates(bonds) if (r.rule, r.sessions) == ("drop", PLANNED))

    spoken = alliance.RULES["drop"].ask(seen, RULES, PLANNED)
    assert rate.hit.value == np.take_along_axis(spoken, begins, axis=1).mean()


def test_what_comes_in_sessions_is_right_or_wrong_of_each_session() -> None:
    for rate in again().rates:
        if rate.rule in {"RUP.R1", "RUP.R3"} and not isnan(rate.right.value):
            each = KNOWN.asked[rate.rule].each
            false = rate.false_session if each == "session" else rate.false_therapy
            right = predictive_value(rate.hit, false, rate.share)
            assert rate.right.value == pytest.approx(right.value)
            assert (each == "session") == (rate.rule == "RUP.R1")


def test_an_end_is_reliably_worse_from_the_reliable_change_on() -> None:
    whole = np.full((3, KNOWN.design.sessions + 1), 12.0)
    whole[:, PLANNED] = (17, 18, 6)
    weeks = np.tile(np.arange(float(KNOWN.design.sessions + 1)), (3, 1))
    ward = symptoms.Ward.of("true", People(whole, whole, weeks), MOOD, RULES, KNOWN.design)

    worse, better = (
        ward.ended(end, PLANNED).tolist() for end in (symptoms.End.WORSE, symptoms.End.BETTER)
    )

    assert worse == [False, True, False]
    assert better == [False, False, True]


# The design report's simulations, where the rule is the same.


def test_one_look_at_session_six_is_as_in_the_design_report() -> None:
    (look,) = (
        one
        for one in load_operating().figures.looks
        if (one.rule, one.world, one.seen) == ("NOT.P", "true", 6)
    )

    assert look.flagged.value == pytest.approx(0.22, abs=0.04)
    assert look.hit.value == pytest.approx(0.47, abs=0.04)
    assert 1 - look.false.value == pytest.approx(0.94, abs=0.02)
    assert look.right.value == pytest.approx(0.85, abs=0.03)


def test_the_interval_and_the_chance_hold_where_the_model_is_true() -> None:
    own = [f for f in load_operating().figures.forecasts if f.world == "true"]

    for one in own:
        assert one.next_covered.value == pytest.approx(0.80, abs=0.03)
        assert one.end_covered.value == pytest.approx(0.80, abs=0.04)
        assert one.improve is not None
        assert 0.9 <= one.improve.slope <= 1.1
        assert abs(one.improve.intercept) < 0.15


def test_the_model_is_closer_than_the_simple_regression_where_it_is_true() -> None:
    own = [f for f in load_operating().figures.forecasts if f.world == "true"]

    assert all(f.off["model"] < f.off["regression"] < f.off["last score"] for f in own)


def test_where_change_comes_in_one_step_the_figures_say_so() -> None:
    steps = [f for f in load_operating().figures.forecasts if f.world == "steps"]

    assert all(f.end_covered.value < 0.80 for f in steps)
    assert any(f.off["regression"] < f.off["model"] for f in steps)


def test_the_budget_of_three_in_a_hundred_holds_where_nothing_happens() -> None:
    budget = RULES["RUP.R1"].thresholds["budget"]
    steady = [
        rate
        for rate in load_operating().figures.rates
        if rate.rule == "RUP.R1" and rate.world in {"true", "still"} and rate.sessions > 6
    ]

    for rate in steady:
        assert rate.false_session.value == pytest.approx(budget, rel=0.2)


def test_occasions_of_one_person_hang_together() -> None:
    always = np.array([[True, True], [False, False]] * 50)
    mixed = np.array([[True, False], [False, True]] * 50)
    asked = np.ones_like(always)

    together, apart_ = share_of_occasions(always, asked), share_of_occasions(mixed, asked)

    assert together.value == apart_.value == 0.5
    assert together.se > 4 * apart_.se
