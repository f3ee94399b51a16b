"""Signals: the parts of which their checking is made.

Worlds that differ in one way each, shares with their errors, figures that can be kept and
read again, and what a clinician is told of them.
"""

from __future__ import annotations

from dataclasses import replace
from math import isnan, log, sqrt
from typing import Any

import numpy as np
import pytest

from securebase.science.calibrate.attendance import kept
from securebase.science.calibrate.count import (
    NOBODY,
    Share,
    bins,
    calibration,
    predictive_value,
    share_of,
    share_of_occasions,
)
from securebase.science.calibrate.following import followed
from securebase.science.calibrate.people import ratings, silenced, stepped, symptoms
from securebase.science.calibrate.report import as_toml, load_operating, read
from securebase.science.calibrate.rules import RELIABLE
from securebase.science.calibrate.run import calibrate
from securebase.science.calibrate.symptoms import Line
from securebase.science.calibrate.telling import at_length, told, told_of
from securebase.science.calibrate.worlds import Noise, drawn, load_worlds
from securebase.science.errors import ContentError, UnknownName
from securebase.science.trajectory.prior import Prior, load_priors
from securebase.science.words import Better

KNOWN = load_worlds()
MOOD = load_priors()["phq-9.total"]
BOND = load_priors()["session-check-in.alliance"]


def courses(world: str, people: int = 1500) -> Any:
    rng = np.random.default_rng(5)
    return symptoms(KNOWN[world], MOOD, KNOWN.design, people=people, rng=rng)


# Worlds


@pytest.mark.parametrize("noise", Noise)
def test_every_noise_is_as_wide_as_the_model_believes(noise: Noise) -> None:
    some = drawn(noise, (400_000,), np.random.default_rng(5))

    assert some.mean() == pytest.approx(0, abs=0.02)
    assert some.std() == pytest.approx(1, abs=0.06)


def test_lopsided_noise_has_its_long_tail_on_one_side() -> None:
    some = drawn(Noise.SKEWED, (100_000,), np.random.default_rng(5))

    assert (some**3).mean() == pytest.approx(sqrt(2), abs=0.1)


def test_lopsided_scores_have_their_long_tail_to_the_worse() -> None:
    rng = np.random.default_rng(5)
    raw, _ = ratings(KNOWN["skewed"], BOND, KNOWN.design, people=800, rng=rng)
    strays = raw - raw.mean(axis=1, keepdims=True)
    scores = courses("skewed").whole[:, 18:]
    moods = scores - scores.mean(axis=1, keepdims=True)

    assert (strays**3).mean() < -0.2 * strays.std() ** 3
    assert (moods**3).mean() > 0.2 * moods.std() ** 3


@pytest.mark.parametrize("world", KNOWN.by_key)
def test_everybody_has_something_to_improve_and_keeps_to_the_scale(world: str) -> None:
    people = courses(world)

    assert len(people.whole) == 1500
    assert people.whole[:, 0].min() >= KNOWN.design.intake_from
    assert people.whole.min() >= MOOD.low
    assert people.whole.max() <= MOOD.high
    assert not np.isnan(people.given[:, 0]).any()


def test_where_nothing_changes_nobody_changes() -> None:
    whole = courses("still").whole

    assert whole[:, 25].mean() == pytest.approx(whole[:, 10].mean(), abs=0.3)


def test_change_in_one_step_is_over_at_session_twelve() -> None:
    whole = courses("steps").whole.mean(axis=0)

    assert whole[1] - whole[12] > 5
    assert whole[13] == pytest.approx(whole[25], abs=0.3)


def test_at_the_end_of_the_scale_scores_crowd() -> None:
    rng = np.random.default_rng(5)
    raw, _ = ratings(KNOWN["ends"], BOND, KNOWN.design, people=500, rng=rng)

    assert (courses("ends").whole[:, 16] == 0).mean() > 0.15
    assert (stepped(raw, BOND) == BOND.high).mean() > 0.3


def test_bad_spells_last_longer_where_they_are_said_to() -> None:
    def kept(world: str) -> float:
        left = courses(world).whole[:, 15:] - courses(world).whole[:, 15:].mean(axis=0)
        moves = np.diff(left, axis=1)
        return float(moves.std())

    assert kept("lasting") < kept("true")


