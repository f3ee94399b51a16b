"""One person answering a bank, step by step.

Nothing is kept between the steps but what is passed in: a sitting is a frozen value, each
answer gives a new one, and an earlier one may be taken up again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from securebase.science.adaptive.bank import Bank
from securebase.science.adaptive.estimate import (
    STANDARD,
    T_MEAN,
    T_SD,
    Prior,
    moments_of_one,
    powers,
)
from securebase.science.adaptive.select import BEST, NONE, InformationTable, Selection
from securebase.science.adaptive.stop import Reason, Stopping, expected_error
from securebase.science.errors import AnswerOutOfRange, BadInput

Floats = NDArray[np.float64]

FAINT = 1e-150
"""Sum of weights below which small ones would lose their precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """What is known of one person after some questions.

    ``asked`` are item ids in order, ``answers`` their categories, None where skipped.
    ``level`` and ``error`` in the bank's unit. ``weights`` are the posterior at each point
    of the grid, up to a constant: an answer multiplies them, which costs less than adding
    logarithms and taking them back.
    """

    asked: tuple[str, ...]
    answers: tuple[int | None, ...]
    level: float
    error: float
    weights: Floats

    @property
    def log_posterior(self) -> Floats:
        """Log of the posterior at each point of the grid, up to a constant."""
        with np.errstate(divide="ignore"):
            return np.log(self.weights)

    @property
    def answered(self) -> int:
        """How many questions were answered and not skipped."""
        return len(self.answers) - self.answers.count(None)

    @property
    def t_score(self) -> float:
        """The level as a T score: mean 50, standard deviation 10."""
        return T_MEAN + T_SD * self.level


