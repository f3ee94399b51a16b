"""The normal distribution, without SciPy."""

from __future__ import annotations

from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

STANDARD = NormalDist()


def cdf(z: ArrayLike) -> NDArray[np.float64]:
    """Probability that a standard normal value is at most ``z``.

    Parameters
    ----------
    z : array-like of any shape
        Standard deviations from the mean. NaN gives NaN.

    Returns
    -------
    ndarray of the same shape
        Probabilities in [0, 1], exact to the precision of the C library's ``erfc``.

    Examples
    --------
    >>> cdf([0.0, 1.959964]).round(4)
    array([0.5  , 0.975])
    """
    at = np.asarray(z, dtype=np.float64)
    tails = list(map(erfc, (at.ravel() / -sqrt(2)).tolist()))
    return 0.5 * np.array(tails, dtype=np.float64).reshape(at.shape)


def quantile(probability: float) -> float:
    """Return the value that a standard normal stays below with this probability.

    Parameters
    ----------
    probability : float
        Strictly between 0 and 1.

    Returns
    -------
    float
        Standard deviations from the mean.

    Examples
    --------
    >>> round(quantile(0.9), 4)
    1.2816
    """
    return STANDARD.inv_cdf(probability)