def test_people_vary_differently_where_they_are_said_to() -> None:
    def spreads(world: str) -> Any:
        rng = np.random.default_rng(5)
        raw, _ = ratings(KNOWN[world], BOND, KNOWN.design, people=500, rng=rng)
        return raw.std(axis=1)

    assert np.log(spreads("varied")).std() > 2 * np.log(spreads("true")).std()


@pytest.mark.parametrize(("prior", "worse"), [(MOOD, 24.0), (BOND, 5.0)])
def test_silence_is_likelier_when_it_is_worse(prior: Prior, worse: float) -> None:
    better = 2 * prior.intercept_mean - worse
    world, rng = KNOWN["leaving"], np.random.default_rng(5)

    silent = [
        np.isnan(silenced(np.full((400, 8), level), world, prior, rng)).mean()
        for level in (better, worse)
    ]

    assert silent[0] < silent[1] / 2


def test_who_has_left_stays_away() -> None:
    world = replace(KNOWN["leaving"], skip=0.0, skip_low=0.0, leave=0.3)

    given = silenced(np.full((200, 12), 15.0), world, MOOD, np.random.default_rng(5))

    gone = np.isnan(given)
    assert gone.any()
    assert (gone[:, 1:] >= gone[:, :-1]).all()


def test_one_occasion_in_ten_is_missed_in_every_world() -> None:
    for world in KNOWN.by_key.values():
        came = kept(world, KNOWN.design, people=4000, rng=np.random.default_rng(5))
        assert came.mean() == pytest.approx(0.90, abs=0.01)


def test_misses_come_in_runs_where_they_are_said_to() -> None:
    def again(world: str) -> float:
        rng = np.random.default_rng(5)
        missed = ~kept(KNOWN[world], KNOWN.design, people=2000, rng=rng)
        return float(missed[:, 1:][missed[:, :-1]].mean())

    assert again("true") == pytest.approx(0.10, abs=0.02)
    assert again("leaving") == pytest.approx(0.50, abs=0.02)


def test_some_people_miss_many_more_where_they_are_said_to() -> None:
    def spread(world: str) -> float:
        came = kept(KNOWN[world], KNOWN.design, people=2000, rng=np.random.default_rng(5))
        return float(came.mean(axis=1).std())

    assert spread("varied") > 1.5 * spread("true")


def test_silence_is_looked_at_where_people_miss_occasions_differently() -> None:
    measured = {rate.world for rate in load_operating().figures.rates if rate.rule == "ENG.TWO"}

    assert measured == {"true", "leaving", "varied"}


def test_an_unknown_world_is_named() -> None:
    with pytest.raises(UnknownName, match="no world 'flat'"):
        KNOWN["flat"]


# Shares


def test_of_nobody_no_share_is_known() -> None:
    nobody = np.zeros((0, 3), dtype=bool)

    assert isnan(share_of(nobody[:, 0]).value)
    assert isnan(share_of_occasions(nobody, nobody).value)
    assert isnan(predictive_value(Share(0, 0), Share(0, 0), 0.2).value)


def test_half_of_a_hundred_has_an_error_of_five_in_a_hundred() -> None:
    assert share_of(np.arange(100) < 50) == Share(0.5, 0.05)


def test_an_unsure_rate_makes_an_unsure_value() -> None:
    sure, unsure = (
        predictive_value(Share(0.6, e), Share(0.03, e / 20), 0.05) for e in (0.0, 0.1)
    )

    assert sure.value == unsure.value == pytest.approx(0.513, abs=0.001)
    assert sure.se == 0 < unsure.se


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, -0.4), (1.6, 0.7)])
def test_the_line_of_calibration_is_found_again(slope: float, intercept: float) -> None:
    rng = np.random.default_rng(5)
    logit = rng.normal(0, 1.2, 20_000)
    came = rng.random(20_000) < 1 / (1 + np.exp(-(intercept + slope * logit)))

    line = calibration(1 / (1 + np.exp(-logit)), came)

    assert line is not None
    assert line.slope == pytest.approx(slope, abs=4 * line.slope_se)
    assert line.intercept == pytest.approx(intercept, abs=4 * line.intercept_se)
    assert 0.01 < line.slope_se < 0.05


