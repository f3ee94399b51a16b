"""Ours, at every work. Usage: python -m benchmarks.contenders WORK FOLDER PEOPLE."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.seat import sit
from benchmarks.work import (
    CHECKED,
    ITEMS,
    NOT_ON_TRACK,
    PART,
    PLANNED,
    SUDDEN,
    Caseload,
    Floats,
    Refreshed,
    instrument,
    priors,
    written,
)
from securebase.science.matrix import score_matrix
from securebase.science.trajectory.fit import fit_growth, fit_priors
from securebase.science.trajectory.prior import Prior
from securebase.science.trajectory.smooth import smooth_caseload


def _version() -> str:
    return f"on NumPy {np.__version__}"


def _scored(folder: Path, name: str, answers: NDArray[np.int8]) -> None:
    made_up = instrument()
    scores = sit(_version(), lambda: score_matrix(made_up, answers))
    written(folder, name, np.concatenate([scores[s.slug][:5000] for s in made_up.scales]))


def rows(folder: Path, people: int) -> None:
    """Score answers that lie person by person."""
    _scored(folder, "rows", np.fromfile(folder / "rows.i1", np.int8).reshape(people, ITEMS))


def columns(folder: Path, people: int) -> None:
    """Score answers that lie item by item, as in a table of columns."""
    told = np.fromfile(folder / "columns.i1", np.int8).reshape(ITEMS, people)
    _scored(folder, "columns", told.T)


def refreshed(data: Caseload, values: Floats, prior: Prior) -> Refreshed:
    """Filter, smooth and predict one measure of everybody, and flag."""
    told = (data.offsets, data.weeks, data.sessions, values)
    got = smooth_caseload(*told, prior, planned_sessions=PLANNED)
    chance, far = got.filtered.p_reliable_improvement, np.abs(got.filtered.innovation) > SUDDEN
    flagged = np.logical_or.reduceat(far, data.offsets[:-1]) | (chance < NOT_ON_TRACK)
    return Refreshed(got.filtered.loglik, chance, got.smoothed_mean, int(flagged.sum()))


def caseload(folder: Path, people: int) -> None:
    """Refresh four measures of everybody at once."""
    data = Caseload.read(folder, people=people)
    each = list(zip(data.values, priors(), strict=True))
    made = sit(_version(), lambda: [refreshed(data, *one) for one in each])
    end = int(data.offsets[CHECKED])
    written(folder, "caseload", np.concatenate([one.checked(end) for one in made]))


def parts(folder: Path, people: int) -> None:
    """Refresh four measures of very many people, read part by part."""

    def work() -> int:
        flagged = 0
        for begun in range(0, people, PART):
            data = Caseload.read(folder, people=min(PART, people - begun), begun=begun)
            for values, prior in zip(data.values, priors(), strict=True):
                flagged += refreshed(data, values, prior).flagged
        return flagged

    sit(_version(), work)


def _fitted(folder: Path, people: int, *, serial: bool) -> float:
    offsets = np.fromfile(folder / "offsets.i8", dtype=np.int64, count=people + 1)
    weeks, nth, values = (
        np.fromfile(folder / f"{column}.f8", count=int(offsets[-1]))
        for column in ("weeks", "sessions", "values")
    )

    def work() -> float:
        if serial:
            return fit_priors(offsets, weeks, nth, values).loglik
        return fit_growth(offsets, np.log1p(nth), values).loglik

    return sit(_version(), work)


def growth(folder: Path, people: int) -> None:
    """Fit growth."""
    written(folder, "growth", np.array([_fitted(folder, people, serial=False)]))


def serial(folder: Path, people: int) -> None:
    """Fit growth and serial correlation."""
    written(folder, "serial", np.array([_fitted(folder, people, serial=True)]))


WORKS = {
    "rows": rows,
    "columns": columns,
    "caseload": caseload,
    "parts": parts,
    "growth": growth,
    "serial": serial,
}

if __name__ == "__main__":
    WORKS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
