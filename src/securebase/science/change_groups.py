"""What became of a group: everybody in one category, nobody lost from the denominator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.change import Change, Floats
from securebase.science.errors import ScienceError
from securebase.science.words import Better

Names = NDArray[np.str_]

COUNTED = (
    Change.RECOVERED,
    Change.IMPROVED,
    Change.UNCHANGED,
    Change.DETERIORATED,
    Change.HARMED,
    Change.DROPPED_OUT,
)


@dataclass(frozen=True, slots=True)
class Line:
    """The line between the patients' range and the functional range, raw units."""

    at: float
    functional: bool = True
    """Whether a score of exactly this value is functional (28 on the PCL-5 is)."""

    def is_functional(self, scores: Floats, better: Better) -> NDArray[np.bool_]:
        """Say which scores lie in the functional range; a missing one does not."""
        sign = 1.0 if better is Better.HIGHER else -1.0
        ahead = sign * (scores - self.at)
        return np.asarray(ahead >= 0 if self.functional else ahead > 0)


def judge(
    before: ArrayLike,
    after: ArrayLike,
    statistic: ArrayLike,
    *,
    critical: float,
    line: Line | None,
    better: Better,
) -> Names:
    """Put everybody in one category.

    Parameters
    ----------
    before, after : array-like of shape (n,)
        Scores of the same n people at two times, raw units; NaN where there is none.
    statistic : array-like of shape (n,)
        Of any method of ``change_methods``: above 0 where the score is higher.
    critical : float
        From here on, either way, the statistic counts; > 0.
    line : Line or None
        Between the patients' range and the functional range. Without one nobody can be
        called recovered or harmed.
    better : Better
        Which way is better.

    Returns
    -------
    ndarray of str of shape (n,)
        Values of ``Change``. Recovered: reliably better, and over the line into the
        functional range. Harmed: reliably worse, and over the line out of it. Dropped out:
        a score before and none after. Unknown: no score before.

    Raises
    ------
    ScienceError
        If ``critical`` is not positive or the scale has no better side.

    Notes
    -----
    Source: Jacobson & Truax (1991), J Consult Clin Psychol 59(1), 12-19; "harmed" is the
    mirror of recovered and not in the paper.

    Examples
    --------
    >>> nan = float("nan")
    >>> judge(
    ...     [52, 52, 20, 52], [26, 36, 45, nan], [-3.2, -2.0, 3.1, nan],
    ...     critical=1.96, line=Line(28), better=Better.LOWER,
    ... ).tolist()
    ['recovered', 'improved', 'harmed', 'dropped_out']
    """
    if not critical > 0:
        raise ScienceError(f"The critical value must be above 0, got {critical}.")
    if better is Better.NEITHER:
        raise ScienceError("This scale has no better side, so change on it has no name.")
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    gain = np.asarray(statistic, dtype=np.float64) * (1 if better is Better.HIGHER else -1)
    up, down = gain >= critical, gain <= -critical
    if line is None:
        enters = leaves = np.zeros(x.shape, dtype=bool)
    else:
        well_before, well_after = (line.is_functional(s, better) for s in (x, y))
        enters, leaves = ~well_before & well_after, well_before & ~well_after
    named = np.select(
        [np.isnan(x), np.isnan(y), up & enters, up, down & leaves, down],
        [
            Change.UNKNOWN,
            Change.DROPPED_OUT,
            Change.RECOVERED,
            Change.IMPROVED,
            Change.HARMED,
            Change.DETERIORATED,
        ],
        default=Change.UNCHANGED,
    )
    return named.astype(np.str_)


def tally(named: Names) -> dict[str, int]:
    """Count the categories; everybody with a first score is in exactly one.

    Parameters
    ----------
    named : ndarray of str of shape (n,)
        Values of ``Change``.

    Returns
    -------
    dict
        Category to number of people. Those without a first score are not counted: they
        never began.

    Examples
    --------
    >>> tally(np.array(["improved", "dropped_out", "improved", "unknown"]))["improved"]
    2
    """
    return {category.value: int((named == category.value).sum()) for category in COUNTED}


def percentage_change(before: ArrayLike, after: ArrayLike, *, better: Better) -> Floats:
    """Change as a share of the first score.

    Parameters
    ----------
    before, after : array-like of shape (n,)
        Scores of the same n people at two times, raw units; NaN where there is none.
    better : Better
        Which way is better.

    Returns
    -------
    ndarray of shape (n,)
        Percent of the first score, above 0 where better. NaN where a score is missing or
        the first one is 0.

    Raises
    ------
    ScienceError
        If the scale has no better side.

    Notes
    -----
    It has a meaning only on a scale whose 0 means none of it: half of a K10, which starts
    at 10, is not half of the distress.

    Examples
    --------
    >>> percentage_change([20, 20, 0], [10, 25, 5], better=Better.LOWER).tolist()
    [50.0, -25.0, nan]
    """
    if better is Better.NEITHER:
        raise ScienceError("This scale has no better side, so no change on it is a gain.")
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    gain = y - x if better is Better.HIGHER else x - y
    return np.asarray(100 * gain / np.where(x == 0, np.nan, np.abs(x)))


def reliable_recovery(
    before: ArrayLike, after: ArrayLike, *, cases: ArrayLike, reliable: ArrayLike
) -> NDArray[np.object_]:
    """Say who recovered reliably on two measures at once.

    Parameters
    ----------
    before, after : array-like of shape (n, 2)
        Scores of n people on two measures, lower is better; NaN where there is none.
    cases : array-like of shape (2,)
        From this score on somebody is a case, for each measure.
    reliable : array-like of shape (2,)
        Least raw change that counts, for each measure, > 0.

    Returns
    -------
    ndarray of object of shape (n,)
        True: a case on either measure before, on neither after, reliably better on at
        least one and reliably worse on none. None: a score is missing, or the person was
        no case to begin with and does not belong in the denominator.

    Raises
    ------
    ScienceError
        If a reliable change is not above 0.

    Notes
    -----
    The definition of NHS Talking Therapies, from memory of its manual; not verified.

    Examples
    --------
    >>> reliable_recovery(
    ...     [[15, 12], [15, 12], [8, 3]], [[6, 5], [9, 8], [2, 1]],
    ...     cases=[10, 8], reliable=[6, 4],
    ... ).tolist()
    [True, False, None]
    """
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    case, least = np.asarray(cases, dtype=np.float64), np.asarray(reliable, dtype=np.float64)
    if not (least > 0).all():
        raise ScienceError(f"A reliable change must be above 0, got {least.tolist()}.")
    fall = x - y
    recovered: NDArray[np.bool_] = np.all(y < case, axis=1) & np.any(fall >= least, axis=1)
    recovered &= ~np.any(fall <= -least, axis=1)
    counted = ~np.isnan(fall).any(axis=1) & (x >= case).any(axis=1)
    answers = np.full(counted.shape, None, dtype=object)
    answers[counted] = recovered[counted].astype(object)
    return answers