def test_from_a_few_cases_no_line_is_drawn() -> None:
    assert calibration(np.linspace(0.1, 0.9, 100), np.arange(100) < 10) is None


def test_an_empty_bin_is_left_out() -> None:
    stated, came = np.array([0.05, 0.1, 0.95, 1.0]), np.array([False, True, True, True])

    assert bins(stated, came).tolist() == [
        [pytest.approx(0.075), 0.5, 2],
        [pytest.approx(0.975), 1.0, 2],
    ]


def test_the_simple_regression_learns_a_straight_line() -> None:
    rng = np.random.default_rng(5)
    whole = rng.normal(15, 4, (400, 4))
    whole[:, 3] = 2 + 0.3 * whole[:, 0] + 0.5 * whole[:, 1]

    line = Line.learned(whole, seen=1, planned=3)

    assert line.foretold(whole[:, 0], whole[:, 1]) == pytest.approx(whole[:, 3])
    assert line.sd == pytest.approx(0, abs=1e-6)


# Keeping and telling


def test_figures_are_read_as_they_were_written() -> None:
    shown = load_operating()

    assert repr(read(as_toml(shown), where="here")) == repr(shown)


def test_a_line_that_could_not_be_drawn_is_left_out_and_read_as_none() -> None:
    few = replace(
        load_operating(), figures=calibrate(seed=1, people=60, rehearsed=0, worlds=["true"])
    )

    kept = read(as_toml(few), where="here").figures

    assert {one.worsen for one in kept.forecasts} == {None}
    assert kept.together == ()


@pytest.mark.parametrize(
    ("text", "because"), [("rates = [", "here is not TOML"), ("seed = 1", "lacks 'made_on'")]
)
def test_a_file_that_is_no_figures_is_refused(text: str, because: str) -> None:
    with pytest.raises(ContentError, match=because):
        read(text, where="here")


def test_a_rule_that_only_repeats_what_was_said_has_no_rate() -> None:
    assert told_of("SAFE1", sessions=16) == ()
    assert told_of("RUP.R2", sessions=16) == ()


def test_a_clinician_reads_the_models_own_world_and_the_noisiest() -> None:
    own, hardest = told_of("NOT.P", sessions=16)

    assert (own.world.key, hardest.world.key) == ("true", "steps")
    assert own.noise.startswith("Of 10 such prompts about 2 are noise, where 43 in 100 are")
    assert hardest.noise.startswith("Of 10 such prompts about 4 are noise")
    assert own.noticed == (
        "Of 100 people who do not end reliably better, 69 are noticed; "
        "of 100 people who do, 11 are called too."
    )


def test_of_what_comes_in_sessions_sessions_are_told() -> None:
    own = told_of("RUP.R1", sessions=16)[0]

    assert own.noticed.endswith("of 100 steady sessions, 3 are called too.")


@pytest.mark.parametrize(("sessions", "length"), [(0, 6), (8, 6), (9, 10), (21, 25), (99, 25)])
def test_the_nearest_length_that_was_measured_is_taken(sessions: float, length: int) -> None:
    rates = at_length(load_operating(), "RUP.R1", sessions=sessions)

    assert {rate.sessions for rate in rates} == {length}


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (Share(0.97, 0), "hardly any are noise"),
        (Share(0.9, 0), "about 1 is noise"),
        (NOBODY, "an unknown number are noise"),
    ],
)
def test_few_and_unknown_are_said_in_words(right: Share, said: str) -> None:
    rate = replace(at_length(load_operating(), "NOT.P", sessions=16)[0], right=right)

    assert said in told(rate, KNOWN).noise


def test_less_than_one_in_a_hundred_is_not_called_none() -> None:
    rate = at_length(load_operating(), "NOT.P", sessions=16)[0]

    rare = told(replace(rate, hit=Share(0.001, 0), false_therapy=NOBODY), KNOWN)

    assert "fewer than 1 are noticed" in rare.noticed
    assert "an unknown number are called too" in rare.noticed


# The design report's simulations of the alliance: a scale of 1 to 5, a dip of .8 point.


