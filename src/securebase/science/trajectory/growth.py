"""How likely many people's scores are under a growth model, and how that likelihood slopes.

A person's scores are ``(b0 + u0) + (b1 + u1) * z + x(week) + e``: growth with a random
level and slope, a passing deviation (Ornstein-Uhlenbeck) and an error. The passing part
and the error are whitened by a filter with one state per person, all people at once;
what is left of each person is five numbers, from which the rest follows in closed form.

Everything here is arithmetic that holds for complex numbers too. So a slope is read off
the imaginary part after a step of 1e-30 along the imaginary axis, exact to the last digit
(Squire & Trapp 1998, SIAM Rev 40(1), 110-112).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, pi
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from securebase.science.trajectory.ragged import Floats, Ints

Numbers = NDArray[Any]
"""Real, or complex where a slope is being read off."""

LOG_2_PI = log(2 * pi)
LOG_2 = log(2)
SPREADS, EFFECTS = 3, 6
"""The first three parameters describe how people spread, the next three the single score;
after them come what one unit of each covariate adds to level and slope, in pairs."""
TINY = 1e-30
MULTIPLIED, FEWER = 8, 4
TOGETHER = 4096
"""People filtered together: more, and their figures would leave the processor's cache."""
REMEMBERED = 5
"""Filter passes kept: the point itself and one for each slope; a search asks again."""

PARAMETERS = ("l00", "l10", "l11", "deviation", "log_half_life", "error")
"""A Cholesky factor of the covariance of level and slope, then the residual."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What the whitened scores of each person come to; the last two are sums over all.

    With Z = (1, z) and R the covariance of passing part and error: ``a00, a01, a11`` are
    Z'R^-1 Z, ``c0, c1`` are Z'R^-1 y, each of shape (people,); ``square`` is the sum of
    y'R^-1 y and ``logdet`` that of ln det R.
    """

    a00: Numbers
    a01: Numbers
    a11: Numbers
    c0: Numbers
    c1: Numbers
    square: Any
    logdet: Any
    unit: Any = 1.0
    products: Floats | None = None
    """Those of ``products_of`` before everything was divided by ``unit``, if it was."""


BY_PERSON, OVER_ALL = ("a00", "a01", "a11", "c0", "c1"), ("square", "logdet")

PRODUCT_UNITS = np.array([1, 1, 1, 2, 1, 1, 2, 2, 2, 2, 2, 3])
"""How often each row of ``products_of`` is divided by a common error variance."""


def products_of(m: Moments) -> Numbers:
    """Return what sums over people are made of, shape (12, people)."""
    whole = m.a00 * m.a11 - m.a01 * m.a01
    return np.stack(
        (
            *(m.a00, m.a01, m.a11, whole, m.c0, m.c1),
            m.a00 * m.c1 - m.a01 * m.c0,
            m.a11 * m.c0 - m.a01 * m.c1,
            *(m.c0 * m.c0, m.c0 * m.c1, m.c1 * m.c1),
            m.a11 * m.c0 * m.c0 - 2 * m.a01 * m.c0 * m.c1 + m.a00 * m.c1 * m.c1,
        )
    )


@dataclass(frozen=True, slots=True)
class Pooled:
    """Sums over people: Z'V^-1 Z, Z'V^-1 y, y'V^-1 y and ln det V."""

    w00: Any
    w01: Any
    w11: Any
    d0: Any
    d1: Any
    square: Any
    logdet: Any

    @property
    def determinant(self) -> Any:
        """Determinant of Z'V^-1 Z."""
        return self.w00 * self.w11 - self.w01 * self.w01

    def fixed(self) -> tuple[Any, Any]:
        """Mean level and mean slope by generalised least squares."""
        whole = self.determinant
        return (
            (self.w11 * self.d0 - self.w01 * self.d1) / whole,
            (self.w00 * self.d1 - self.w01 * self.d0) / whole,
        )

    def loglik(
        self, count: int, *, restricted: bool, means: tuple[Any, Any] | None = None
    ) -> Any:
        """Log-likelihood with the means at their best, as told, or integrated out."""
        b0, b1 = means or self.fixed()
        rest = self.square - 2 * (self.d0 * b0 + self.d1 * b1)
        rest = rest + self.w00 * b0 * b0 + 2 * self.w01 * b0 * b1 + self.w11 * b1 * b1
        least = count * LOG_2_PI + self.logdet + rest
        if restricted:
            least = least - 2 * LOG_2_PI + np.log(self.determinant)
        return -0.5 * least


def shifted(m: Moments, effects: Numbers, told: Floats) -> Moments:
    """Take what the covariates of each person add out of the whitened scores.

    ``effects`` in pairs of level and slope, ``told`` of shape (people, k).
    """
    s0, s1 = told @ effects[0::2], told @ effects[1::2]
    a0, a1 = m.a00 * s0 + m.a01 * s1, m.a01 * s0 + m.a11 * s1
    less = 2 * (m.c0 @ s0 + m.c1 @ s1) - (a0 @ s0 + a1 @ s1)
    return replace(
        m, c0=m.c0 - a0, c1=m.c1 - a1, square=m.square - less, unit=1.0, products=None
    )


