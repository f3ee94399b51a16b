"""``securebase fit``: what to expect of a measure, learned from many people's scores."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from securebase.cli.fit_intake import Known, read_known
from securebase.cli.long_table import Told, of_measure, read_file, read_scores
from securebase.cli.measure import Measure, find_measure
from securebase.science.errors import BadInput
from securebase.science.trajectory.fit import FITTED, Fit, fit_priors
from securebase.science.trajectory.intake import Covariate
from securebase.science.trajectory.prior import Prior, Priors, load_priors
from securebase.science.words import Better

if TYPE_CHECKING:
    from argparse import _SubParsersAction

ESTIMATED = (
    *("intercept_mean", "intercept_sd", "slope_mean", "slope_sd", "correlation"),
    *("deviation_sd", "half_life_weeks", "error_sd"),
)

MOST_RELIABLE = 1 - 1e-12


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command and its options."""
    parser = subparsers.add_parser(
        "fit",
        help="learn population parameters from scores",
        description="Read person,at,measure,value, fit the trajectory model to every "
        "measure by maximum likelihood, print log-likelihood and estimates and write "
        "priors that 'securebase trajectory --priors' reads.",
    )
    parser.add_argument("file", metavar="FILE.csv", help="long table; - reads standard input")
    parser.add_argument(
        "--out", metavar="priors.toml", type=Path, required=True, help="the file to write"
    )
    parser.add_argument(
        "--priors",
        metavar="FILE.toml",
        type=Path,
        help="where range, direction and reliable change are taken from; those that come "
        "with the program if not given",
    )
    parser.add_argument(
        "--covariates",
        metavar="FILE2.csv",
        help="what is known at intake: a column person and one for each covariate, called by "
        "its measure; what one standard deviation of each adds to level and slope is "
        "estimated, and people of whom one is not known are left out",
    )
    parser.add_argument(
        "--hold-error",
        action="store_true",
        help="keep the measurement error of the priors instead of estimating it",
    )
    parser.add_argument(
        "--lean",
        action="store_true",
        help="stay near the priors where the data say little, so that few people will do",
    )
    parser.add_argument(
        "--better",
        choices=[Better.LOWER.value, Better.HIGHER.value],
        help="for measures the library does not know; lower if not given",
    )


def run(args: argparse.Namespace) -> int:
    """Read and fit everything, and only then write."""
    if args.file != "-" and args.out.resolve() == Path(args.file).resolve():
        raise BadInput(f"--out is the file that is read, {args.file}. Name another.")
    known = load_priors(args.priors)
    table = read_file(args.file)
    told = read_scores(table)
    if not told:
        raise BadInput(f"{table.where} holds no score. Give at least five people's.")
    known_at_intake = _known(args.covariates, told)
    version, fits = _version(told, known_at_intake), {}
    for name in sorted({one.measure for one in told}):
        measure = find_measure(name, args.better)
        needed = args.hold_error or args.lean
        like = replace(_like(measure, known, needed=needed), version=version)
        people = of_measure(told, measure, table.where)
        try:
            fits[name] = _fitted(
                people, like, known_at_intake, hold_error=args.hold_error, lean=args.lean
            )
        except BadInput as refusal:
            raise BadInput(f"{table.where}, {name}: {refusal}") from None
    until = max(told, key=lambda one: one.when).at[:10]
    args.out.write_text(_toml(fits, version, until), encoding="utf-8")
    print("\n\n".join(describe(name, fit) for name, fit in fits.items()))
    return 0


def _known(name: str | None, told: list[Told]) -> Known | None:
    return None if name is None else read_known(read_file(name), {one.person for one in told})


def _version(told: list[Told], known: Known | None) -> str:
    """Name the data: the last day in it, and a digest of every row."""
    rows = sorted((one.person, one.measure, one.at, repr(one.value)) for one in told)
    more = sorted(known.by_person.items()) if known else ""
    digest = hashlib.sha256(f"{rows!r}{more}".encode()).hexdigest()[:8]
    return f"fit-{max(told, key=lambda one: one.when).at[:10]}-{digest}"


def _fitted(
    people: dict[str, list[Told]],
    like: Prior,
    known: Known | None,
    *,
    hold_error: bool,
    lean: bool,
) -> Fit:
    values = None
    covariates = known.about(like.measure) if known else ()
    if known and covariates:
        found = known.standardized(list(people), covariates)
        people = {person: people[person] for person in found}
        values = np.array([*found.values()]).reshape(len(found), len(covariates))
        like = replace(like, covariates=covariates)
    first = min((one.week for scores in people.values() for one in scores), default=0.0)
    rows = [one for scores in people.values() for one in scores]
    return fit_priors(
        np.cumsum([0, *(len(scores) for scores in people.values())]),
        [one.week - first for one in rows],
        [float(nth) for scores in people.values() for nth in range(len(scores))],
        [np.nan if one.value is None else one.value for one in rows],
        like=like,
        hold_error=hold_error,
        lean=lean,
        covariates=values,
    )


