"""The figures in words that a clinician reads: of ten such prompts, how many are noise."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from securebase.science.calibrate.figures import Rate
from securebase.science.calibrate.report import Operating, load_operating
from securebase.science.calibrate.worlds import TRUE, World, Worlds, load_worlds

SESSION, UNKNOWN = "session", "an unknown number"
LEAST = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One world in words, for one rule and one length of therapy."""

    world: World
    rate: Rate
    people: str
    """Who the invented people are, as a clause."""
    noise: str
    """Of ten such prompts, how many are noise."""
    noticed: str
    """How many are noticed, and how many others are called too."""


def told_of(rule: str, *, sessions: float) -> tuple[Told, ...]:
    """Return what was measured of a rule: the model's own world, then the noisiest.

    Parameters
    ----------
    rule : str
        A rule of the register, or one beside it.
    sessions : float
        Sessions planned, or so far; the nearest length measured is taken.

    Returns
    -------
    tuple of Told
        Two worlds, or one where the model's own is the noisiest; empty where nothing was
        measured.

    Examples
    --------
    >>> [one.world.key for one in told_of("RUP.R1", sessions=15)][0]
    'true'
    >>> told_of("SAFE1", sessions=15)
    ()
    """
    rates = at_length(load_operating(), rule, sessions=sessions)
    if not rates:
        return ()
    right = {r.world: r.right.value for r in rates if not isnan(r.right.value)}
    hardest = min(right, key=lambda world: right[world], default=TRUE)
    known, shown = load_worlds(), {TRUE, hardest}
    return tuple(told(rate, known) for rate in rates if rate.world in shown)


def at_length(operating: Operating, rule: str, *, sessions: float) -> tuple[Rate, ...]:
    """Return the rates of a rule in every world, at the measured length nearest to one."""
    rates = [rate for rate in operating.figures.rates if rate.rule == rule]
    if not rates:
        return ()
    nearest = min({rate.sessions for rate in rates}, key=lambda n: (abs(n - sessions), n))
    return tuple(rate for rate in rates if rate.sessions == nearest)


def told(rate: Rate, known: Worlds) -> Told:
    """Put one rate into words."""
    asked = known.asked[rate.rule]
    others = rate.false_session if asked.each == SESSION else rate.false_therapy
    where = f"where {_hundredths(rate.share)} in 100 are {asked.has}"
    return Told(
        world=known[rate.world],
        rate=rate,
        people=asked.people,
        noise=f"Of 10 such prompts {_tenths(1 - rate.right.value)} noise, {where}.",
        noticed=(
            f"Of 100 {asked.has}, {_hundredths(rate.hit.value)} are noticed; "
            f"of 100 {asked.others}, {_hundredths(others.value)} are called too."
        ),
    )


def _tenths(share: float) -> str:
    """Return how many of ten, and the verb for them."""
    if isnan(share):
        return f"{UNKNOWN} are"
    some = {0: "hardly any are", 1: "about 1 is"}
    return some.get(round(10 * share), f"about {round(10 * share)} are")


def _hundredths(share: float) -> str:
    if isnan(share):
        return UNKNOWN
    return "fewer than 1" if 0 < share < LEAST else f"{round(100 * share)}"
