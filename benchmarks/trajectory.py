"""Filter 10,000 people x 25 irregular sessions, against a loop over statsmodels.

Run with NumPy from the project and statsmodels from ``requirements/bench.txt``::

    PYTHONPATH=src python benchmarks/trajectory.py

The statsmodels loop is timed on a sample of people and scaled up, as it says; it uses the
bare compiled filter, the fastest way in. Both give filtered states and log-likelihoods;
these must agree to 1e-6 (clipping off).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from math import inf, log
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

from securebase.science.trajectory.filter import filter_caseload
from securebase.science.trajectory.prior import Prior

Floats = NDArray[np.float64]

ROUNDS = 9

PRIOR = Prior(
    measure="bench.total",
    version="bench",
    intercept_mean=15.0,
    intercept_sd=4.9,
    slope_mean=-2.1,
    slope_sd=1.7,
    correlation=-0.25,
    deviation_sd=2.0,
    half_life_weeks=1.2,
    error_sd=2.3,
    reliable_change=6.0,
    clip=inf,
)


def drawn(people: int, n: int) -> tuple[Floats, Floats, Floats]:
    """Weeks, sessions and values, each (people, n), a tenth of the values missing."""
    rng = np.random.default_rng(20261123)
    weeks = np.cumsum(rng.uniform(0.3, 2.2, (people, n)), axis=1)
    values = np.round(rng.normal(15, 5, (people, n))).clip(0, 27)
    values[rng.random(values.shape) < 0.1] = np.nan
    return weeks, np.broadcast_to(np.arange(n, dtype=float), weeks.shape), values


def one_model(weeks: Floats, sessions: Floats, values: Floats) -> KalmanFilter:
    """Build statsmodels' filter for one person."""
    n = values.size
    model = KalmanFilter(k_endog=1, k_states=3, k_posdef=1)
    model.bind(np.ascontiguousarray(values)[:, None])
    design = np.ones((1, 3, n))
    design[0, 1] = np.log1p(sessions)
    kept = np.exp(-log(2) / PRIOR.half_life_weeks * np.append(np.diff(weeks), 0.0))
    transition = np.zeros((3, 3, n))
    transition[0, 0] = transition[1, 1] = 1.0
    transition[2, 2] = kept
    selection = np.zeros((3, 1))
    selection[2, 0] = 1.0
    model["design"], model["transition"], model["selection"] = design, transition, selection
    model["obs_cov"] = np.array([[PRIOR.error_sd**2]])
    model["state_cov"] = (PRIOR.deviation_sd**2 * (1 - kept**2))[None, None, :]
    start = np.zeros((3, 3))
    start[0, 0], start[1, 1] = PRIOR.intercept_sd**2, PRIOR.slope_sd**2
    start[0, 1] = start[1, 0] = PRIOR.covariance
    start[2, 2] = PRIOR.deviation_sd**2
    model.initialize_known(np.array([PRIOR.intercept_mean, PRIOR.slope_mean, 0.0]), start)
    return model


def timed(*works: Callable[[], Floats]) -> list[tuple[float, Floats]]:
    """Best of some rounds, in seconds, and what came out.

    The works take turns, so that whatever else the machine does slows them alike.
    """
    best = [inf for _ in works]
    out = [np.empty(0) for _ in works]
    for _ in range(ROUNDS):
        for at, work in enumerate(works):
            begun = perf_counter()
            out[at] = work()
            best[at] = min(best[at], perf_counter() - begun)
    return list(zip(best, out, strict=True))


def main() -> None:
    """Print times, the ratio, and how far the log-likelihoods are apart."""
    parser = argparse.ArgumentParser(description="trajectory filter against statsmodels")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--sessions", type=int, default=25)
    parser.add_argument(
        "--sample", type=int, default=200, help="people in the statsmodels loop"
    )
    args = parser.parse_args()
    weeks, sessions, values = drawn(args.people, args.sessions)
    offsets = np.arange(args.people + 1) * args.sessions

    def ours() -> Floats:
        flat = (weeks.ravel(), sessions.ravel(), values.ravel())
        return filter_caseload(offsets, *flat, PRIOR).loglik

    def theirs() -> Floats:
        models = (one_model(weeks[i], sessions[i], values[i]) for i in range(args.sample))
        return np.array([model.filter().llf for model in models])

    (fast, loglik), (slow, expected) = timed(ours, theirs)
    scaled = slow * args.people / args.sample
    apart = float(np.abs(loglik[: args.sample] - expected).max())
    print(f"securebase   {args.people} people x {args.sessions} sessions: {fast:.3f} s")
    print(f"statsmodels  {args.sample} people: {slow:.3f} s, scaled to all: {scaled:.1f} s")
    print(f"ratio        {scaled / fast:.0f} times faster (target 100)")
    print(f"loglik       largest difference {apart:.1e} (target 1e-6)")
    if apart > 1e-6 or scaled / fast < 100:
        raise SystemExit("a target was missed")


if __name__ == "__main__":
    main()