class Pull(Protocol):
    """Known figures that a fit leans on."""

    def joined(self, sums: Pooled) -> Pooled:
        """Add what is known of the means."""
        ...

    def penalty(self, whole: Numbers) -> Any:
        """Log-density of the six parameters, but for a constant."""
        ...


@dataclass(frozen=True, slots=True)
class Some:
    """Scores of some people, taken longest first, one array for each step.

    People present at any step are the front of every array, so that no step of the filter
    touches anybody who has ended.
    """

    people: int
    steps: tuple[tuple[Floats, Floats, Floats], ...]
    """Weeks since the step before, z and score, of whoever has that many scores."""

    @classmethod
    def of(cls, starts: Ints, lengths: Ints, columns: tuple[Floats, Floats, Floats]) -> Some:
        """Take the scores of people in order of ``lengths``, the longest first."""
        weeks, z, values = columns
        steps = []
        for step in range(int(lengths.max(initial=0))):
            where = starts[: int((lengths > step).sum())] + step
            gap = weeks[where] - weeks[where - 1] if step else np.zeros(where.size)
            steps.append((gap, z[where], values[where]))
        return cls(lengths.size, tuple(steps))

    def whitened(self, stationary: Any, half_life: Any, noise: Any) -> Moments:
        """Filter out what passes and the error; what is left of each person is sums."""
        kind = np.result_type(stationary, half_life, noise)
        passing = np.zeros((3, self.people), dtype=kind)
        spread = np.full(self.people, stationary, dtype=kind)
        a00, a01, a11, c0, c1 = (np.zeros(self.people, dtype=kind) for _ in range(5))
        square = logdet = kind.type(0.0)
        product = np.ones(self.people, dtype=kind)
        for nth, (gap, z, y) in enumerate(self.steps, 1):
            m = gap.size
            kept = np.exp(gap * (-LOG_2 / half_life))
            at = passing[:, :m]
            at *= kept
            here = stationary + kept * kept * (spread[:m] - stationary)
            total = here + noise
            weight = 1.0 / total
            rest = np.stack((1.0 - at[0], z - at[1], y - at[2]))
            scaled = rest * weight
            a00[:m] += rest[0] * scaled[0]
            a01[:m] += rest[0] * scaled[1]
            a11[:m] += rest[1] * scaled[1]
            c0[:m] += rest[0] * scaled[2]
            c1[:m] += rest[1] * scaled[2]
            square = square + rest[2] @ scaled[2]
            # One logarithm for several steps: the product stays far from the ends of range.
            product[:m] *= total
            if nth % MULTIPLIED == 0 or nth == len(self.steps):
                logdet = logdet + np.log(product).sum()
                product[:] = 1.0
            at += here * scaled
            spread[:m] = here * noise * weight
        return Moments(a00, a01, a11, c0, c1, square=square, logdet=logdet)


