"""dynamax, compiled by JAX, at refreshing a caseload."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from math import log, pi
from pathlib import Path
from typing import Any

import jax  # type: ignore[import-not-found]
import jax.numpy as jnp  # type: ignore[import-not-found]
import numpy as np
from dynamax.linear_gaussian_ssm import lgssm_smoother  # type: ignore[import-not-found]
from dynamax.linear_gaussian_ssm.inference import make_lgssm_params  # type: ignore[import-not-found]

from benchmarks.seat import sit
from benchmarks.work import (
    CHECKED,
    NOT_ON_TRACK,
    PLANNED,
    SUDDEN,
    Caseload,
    Floats,
    Refreshed,
    priors,
    started,
    written,
)
from securebase.science.trajectory.prior import Prior

jax.config.update("jax_enable_x64", True)


def run(folder: Path, people: int) -> None:
    """Smooth everybody at once, padded to the longest, compiled."""
    data = Caseload.read(folder, people=people)
    lengths = np.diff(data.offsets)
    here = np.arange(lengths.max()) < lengths[:, None]
    weeks, nth = padded(data.weeks, here), padded(data.sessions, here)
    gaps = np.diff(weeks, axis=1, prepend=weeks[:, :1]).clip(0)
    last = data.sessions[data.offsets[1:] - 1]
    each = []
    for values, prior in zip(data.values, priors(), strict=True):
        seen = padded((~np.isnan(values)).astype(float), here)
        told = gaps, nth, padded(np.nan_to_num(values), here), seen, last
        each.append((jax.jit(partial(everybody, prior)), told))

    def work() -> list[Refreshed]:
        made = []
        for compiled, told in each:
            loglik, chance, smoothed, flagged = jax.block_until_ready(compiled(*told))
            made.append(Refreshed(loglik, chance, smoothed, int(flagged)))
        return made

    made = sit(version("dynamax"), work)
    checked = here[:CHECKED]
    written(
        folder,
        "dynamax",
        np.concatenate(
            [
                np.concatenate(
                    (m.loglik[:CHECKED], m.chance[:CHECKED], m.smoothed[:CHECKED][checked])
                )
                for m in made
            ]
        ),
    )


def padded(column: Floats, here: Any) -> Floats:
    """Lay observations out as people by sessions, 0 where there is none."""
    out = np.zeros(here.shape)
    out[here] = column
    return out


def everybody(prior: Prior, *told: Any) -> tuple[Any, Any, Any, Any]:
    """Refresh one measure of everybody."""
    loglik, chance, level, flags = jax.vmap(partial(one, prior))(*told)
    return loglik, chance, level, flags.sum()


def one(prior: Prior, gap: Any, nth: Any, y: Any, there: Any, last: Any) -> Any:
    """Refresh one measure of one person; ``there`` is 0 where a score is missing."""
    start, cov = started(prior)
    n, kept = gap.shape[0], jnp.exp(-log(2) / prior.half_life_weeks * gap)
    fresh = prior.deviation_sd**2 * (1 - kept**2)
    turn = jnp.zeros((n, 3, 3)).at[:, 0, 0].set(1).at[:, 1, 1].set(1).at[:, 2, 2].set(kept)
    noise = jnp.zeros((n, 3, 3)).at[:, 2, 2].set(fresh)
    design = jnp.stack((jnp.ones(n), jnp.log1p(nth), jnp.ones(n)), axis=1)
    seen = (design * there[:, None])[:, None, :]
    error = jnp.full((n, 1, 1), prior.error_sd**2)
    params = make_lgssm_params(start, cov, turn, noise, seen, error)
    got = lgssm_smoother(params, (y * there)[:, None])
    # A missing score is seen through a design of zeros: its density is that of the error.
    gone = (1 - there).sum() * 0.5 * (log(2 * pi) + 2 * log(prior.error_sd))
    before = jnp.concatenate((start[None], got.filtered_means[:-1]))
    spread = jnp.concatenate((cov[None], got.filtered_covariances[:-1]))
    spread = turn @ spread @ turn.transpose(0, 2, 1) + noise
    s = jnp.einsum("ti,tij,tj->t", design, spread, design) + prior.error_sd**2
    z = there * (y - jnp.einsum("ti,tij,tj->t", design, turn, before)) / jnp.sqrt(s)
    chance = by_the_end(prior, got, y[jnp.argmax(there)], last)
    flag = (jnp.abs(z).max() > SUDDEN) | (chance < NOT_ON_TRACK)
    level = (design * got.smoothed_means).sum(axis=1)
    return got.marginal_loglik + gone, chance, level, flag


def by_the_end(prior: Prior, got: Any, first: Any, last: Any) -> Any:
    """Chance of reliable improvement by the planned end, lower being better."""
    end = jnp.maximum(PLANNED, last)
    fade = -log(2) / prior.half_life_weeks * prior.weeks_per_session * (end - last)
    h = jnp.stack((jnp.ones(()), jnp.log1p(end), jnp.exp(fade)))
    fresh = prior.error_sd**2 - prior.deviation_sd**2 * jnp.expm1(2 * fade)
    sd = jnp.sqrt(h @ got.filtered_covariances[-1] @ h + fresh)
    needed = first - (prior.reliable_change or 0.0) + prior.step / 2
    return jax.scipy.stats.norm.cdf((needed - h @ got.filtered_means[-1]) / sd)
