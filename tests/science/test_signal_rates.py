"""Signals: how often they are wrong, where the truth is known.

Seeded simulations of invented people, each rule by itself. What the pages show is measured
by a run of its own (``content/operating.toml``); whoever changes a rule or a prior makes
both again.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

from securebase.science.gains import sudden_steps
from securebase.science.signals.rules import load_rules
from securebase.science.signals.rupture import chance_of_decline, person_factor
from securebase.science.trajectory.expect import expected_course
from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.prior import load_priors

SEED, PEOPLE, SESSIONS = 7, 1500, 16
ALLIANCE = load_priors()["session-check-in.alliance"]
LOW_MOOD = load_priors()["phq-9.total"]


def passing(rng: Any, prior: Any, weeks: Any) -> Any:
    """Draw a passing deviation in units of its own standard deviation."""
    x = np.empty(weeks.shape)
    x[:, 0] = rng.normal(size=len(x))
    for i in range(1, x.shape[1]):
        kept = 0.5 ** ((weeks[:, i] - weeks[:, i - 1]) / prior.half_life_weeks)
        x[:, i] = kept * x[:, i - 1] + np.sqrt(1 - kept**2) * rng.normal(size=len(x))
    return x


def steady(spread: float) -> Any:
    """Alliance ratings without any strain, straying more or less than expected."""
    rng = np.random.default_rng(SEED)
    weeks = np.cumsum(rng.uniform(0.6, 1.6, (PEOPLE, SESSIONS)), axis=1)
    level = ALLIANCE.intercept_mean + ALLIANCE.intercept_sd * rng.normal(size=(PEOPLE, 1))
    slope = ALLIANCE.slope_mean + ALLIANCE.slope_sd * rng.normal(size=(PEOPLE, 1))
    x = ALLIANCE.deviation_sd * passing(rng, ALLIANCE, weeks)
    error = rng.normal(0, ALLIANCE.error_sd, x.shape)
    return weeks, level + slope * np.log1p(np.arange(SESSIONS)) + spread * (x + error)


def followed(weeks: Any, values: Any) -> Any:
    """Run the filter over everybody."""
    return filter_caseload(
        np.arange(PEOPLE + 1) * SESSIONS,
        weeks.ravel(),
        np.tile(np.arange(SESSIONS), PEOPLE),
        values.ravel(),
        ALLIANCE,
    )


def by_person(values: Any) -> Any:
    return values.reshape(PEOPLE, SESSIONS)


def factors(z: Any, limits: Any, *, start: int) -> Any:
    """How widely each person strays, as known before each session from one on."""
    weight, largest = limits["weight"], limits["largest"]
    return np.array(
        [
            [person_factor(own[:i], weight=weight, largest=largest) for i in range(start, 16)]
            for own in z.tolist()
        ]
    )


def dips(weeks: Any, values: Any) -> Any:
    """Whether R1 speaks, by person and session; never before the fourth rating."""
    limits = load_rules()["RUP.R1"].thresholds
    z = by_person(followed(weeks, values).innovation)
    start = int(limits["ratings"])
    return z[:, start:] / factors(z, limits, start=start) < limits["z"]


def slides(weeks: Any, values: Any) -> Any:
    """Whether R3 speaks, by person and session; never before the seventh rating."""
    limits = load_rules()["RUP.R3"].thresholds
    run, back = followed(weeks, values), int(limits["sessions"])
    mean, sd = by_person(run.filtered_mean), by_person(run.filtered_sd)
    start = back + int(limits["ratings"]) - 1
    then = slice(start - back, SESSIONS - back)
    fall = mean[:, then] - mean[:, start:]
    before = mean[:, then] - mean[:, start - 1 : -1]
    chance = np.vectorize(
        lambda fall, one, two: chance_of_decline(
            fall, spreads=[one, two], passing=ALLIANCE.deviation_sd
        )
    )(
        fall / factors(by_person(run.innovation), limits, start=start),
        sd[:, then],
        sd[:, start:],
    )
    least = limits["least"] * np.hypot(ALLIANCE.deviation_sd, ALLIANCE.error_sd)
    return (np.minimum(fall, before) > least) & (chance > limits["probability"])


def test_in_a_steady_alliance_three_ratings_in_a_hundred_are_called_low() -> None:
    called = dips(*steady(1.0))

    budget = load_rules()["RUP.R1"].thresholds["budget"]
    assert called.mean() == pytest.approx(budget, rel=0.2)
    assert called.any(axis=1).mean() == pytest.approx(0.34, abs=0.02)


def test_whole_answers_and_a_ceiling_change_that_little() -> None:
    weeks, values = steady(1.0)

    called = dips(weeks, (np.round(values * 4) / 4).clip(0, 10))

    assert called.mean() == pytest.approx(0.03, rel=0.2)


@pytest.mark.parametrize(("spread", "rate"), [(0.5, 0.003), (1.5, 0.064)])
def test_a_person_who_strays_differently_is_called_low_a_little_differently(
    spread: float, rate: float
) -> None:
    called = dips(*steady(spread))

    assert called.mean() == pytest.approx(rate, abs=0.005)


def test_a_dip_of_two_points_is_seen_more_often_than_not() -> None:
    weeks, values = steady(1.0)
    values[:, 10] -= 2

    seen = dips(weeks, values)[:, 10 - 3]

    assert seen.mean() == pytest.approx(0.63, abs=0.03)


def test_in_a_steady_alliance_four_ratings_in_a_hundred_seem_to_slide() -> None:
    called = slides(*steady(1.0))

    assert called.mean() == pytest.approx(0.04, abs=0.005)
    assert called.any(axis=1).mean() == pytest.approx(0.34, abs=0.02)


@pytest.mark.parametrize(("spread", "rate"), [(0.5, 0.004), (1.5, 0.077)])
def test_a_person_who_strays_differently_seems_to_slide_a_little_differently(
    spread: float, rate: float
) -> None:
    assert slides(*steady(spread)).mean() == pytest.approx(rate, abs=0.004)


def test_a_slow_slide_of_two_points_is_seen_more_often_than_not() -> None:
    weeks, values = steady(1.0)
    steadily = slides(weeks, values)[:, 9 - 6 :].any(axis=1)
    values[:, 9:] -= np.minimum(0.5 * np.arange(1, 8), 2)

    seen = slides(weeks, values)[:, 9 - 6 :].any(axis=1)

    assert seen.mean() == pytest.approx(0.86, abs=0.01)
    assert steadily.mean() == pytest.approx(0.25, abs=0.02)


@cache
def courses() -> Any:
    """PHQ-9-like courses of the model itself, weekly, with 10 or more at intake."""
    rng, people, n = np.random.default_rng(SEED), 6000, 17
    prior = LOW_MOOD
    spread = [
        [prior.intercept_sd**2, prior.covariance],
        [prior.covariance, prior.slope_sd**2],
    ]
    b = rng.multivariate_normal([prior.intercept_mean, prior.slope_mean], spread, people)
    weeks = np.tile(np.arange(n, dtype=float), (people, 1))
    x = prior.deviation_sd * passing(rng, prior, weeks)
    y = (
        b[:, :1]
        + b[:, 1:] * np.log1p(np.arange(n))
        + x
        + rng.normal(0, prior.error_sd, x.shape)
    )
    whole = np.round(y).clip(0, 27)
    return whole[whole[:, 0] >= 10][:4000]


@cache
def chances(session: float) -> Any:
    """P(reliable improvement) and P(deterioration) as known at one session."""
    seen = courses()[:, : session + 1]
    n = np.tile(np.arange(session + 1), len(seen))
    offsets = np.arange(len(seen) + 1) * (session + 1)
    run = filter_caseload(offsets, n, n, seen.ravel(), LOW_MOOD, planned_sessions=16)
    return run.p_reliable_improvement, run.p_deterioration


def improved() -> Any:
    return courses()[:, 16] <= courses()[:, 0] - 6


def worsened() -> Any:
    return courses()[:, 16] >= courses()[:, 0] + 6


def test_a_stated_chance_comes_true_as_often_as_stated() -> None:
    stated, came = chances(6)[0], improved()

    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        some = (stated >= low) & (stated < low + 0.2)
        assert came[some].mean() == pytest.approx(stated[some].mean(), abs=0.05)


def test_of_those_called_not_on_track_by_session_six_one_in_seven_improves_after_all() -> None:
    limits = load_rules()["NOT.P"].thresholds
    off, in_a_row = np.zeros(len(courses()), bool), np.zeros(len(courses()), int)
    for session in range(3, 7):
        stated = chances(session)[0]
        in_a_row = np.where(stated < limits["twice"], in_a_row + 1, 0)
        off |= (stated < limits["once"]) | (in_a_row > 1)
        off &= ~((stated > limits["clear"]) & (in_a_row == 0))

    assert off.mean() == pytest.approx(0.24, abs=0.01)
    assert improved()[off].mean() == pytest.approx(0.15, abs=0.01)
    assert off[~improved()].mean() == pytest.approx(0.48, abs=0.01)
    assert (~off)[improved()].mean() == pytest.approx(0.94, abs=0.01)


def test_of_those_said_to_end_worse_fewer_than_half_do() -> None:
    called = chances(6)[1] > load_rules()["DET.P"].thresholds["probability"]

    assert called.mean() == pytest.approx(0.02, abs=0.005)
    assert worsened()[called].mean() == pytest.approx(0.41, abs=0.02)


def test_of_those_reliably_worse_at_a_review_fewer_than_half_end_so() -> None:
    y = courses()

    ever = np.any([y[:, k] >= y[:, 0] + 6 for k in (4, 8, 12, 16)], axis=0)

    assert ever.mean() == pytest.approx(0.06, abs=0.005)
    assert worsened()[ever].mean() == pytest.approx(0.37, abs=0.02)


def test_the_classic_band_is_left_once_in_ten_and_over_time_by_one_in_four() -> None:
    y, ever, rates = courses(), np.zeros(len(courses()), bool), []
    for session in range(3, 9):
        high = [
            expected_course(first, LOW_MOOD, weeks=[session], sessions=[session]).high[0]
            for first in range(28)
        ]
        outside = y[:, session] > np.array(high)[y[:, 0].astype(int)]
        ever |= outside
        rates.append(outside.mean())

    assert rates == pytest.approx([0.095] * 6, abs=0.01)
    assert ever.mean() == pytest.approx(0.26, abs=0.01)


@cache
def staying() -> Any:
    """PHQ-9-like courses without any lasting change, with 10 or more at intake."""
    rng, people, n = np.random.default_rng(SEED), 6000, 17
    prior = LOW_MOOD
    x = prior.deviation_sd * passing(
        rng, prior, np.tile(np.arange(n, dtype=float), (people, 1))
    )
    level = rng.normal(prior.intercept_mean, prior.intercept_sd, (people, 1))
    whole = np.round(level + x + rng.normal(0, prior.error_sd, x.shape)).clip(0, 27)
    return whole[whole[:, 0] >= 10][:4000]


@pytest.mark.parametrize(("of", "rate"), [(staying, 0.12), (courses, 0.23)])
def test_many_seem_to_improve_fast_without_any_step(of: Any, rate: float) -> None:
    y, ever = of(), np.zeros(4000, bool)
    for last in range(3, 17):
        steps = sudden_steps(y[:, : last + 1], reliable=6, better=LOW_MOOD.better)
        ever |= steps.gains[:, -2] & ~steps.reversed[:, -2]

    assert ever.mean() == pytest.approx(rate, abs=0.01)


@pytest.mark.parametrize(("of", "rate"), [(staying, 0.28), (courses, 0.62)])
def test_many_seem_to_improve_early_though_nothing_lasts(of: Any, rate: float) -> None:
    share = load_rules()["EARLY"].thresholds["percent"] / 100
    first, fall = of()[:, :1], of()[:, :1] - of()[:, 3:5]

    ever = ((fall >= share * first) | (fall >= 6)).any(axis=1)

    assert ever.mean() == pytest.approx(rate, abs=0.01)
