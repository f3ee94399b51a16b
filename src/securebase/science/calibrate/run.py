"""One run over all worlds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from securebase.science.calibrate import alliance, attendance, symptoms
from securebase.science.calibrate.alliance import Bonds
from securebase.science.calibrate.figures import Figures, Forecasts, Look, Rate, Together
from securebase.science.calibrate.people import symptoms as draw
from securebase.science.calibrate.symptoms import Line, Ward
from securebase.science.calibrate.whole import ALLIANCE, MOOD, together
from securebase.science.calibrate.worlds import TRUE, Design, World, load_worlds
from securebase.science.signals.rules import load_rules
from securebase.science.trajectory.prior import Prior, load_priors

Watch = Callable[[str], None]


def calibrate(
    *,
    seed: int,
    people: int,
    rehearsed: int,
    worlds: Sequence[str] = (),
    watch: Watch = lambda key: None,
) -> Figures:
    """Measure every rule in every world.

    Parameters
    ----------
    seed : int
        The same seed and numbers give the same figures to the last digit.
    people : int
        Invented people for each world, once for symptoms and once for the alliance.
    rehearsed : int
        Of whole courses in each world, with merging, rests and caps; 0 leaves them out.
    worlds : sequence of str
        Which worlds; all where it is empty.
    watch : callable
        Told the key of each world before it begins.

    Returns
    -------
    Figures
        Shares with Monte Carlo standard errors.

    Examples
    --------
    >>> found = calibrate(seed=1, people=60, rehearsed=0, worlds=["true"])
    >>> sorted({rate.rule for rate in found.rates})[:3]
    ['DET.P', 'DET.RC', 'EARLY']
    """
    known, priors, rules = load_worlds(), load_priors(), load_rules()
    design, mood, bond = known.design, priors[MOOD], priors[ALLIANCE]
    lines = _lines(known[TRUE], mood, design, seed)
    rates, looks = list[Rate](), list[Look]()
    forecasts, whole = list[Forecasts](), list[Together]()
    for nth, (key, world) in enumerate(known.by_key.items()):
        if worlds and key not in worlds:
            continue
        watch(key)
        own = seed + nth
        drawn = draw(world, mood, design, people=people, rng=np.random.default_rng([own, 4]))
        ward = Ward.of(key, drawn, mood, rules, design)
        bonds = Bonds.of(world, bond, rules, design, people=people, seed=own)
        rates += [*symptoms.rates(ward), *alliance.rates(bonds)]
        rates += attendance.rates(world, design, rules, people=people, seed=own)
        looks += symptoms.looks(ward, lines)
        forecasts += symptoms.forecasts(ward, lines)
        if rehearsed:
            whole.append(together(world, design, rules, priors, people=rehearsed, seed=own))
    return Figures(
        seed=seed,
        people=people,
        rehearsed=rehearsed,
        rates=tuple(rates),
        looks=tuple(looks),
        forecasts=tuple(forecasts),
        together=tuple(whole),
    )


def _lines(
    world: World, prior: Prior, design: Design, seed: int
) -> dict[tuple[int, int], Line]:
    """Learn the simple regression in the model's world, from people met nowhere else."""
    rng = np.random.default_rng([seed, 5])
    whole = draw(world, prior, design, people=design.trained, rng=rng).whole
    return {
        (k, planned): Line.learned(whole, seen=k, planned=planned)
        for planned in design.lengths
        for k in design.lengths
        if k < planned
    }