class Scores:
    """The scores of everybody, longest first, in parts that stay in the processor's cache."""

    def __init__(self, offsets: Ints, weeks: Floats, z: Floats, values: Floats) -> None:
        lengths = np.diff(offsets)
        self.order = np.argsort(-lengths, kind="stable")
        self.people, self.count = lengths.size, values.size
        parts = max(1, -(-self.people // TOGETHER))
        self.parts = [
            Some.of(offsets[:-1][who], lengths[who], (weeks, z, values))
            for who in np.array_split(self.order, parts)
        ]
        self._known: dict[tuple[complex, ...], Moments] = {}
        self.plain = self._whitened(np.float64(0.0), np.float64(1.0), np.float64(1.0))
        self.products = products_of(self.plain)

    def moments(self, residual: Numbers, *, serial: bool) -> Moments:
        """Whiten by deviation sd, ln half-life and error sd; without serial, divide only."""
        deviation, log_half_life, error = residual
        if not serial:
            return self._divided(error * error)
        asked = tuple(residual.tolist())
        if asked not in self._known:
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[asked] = self._whitened(
                deviation * deviation, np.exp(log_half_life), error * error
            )
        return self._known[asked]

    def _divided(self, noise: Any) -> Moments:
        m = self.plain
        return Moments(
            a00=m.a00 / noise,
            a01=m.a01 / noise,
            a11=m.a11 / noise,
            c0=m.c0 / noise,
            c1=m.c1 / noise,
            square=m.square / noise,
            logdet=self.count * np.log(noise),
            unit=noise,
            products=self.products,
        )

    def _whitened(self, stationary: Any, half_life: Any, noise: Any) -> Moments:
        made = [part.whitened(stationary, half_life, noise) for part in self.parts]
        sums = {name: sum(getattr(m, name) for m in made) for name in OVER_ALL}
        each = {name: np.concatenate([getattr(m, name) for m in made]) for name in BY_PERSON}
        return Moments(**each, **sums)


def pooled(m: Moments, spread: Numbers) -> Pooled:
    """Add the spread of level and slope to the whitened scores and sum over people.

    With A = Z'R^-1 Z, c = Z'R^-1 y and G the covariance of level and slope, Z'V^-1 Z is
    (A + det(A) adj(G)) / det(I + AG), and the others likewise: every sum over people is one
    of ``products_of`` weighted by 1 / det(I + AG), times what is the same for everybody.
    """
    l00, l10, l11 = spread
    g00, g01, g11, both = l00 * l00, l00 * l10, l10 * l10 + l11 * l11, (l00 * l11) ** 2
    rows = products_of(m) if m.products is None else m.products
    units = m.unit ** -PRODUCT_UNITS.astype(np.float64)
    same = np.array([g00, 2 * g01, g11, both]) * units[:4]
    whole = 1.0 + same[0] * rows[0] + same[1] * rows[1] + same[2] * rows[2] + same[3] * rows[3]
    a00, a01, a11, d, c0, c1, u, v, c00, c01, c11, k = units * _weighed(rows, 1.0 / whole)
    return Pooled(
        w00=a00 + d * g11,
        w01=a01 - d * g01,
        w11=a11 + d * g00,
        d0=c0 - g01 * u + g11 * v,
        d1=c1 + g00 * u - g01 * v,
        square=m.square - (g00 * c00 + 2 * g01 * c01 + g11 * c11 + both * k),
        logdet=m.logdet + _log_of_all(whole),
    )


def _weighed(rows: Numbers, weight: Numbers) -> Numbers:
    """Multiply a matrix by a vector; real by complex part by part, without a copy."""
    if np.iscomplexobj(weight) and not np.iscomplexobj(rows):
        return np.asarray(rows @ weight.real.copy() + 1j * (rows @ weight.imag.copy()))
    return np.asarray(rows @ weight)


def _log_of_all(factors: Numbers) -> Any:
    """Sum of logarithms, one for several factors: products stay far from the ends of range."""
    even = factors.size // FEWER * FEWER
    several = factors[:even].reshape(FEWER, -1).prod(axis=0)
    return np.log(several).sum() + np.log(factors[even:]).sum()


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The log-likelihood as a function of the parameters that are free."""

    scores: Scores
    base: Floats
    """All parameters, in the order of ``PARAMETERS`` and then effects; those not free stay."""
    free: Ints
    restricted: bool
    serial: bool
    pull: Pull | None = None
    told: Floats | None = None
    """Covariates, shape (people, k), in the order of ``scores``."""

    def full(self, at: Numbers) -> Numbers:
        """All parameters, from the free ones."""
        whole = self.base.astype(np.result_type(at, np.float64))
        whole[self.free] = at
        return whole

    def moments(self, whole: Numbers) -> Moments:
        """Whitened scores of each person, less what covariates add."""
        return self._less(
            self.scores.moments(whole[SPREADS:EFFECTS], serial=self.serial), whole
        )

    def pooled(self, at: Numbers) -> Pooled:
        """Sum over people at a point, without what is leaned on."""
        whole = self.full(at)
        return pooled(self.moments(whole), whole[:SPREADS])

    def joined(self, sums: Pooled) -> Pooled:
        """Add what is known of the means, if the fit leans on anything."""
        return sums if self.pull is None else self.pull.joined(sums)

    def height(self, at: Floats) -> float:
        """Log-likelihood at a point, with the penalty of what is leaned on."""
        with np.errstate(all="ignore"):
            return float(self._height(self.pooled(at), self.full(at)))

    def slope(self, at: Floats) -> Floats:
        """Its gradient, exact; the filter runs again only for what it depends on."""
        whole = self.full(at)
        still = self.scores.moments(whole[SPREADS:EFFECTS], serial=self.serial)
        slope = np.empty(self.free.size)
        for place, parameter in enumerate(self.free):
            moved = whole.astype(np.complex128)
            moved[parameter] += TINY * 1j
            within = SPREADS <= parameter < EFFECTS
            moments = self.moments(moved) if within else self._less(still, moved)
            spread = moved[:SPREADS] if parameter < SPREADS else whole[:SPREADS]
            slope[place] = self._height(pooled(moments, spread), moved).imag / TINY
        return slope

    def bend(self, at: Floats, *, step: float = 1e-5) -> Floats:
        """Second derivatives, by central differences of the exact gradient."""
        rows = [
            (self.slope(at + move) - self.slope(at - move)) / (2 * step)
            for move in step * np.eye(at.size)
        ]
        return np.asarray((np.array(rows) + np.array(rows).T) / 2)

    def _less(self, moments: Moments, whole: Numbers) -> Moments:
        return moments if self.told is None else shifted(moments, whole[EFFECTS:], self.told)

    def _height(self, sums: Pooled, whole: Numbers) -> Any:
        height = self.joined(sums).loglik(self.scores.count, restricted=self.restricted)
        return height if self.pull is None else height + self.pull.penalty(whole)