def five_points(within: float) -> Prior:
    """Return a scale like that of the design report: three quarters of the spread passes."""
    return Prior(
        measure="report.alliance",
        version="report",
        intercept_mean=4.1,
        intercept_sd=0.5,
        slope_mean=0.05,
        slope_sd=0.02,
        correlation=0.0,
        deviation_sd=within * sqrt(0.75),
        half_life_weeks=log(0.5) / log(0.3),
        error_sd=within * 0.5,
        better=Better.HIGHER,
        low=1,
        high=5,
        step=0.01,
    )


def dipped(within: float, seen_by: Prior, *, sessions: int, seed: int) -> Any:
    """Follow 3,000 steady people, and the same with a dip; with where it is."""
    design = replace(KNOWN.design, sessions=sessions, gap_low=1.0, gap_high=1.0)
    rng = np.random.default_rng(seed)
    raw, weeks = ratings(KNOWN["true"], five_points(within), design, people=3000, rng=rng)
    at = np.arange(sessions) == rng.integers(4, sessions - 2, (3000, 1))
    calm, strained = raw.clip(1, 5), (raw - 0.8 * at).clip(1, 5)
    return [(y, followed(y, weeks, seen_by).innovation) for y in (calm, strained)], at


@pytest.mark.parametrize(
    ("sessions", "mild", "strict"), [(10, 0.33, 0.15), (16, 0.48, 0.24), (25, 0.64, 0.33)]
)
def test_steady_ratings_are_called_as_often_as_in_the_design_report(
    sessions: int, mild: float, strict: float
) -> None:
    scale = five_points(0.35)
    ((y, z), (_, strained)), at = dipped(0.35, scale, sessions=sessions, seed=7)

    assert (z[:, 2:] < -1.64).any(axis=1).mean() == pytest.approx(mild, abs=0.04)
    assert (z[:, 2:] < -2.05).any(axis=1).mean() == pytest.approx(strict, abs=0.04)
    assert (strained[at] < -1.64).mean() == pytest.approx(0.69, abs=0.03)
    assert (strained[at] < -2.05).mean() == pytest.approx(0.54, abs=0.03)
    own = y < y.mean(axis=1, keepdims=True) - y.std(axis=1, ddof=1, keepdims=True)
    assert own.any(axis=1).mean() > 0.95


def test_a_drop_beyond_the_reliable_change_is_as_noisy_as_in_the_design_report() -> None:
    scale = five_points(0.35)
    ((y, _), (strained, _)), at = dipped(0.35, scale, sessions=16, seed=7)
    needed = RELIABLE * sqrt(2) * scale.error_sd

    assert needed == pytest.approx(0.49, abs=0.01)
    assert (np.diff(y, axis=1) <= -needed).any(axis=1).mean() == pytest.approx(0.85, abs=0.03)
    assert (np.diff(strained, axis=1) <= -needed)[at[:, 1:]].mean() == pytest.approx(
        0.75, abs=0.03
    )


def test_a_persons_own_spread_finds_more_at_an_equal_budget_as_in_the_design_report() -> None:
    spreads = (0.2, 0.3, 0.4, 0.55)
    pooled = five_points(sqrt(np.mean(np.square(spreads))))
    groups = [
        dipped(one, pooled, sessions=16, seed=nth) for nth, one in enumerate(spreads, start=7)
    ]

    found = {}
    for name, judged in (("pooled", np.array), ("own", in_own_units)):
        calm = [judged(seen[0][1])[:, 3:] for seen, _ in groups]
        budget = np.quantile(np.concatenate([one.ravel() for one in calm]), 0.03)
        hits = [(judged(seen[1][1])[at] < budget).mean() for seen, at in groups]
        found[name] = np.mean(hits), [float((one < budget).mean()) for one in calm]

    assert found["pooled"][0] == pytest.approx(0.54, abs=0.03)
    assert found["own"][0] == pytest.approx(0.61, abs=0.03)
    assert found["own"][1] == pytest.approx([0.003, 0.017, 0.037, 0.064], abs=0.008)
    assert found["pooled"][1][-1] == pytest.approx(0.081, abs=0.008)


def in_own_units(z: Any) -> Any:
    """Return innovations in units of each person's own spread, as known before each."""
    squares = np.minimum(z**2, 6)
    before = np.cumsum(squares, axis=1) - squares
    return z / np.sqrt((6 + before) / (6 + np.arange(z.shape[1])))