def _like(measure: Measure, known: Priors, *, needed: bool) -> Prior:
    """Take what is not estimated from the known priors, or from the instrument."""
    if measure.name in known:
        return known[measure.name]
    if needed:
        raise BadInput(
            f"There is no prior for {measure.name!r}, so nothing to hold or to lean on. Leave "
            "out --hold-error and --lean, or give a prior with --priors."
        )
    return replace(
        FITTED,
        measure=measure.name,
        name=measure.name,
        better=measure.better,
        low=measure.low,
        high=measure.high,
        reliable_change=measure.reliable_change,
    )


def describe(name: str, fit: Fit) -> str:
    """Say in words and figures what was found."""
    lines = [
        f"{name}: {fit.people} people, {fit.observations} scores",
        f"log-likelihood  {fit.loglik:.6f}"
        + ("" if fit.converged else "  (the search did not end; do not rely on this)"),
        f"{'':16}{'estimate':>12}{'std. error':>12}",
    ]
    for key in ESTIMATED:
        error = fit.standard_errors[key]
        told = "held" if error == 0 else "unknown" if np.isnan(error) else f"{error:.4f}"
        lines.append(f"{key:16}{getattr(fit.prior, key):>12.4f}{told:>12}")
    for one, errors in zip(fit.prior.covariates, fit.effect_errors.tolist(), strict=True):
        lines.append(f"one sd of {one.name} adds")
        for key, error in zip(("level", "slope"), errors, strict=True):
            lines.append(f"{'  to ' + key:16}{getattr(one, key):>12.4f}{error:>12.4f}")
    return "\n".join(lines)


def _toml(fits: dict[str, Fit], version: str, until: str) -> str:
    parts = [
        "# Fitted by `securebase fit`. Figures in units of `sd`, the standard deviation of a",
        "# first score that the model implies; `securebase trajectory --priors` reads this.",
        "",
        f'version = "{version}"',
        f"data_until = {until}",
        "",
        "[family.fitted]",
    ]
    told = {one.name: one for fit in fits.values() for one in fit.prior.covariates}
    for one in told.values():
        parts += ["", f"[covariate.{_text(one.name)}]", *_measured(one)]
    for name, fit in fits.items():
        parts += ["", f"[measure.{_text(name)}]", *_figures(fit)]
    return "\n".join(parts) + "\n"


def _figures(fit: Fit) -> list[str]:
    p = fit.prior
    sd = sqrt(p.intercept_sd**2 + p.deviation_sd**2 + p.error_sd**2)
    figures = {
        "mean": p.intercept_mean,
        "sd": sd,
        "reliability": min(1 - (p.error_sd / sd) ** 2, MOST_RELIABLE),
        "intercept_sd": p.intercept_sd / sd,
        "slope_mean": p.slope_mean / sd,
        "slope_sd": p.slope_sd / sd,
        "correlation": p.correlation,
        "deviation_sd": p.deviation_sd / sd,
        "half_life_weeks": p.half_life_weeks,
        "low": p.low,
        "high": p.high,
        "step": p.step,
        "clip": p.clip,
        "weeks_per_session": p.weeks_per_session,
    }
    if p.reliable_change is not None:
        figures["reliable_change"] = p.reliable_change
    source = (
        f"Fitted to {fit.people} people and {fit.observations} scores; "
        f"log-likelihood {fit.loglik:.6f}."
    )
    return [
        'family = "fitted"',
        f"name = {_text(p.name)}",
        f'better = "{p.better}"',
        *(f"{key} = {float(value)!r}" for key, value in figures.items()),
        f"source = {_text(source)}",
        "verified = false",
        *(
            f"covariates.{_text(one.name)} = {{ level = {one.level / sd!r}, "
            f"slope = {one.slope / sd!r} }}"
            for one in p.covariates
        ),
    ]


def _measured(covariate: Covariate) -> list[str]:
    yardsticks = (
        f"{{ measure = {_text(one.measure)}, mean = {one.mean!r}, sd = {one.sd!r} }}"
        for one in covariate.yardsticks
    )
    return [
        f"name = {_text(covariate.title)}",
        f"yardsticks = [{', '.join(yardsticks)}]",
        'source = "Mean and sd of the people fitted to."',
        "verified = false",
    ]


def _text(told: str) -> str:
    r"""Write a TOML string; names from a file may hold anything.

    >>> print(_text('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    plain = told.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in plain) + '"'
