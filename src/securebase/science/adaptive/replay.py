"""What an adaptive test would have asked people whose answers are all known.

So a practice can see, on answers it has, how many questions a rule would have saved and
what it would have cost in precision, before it asks anybody anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from securebase.science.adaptive.estimate import SKIPPED, categories, moments
from securebase.science.adaptive.select import NONE
from securebase.science.adaptive.sitting import AdaptiveTest

Floats = NDArray[np.float64]

_BLOCK = 512
"""People replayed together: few enough for the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Every step of many people.

    ``asked`` of shape (n, most) are places in the bank, -1 after the end; ``levels`` and
    ``errors``, of the same shape and in the bank's unit, are those after each question,
    NaN after the end. ``steps`` of shape (n,) counts questions.
    """

    asked: NDArray[np.intp]
    levels: Floats
    errors: Floats
    steps: NDArray[np.intp]


def replay(test: AdaptiveTest, answers: ArrayLike) -> Replay:
    """Ask many people whose answers to the whole bank are known.

    Parameters
    ----------
    test : AdaptiveTest
        The bank and its rules.
    answers : array-like of int, shape (n, items)
        Categories from 0, items in the bank's order; -1 is skipped when asked.

    Returns
    -------
    Replay
        The same items and figures, for each person, as step by step. Where one of the best
        few is drawn, each row draws with the seed of the selection plus its number.

    Raises
    ------
    BadInput
        If the shape does not fit, or an answer is not a category of its item.

    Examples
    --------
    >>> from securebase.science.adaptive.bank import Bank
    >>> from securebase.science.adaptive.stop import Stopping
    >>> bank = Bank.of(slopes=[1.0, 2.5], thresholds=[[0.0, 1.0], [-0.5, 0.5]])
    >>> test = AdaptiveTest(bank, Stopping(error=0.3, least=1, most=2))
    >>> replay(test, [[0, 2], [2, -1]]).asked.tolist()
    [[1, 0], [1, 0]]
    """
    given = categories(answers, test.bank)
    shape = (len(given), min(test.stopping.most, len(test.bank.ids)))
    found = Replay(
        asked=np.full(shape, NONE, dtype=np.intp),
        levels=np.full(shape, np.nan),
        errors=np.full(shape, np.nan),
        steps=np.zeros(len(given), dtype=np.intp),
    )
    for start in range(0, len(given), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(given)))
        _ask(test, given, _Crowd.of(test, rows), found)
    return found


@dataclass(slots=True, eq=False)
class _Crowd:
    """Those of one block who are still being asked."""

    rows: NDArray[np.intp]
    closed: NDArray[np.bool_]
    answered: NDArray[np.intp]
    posterior: Floats
    level: Floats
    error: Floats

    @classmethod
    def of(cls, test: AdaptiveTest, rows: NDArray[np.intp]) -> _Crowd:
        begin = test.start()
        return cls(
            rows=rows,
            closed=np.zeros((len(rows), len(test.bank.ids)), dtype=bool),
            answered=np.zeros(len(rows), dtype=np.intp),
            posterior=np.tile(begin.log_posterior, (len(rows), 1)),
            level=np.full(len(rows), begin.level),
            error=np.full(len(rows), begin.error),
        )

    def keep(self, going: NDArray[np.bool_]) -> None:
        """Leave out those who are done."""
        if not going.all():
            for name in self.__slots__:
                setattr(self, name, getattr(self, name)[going])


def _ask(test: AdaptiveTest, given: NDArray[np.intp], crowd: _Crowd, out: Replay) -> None:
    """Ask everybody of one block, one question at a time."""
    for step in range(out.asked.shape[1]):
        place = _next(test, crowd, step)
        crowd.keep(place != NONE)
        place = place[place != NONE]
        if not place.size:
            return
        told = given[crowd.rows, place]
        crowd.closed[np.arange(place.size), place] = True
        crowd.answered += told != SKIPPED
        seen = test.log_chances[place, told]
        seen[told == SKIPPED] = 0.0
        crowd.posterior += seen
        crowd.level, crowd.error = moments(crowd.posterior, test.levels)
        out.asked[crowd.rows, step] = place
        out.steps[crowd.rows] = step + 1
        out.levels[crowd.rows, step] = crowd.level
        out.errors[crowd.rows, step] = crowd.error


def _next(test: AdaptiveTest, crowd: _Crowd, step: int) -> NDArray[np.intp]:
    """Return what everybody is asked next, -1 for those who are done."""
    best = test.best(crowd.level, crowd.closed)
    place = best[:, 0].copy()
    if test.selection.among > 1:
        place[:] = [
            test.selection.draw(few, step, person=int(row))
            for few, row in zip(best, crowd.rows, strict=True)
        ]
    may_stop = crowd.answered >= test.stopping.least
    place[may_stop & (crowd.error <= test.stopping.error)] = NONE
    if test.stopping.least_gain:
        for n in np.flatnonzero(may_stop & (place != NONE)):
            if test.gains_little(
                crowd.posterior[n],
                int(place[n]),
                answered=int(crowd.answered[n]),
                error=float(crowd.error[n]),
            ):
                place[n] = NONE
    return place
