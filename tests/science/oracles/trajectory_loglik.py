"""Write ``trajectory_loglik.csv``: the trajectory model as statsmodels works it out.

Run with the packages of ``requirements/bench.txt``; it shares no code with the project.
"""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import statsmodels
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

MEAN = np.array([15.0, -2.1, 0.0])
SD_B0, SD_B1, CORRELATION = 4.9, 1.7, -0.25
SD_X, HALF_LIFE, SD_ERROR = 2.0, 1.2, 2.3


def built(weeks: Any, sessions: Any, values: Any) -> Any:
    """Return statsmodels' filter for one person."""
    n = len(values)
    model = KalmanFilter(k_endog=1, k_states=3, k_posdef=1)
    model.bind(np.asarray(values, dtype=float)[:, None])
    design = np.ones((1, 3, n))
    design[0, 1] = np.log1p(sessions)
    kept = 0.5 ** (np.append(np.diff(weeks), 0.0) / HALF_LIFE)
    transition = np.zeros((3, 3, n))
    transition[0, 0] = transition[1, 1] = 1.0
    transition[2, 2] = kept
    selection = np.zeros((3, 1))
    selection[2, 0] = 1.0
    model["design"], model["transition"], model["selection"] = design, transition, selection
    model["obs_cov"] = np.array([[SD_ERROR**2]])
    model["state_cov"] = (SD_X**2 * (1 - kept**2))[None, None, :]
    cross = CORRELATION * SD_B0 * SD_B1
    start = np.array([[SD_B0**2, cross, 0], [cross, SD_B1**2, 0], [0, 0, SD_X**2]])
    model.initialize_known(MEAN, start)
    return model


def people(rng: Any) -> Any:
    """Draw twelve people with irregular weeks and some missing scores."""
    for person in range(12):
        n = int(rng.integers(1, 26))
        weeks = np.round(np.cumsum(rng.uniform(0, 2.5, n)), 3)
        values = np.round(rng.normal(14, 5, n)).clip(0, 27)
        values[rng.random(n) < 0.15] = np.nan
        yield person, weeks, np.arange(n, dtype=float), values


def main() -> None:
    """Filter everybody and write one row per observation."""
    out = Path(__file__).with_suffix(".csv")
    with out.open("w", newline="", encoding="utf-8") as handle:
        write = csv.writer(handle, lineterminator="\n").writerow
        write(("person", "week", "session", "value", "filtered", "predicted", "sd", "loglik"))
        for person, weeks, sessions, values in people(np.random.default_rng(20261123)):
            model = built(weeks, sessions, values)
            got = model.filter()
            level = got.filtered_state[0] + np.log1p(sessions) * got.filtered_state[1]
            level = level + got.filtered_state[2]
            h = np.vstack([np.ones_like(weeks), np.log1p(sessions), np.ones_like(weeks)])
            predicted = np.sum(h * got.predicted_state[:, :-1], axis=0)
            spread = np.einsum("it,ijt,jt->t", h, got.predicted_state_cov[:, :, :-1], h)
            for i, value in enumerate(values):
                cells = (level[i], predicted[i], np.sqrt(spread[i] + SD_ERROR**2), got.llf)
                write(
                    (
                        person,
                        weeks[i],
                        sessions[i],
                        "" if np.isnan(value) else value,
                        *(f"{cell:.12g}" for cell in cells),
                    )
                )
    print(f"{out.name}: statsmodels {statsmodels.__version__}, NumPy {np.__version__}")


if __name__ == "__main__":
    main()
