"""Whether much has changed in the first few sessions: a strong sign of how it will end."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.change_groups import percentage_change
from securebase.science.errors import ScienceError
from securebase.science.words import Better

SOON = 4
MUCH, LITTLE = 25.0, 20.0


class Early(StrEnum):
    """What the first sessions brought."""

    RESPONSE = "response"
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


def early_response(
    first: ArrayLike,
    soon: ArrayLike,
    *,
    reliable: float,
    better: Better,
    much: float = MUCH,
    little: float = LITTLE,
) -> NDArray[np.str_]:
    """Say who has responded early.

    Parameters
    ----------
    first : array-like of shape (n,)
        Scores at intake, raw units; NaN where there is none.
    soon : array-like of shape (n,)
        The last score of each person up to session 4; see ``last_until``.
    reliable : float
        Least raw change that counts, > 0.
    better : Better
        Which way is better.
    much, little : float
        Percent of the first score: from ``much`` on it is a response, below ``little``
        no early change. Not below 0, ``little`` not above ``much``.

    Returns
    -------
    ndarray of str of shape (n,)
        Values of ``Early``. Response: much better in percent, or reliably better. None:
        neither, and less than a little better. Unknown where a score is missing.

    Raises
    ------
    ScienceError
        If a threshold is impossible or the scale has no better side.

    Notes
    -----
    25 to 30 % by session 3 or 4 (or a reliable improvement), and less than 20 % by week 4
    as no early change: in common use; not verified. A worsening early in the processing
    of trauma is common and often passes, so "none" is a reason to ask, not to stop.

    Examples
    --------
    >>> early_response(
    ...     [20, 20, 20, 8], [14, 17, 15.5, 1], reliable=6, better=Better.LOWER
    ... ).tolist()
    ['response', 'none', 'some', 'response']
    """
    if not reliable > 0:
        raise ScienceError(f"A reliable change must be above 0, got {reliable}.")
    if not 0 <= little <= much:
        raise ScienceError(
            f"little is {little} and much {much}; 0 <= little <= much must hold, in percent."
        )
    share = percentage_change(first, soon, better=better)
    fall = np.subtract(first, soon, dtype=np.float64)
    gain = -fall if better is Better.HIGHER else fall
    named = np.select(
        [np.isnan(gain), (share >= much) | (gain >= reliable), share >= little],
        [Early.UNKNOWN, Early.RESPONSE, Early.SOME],
        default=Early.NONE,
    )
    return named.astype(np.str_)


def last_until(values: ArrayLike, *, session: int = SOON) -> NDArray[np.float64]:
    """Return the last score of each person from session 1 up to a session.

    Parameters
    ----------
    values : array-like of shape (n, sessions)
        Scores of n people; column 0 is intake, NaN where there is none.
    session : int
        Column to stop at, >= 1.

    Returns
    -------
    ndarray of shape (n,)
        NaN where a person has no score in these sessions.

    Examples
    --------
    >>> nan = float("nan")
    >>> last_until([[20, 18, 15, nan, nan, 4], [20, nan, nan, nan, nan, 3]]).tolist()
    [15.0, nan]
    """
    if session < 1:
        raise ScienceError(f"session is {session}, it must be 1 or more: 0 is intake.")
    early = np.asarray(values, dtype=np.float64)[:, 1 : session + 1]
    if not early.shape[1]:
        return np.full(early.shape[0], np.nan)
    there = ~np.isnan(early)
    last = early.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    return np.asarray(early[np.arange(last.size), last])