@dataclass(frozen=True, eq=False)
class AdaptiveTest:
    """A bank with its rules: what to ask next, and when to stop.

    Parameters
    ----------
    bank : Bank
        The items.
    stopping : Stopping
        When to stop.
    selection : Selection
        The most informative item if not given.
    prior : Prior
        Standard normal on 121 points from -6 to 6 if not given.

    Examples
    --------
    >>> from securebase.science.adaptive.stop import Stopping
    >>> bank = Bank.of(slopes=[1.0, 2.5], thresholds=[[0.0, 1.0], [-0.5, 0.5]])
    >>> test = AdaptiveTest(bank, Stopping(error=0.3, least=1, most=2))
    >>> first = test.next_item(test.start())
    >>> after = test.answer(test.start(), first, 2)
    >>> first, test.next_item(after), round(after.t_score, 1)
    ('2', '1', 58.8)
    """

    bank: Bank
    stopping: Stopping
    selection: Selection = BEST
    prior: Prior = STANDARD

    def __post_init__(self) -> None:
        self.selection.fits(self.bank)

    def start(self) -> Sitting:
        """Return the sitting before the first question."""
        return self._after((), (), np.exp(self.prior.log_weights))

    def next_item(self, sitting: Sitting) -> str | None:
        """Return the id of the next item, None if it is time to stop."""
        return self._look(sitting)[0]

    def stopped(self, sitting: Sitting) -> Reason | None:
        """Return why there is no next item, None if there is one."""
        return self._look(sitting)[1]

    def answer(self, sitting: Sitting, item: str, category: int) -> Sitting:
        """Return the sitting after one answer.

        Parameters
        ----------
        sitting : Sitting
            Before the answer; it stays as it is.
        item : str
            The item's id; any that was not asked before.
        category : int
            The answer, counted from 0.

        Raises
        ------
        UnknownName
            If the bank has no such item.
        BadInput
            If it was asked before.
        AnswerOutOfRange
            If the answer is no category of it.
        """
        place = self._open(sitting, item)
        if type(category) is not int or not 0 <= category < self.bank.counts[place]:
            raise AnswerOutOfRange(
                f"Item {item}: {category!r} is no category of it; it has 0 to "
                f"{self.bank.counts[place] - 1}."
            )
        return self._after(
            (*sitting.asked, item),
            (*sitting.answers, category),
            sitting.weights * self._chances[place, category],
        )

    def skip(self, sitting: Sitting, item: str) -> Sitting:
        """Return the sitting after a question that was left out; it is not asked again.

        Raises
        ------
        UnknownName
            If the bank has no such item.
        BadInput
            If it was asked before.
        """
        self._open(sitting, item)
        return replace(sitting, asked=(*sitting.asked, item), answers=(*sitting.answers, None))

    @cached_property
    def levels(self) -> Floats:
        """The grid, shape (levels,)."""
        return self.prior.levels

    @cached_property
    def _powers(self) -> Floats:
        return powers(self.levels)

    @cached_property
    def log_chances(self) -> Floats:
        """Log-probability of each answer, shape (items, categories, levels)."""
        return self.bank.log_probabilities(self.levels)

    @cached_property
    def _chances(self) -> Floats:
        return np.exp(self.log_chances)

    @cached_property
    def _plain(self) -> bool:
        """Whether the best item is simply next."""
        return self.selection == BEST

    @cached_property
    def table(self) -> InformationTable:
        """The bank's information, on a grid finer than that of the prior."""
        return InformationTable.of(self.bank, self.prior)

    def best(self, levels: Floats, closed: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Find what may be asked next, best first.

        Parameters
        ----------
        levels : ndarray of shape (n,)
            Where each person seems to be.
        closed : ndarray of bool, shape (n, items)
            What each was asked already.

        Returns
        -------
        ndarray of int, shape (n, among)
            Places in the bank, -1 where no more are left.
        """
        barred = self.selection.barred(self.bank.areas, closed)
        return self.table.best(levels, barred, self.selection.among)

    def gains_little(
        self, log_posterior: Floats, place: int, *, answered: int, error: float
    ) -> bool:
        """Whether an item is not worth asking, by the rule of the least gain."""
        expected = expected_error(log_posterior, self.log_chances[place], self.levels)
        return self.stopping.gains_little(answered=answered, error=error, expected=expected)

    def _after(
        self, asked: tuple[str, ...], answers: tuple[int | None, ...], weights: Floats
    ) -> Sitting:
        """Return a sitting with its level and error; weights that grew faint are renewed."""
        whole, level, error = moments_of_one(weights, self._powers)
        if whole < FAINT:
            weights = self._renewed(asked, answers)
            _, level, error = moments_of_one(weights, self._powers)
        return Sitting(asked, answers, level, error, weights)

    def _renewed(self, asked: tuple[str, ...], answers: tuple[int | None, ...]) -> Floats:
        """Work the posterior out in logarithms, its highest point 1."""
        logs = self.prior.log_weights
        for item, category in zip(asked, answers, strict=True):
            if category is not None:
                logs = logs + self.log_chances[self.bank.place(item), category]
        weights: Floats = np.exp(logs - logs.max())
        return weights

    def _open(self, sitting: Sitting, item: str) -> int:
        place = self.bank.place(item)
        if item in sitting.asked:
            raise BadInput(f"Item {item} was asked before; each is asked once.")
        return place

    def _look(self, sitting: Sitting) -> tuple[str | None, Reason | None]:
        """Return the next item, or why there is none."""
        asked, answered = len(sitting.asked), sitting.answered
        why = self.stopping.reason(asked=asked, answered=answered, error=sitting.error)
        if why is not None:
            return None, why
        place = self._next(sitting)
        if place == NONE:
            return None, Reason.EMPTY
        if self.stopping.least_gain and self.gains_little(
            sitting.log_posterior, place, answered=answered, error=sitting.error
        ):
            return None, Reason.LITTLE_GAIN
        return self.bank.ids[place], None

    def _next(self, sitting: Sitting) -> int:
        """Return the place of the next item; the plain case is looked up."""
        if self._plain:
            found = self.table.first(sitting.level, frozenset(sitting.asked))
            if found is not None:
                return found
        closed = np.zeros((1, len(self.bank.ids)), dtype=bool)
        closed[0, [self.bank.place(item) for item in sitting.asked]] = True
        best = self.best(np.array([sitting.level]), closed)
        return self.selection.draw(best[0], len(sitting.asked))
