"""How much an exercise has helped one person, honestly told from few doings.

Three doings say little. So the mean change is drawn towards nothing by what is expected
beforehand, the doubt that is left is worked out with it, and both are put into words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from securebase.science.kit_terms import HelpTerms, help_terms

SENTENCES = {
    "not_tried": "Not tried yet.",
    "no_numbers": "Done %(times)s. No numbers were given, so we cannot say.",
    "a_lot": "It has helped a lot, %(times)s.",
    "a_little": "It has helped a little, %(times)s.",
    "no_difference": "It has made no clear difference, %(times)s.",
    "worse": "It has felt worse more than better, %(times)s.",
    "worse_too": "%(times)s it felt worse.",
    "early": "This is early and may change.",
}
"""What may be said, by what it says."""
TIMES = {0: "%(n)s times", 1: "once", 2: "twice"}
"""How often, by number; the first for every other number."""


@dataclass(frozen=True, slots=True)
class Helped:
    """What is known of one exercise for one person.

    ``mean`` and ``sd`` are points of distress by which it went down (0 to 10; negative:
    it went up), after the doings were weighed against what is expected beforehand.
    """

    times: int
    """Doings, with or without numbers."""
    told: int
    """Doings that say something: both numbers, or that it made things worse."""
    worse: int
    mean: float
    sd: float

    @property
    def early(self) -> bool:
        """Whether too little is known to lean on it."""
        terms = help_terms()
        return self.told < terms.early_doings or self.sd > terms.early_sd

    def in_words(self, say: Callable[[str], str] = str) -> str:
        """Return the sentences a patient reads.

        Parameters
        ----------
        say : callable, optional
            Puts a text of ``SENTENCES`` or ``TIMES`` into the language of the page,
            before a number stands in it.

        Returns
        -------
        str
            One to three sentences.

        Examples
        --------
        >>> helped([], times=0, worse=0).in_words()
        'Not tried yet.'
        >>> helped([2, 3, 1], times=3, worse=0).in_words()
        'It has helped a little, 3 times. This is early and may change.'
        """
        told = [self._said()]
        if self.told:
            told += [("worse_too", self.worse)] if self.worse else []
            told += [("early", 0)] if self.early else []
        return " ".join(_spoken(kind, times, say) for kind, times in told)

    def _said(self) -> tuple[str, int]:
        """Return which sentence comes first, and how many times it speaks of."""
        terms = help_terms()
        if not self.told:
            return ("no_numbers" if self.times else "not_tried", self.times)
        if self.mean >= terms.a_lot:
            return "a_lot", self.told
        if self.mean >= terms.a_little:
            return "a_little", self.told
        if self.mean <= -terms.a_little:
            return "worse", self.told
        return "no_difference", self.told


def helped(
    changes: Sequence[float], *, times: int, worse: int, terms: HelpTerms | None = None
) -> Helped:
    """Weigh what was felt against what is expected beforehand.

    A normal mean with known noise: with n doings of mean d, prior N(m, t^2) and noise
    N(0, s^2), the posterior has precision 1/t^2 + n/s^2 and its mean is the mean of m and
    d weighted by precision (Gelman et al., Bayesian Data Analysis, 3rd ed., 2.5).

    Parameters
    ----------
    changes : sequence of float
        Shape (n,): distress before minus after, in points of the 0 to 10 scale.
    times : int
        How often it was done at all.
    worse : int
        In how many doings the person said that it made things worse; those without a
        number must be in ``changes`` as ``terms.worse_change``.
    terms : HelpTerms, optional
        Other terms than those of ``content/kit.toml``.

    Returns
    -------
    Helped
        With posterior mean and standard deviation in points of distress.

    Examples
    --------
    >>> one = helped([4], times=1, worse=0)
    >>> many = helped([4] * 12, times=12, worse=0)
    >>> 0 < one.mean < many.mean < 4
    True
    """
    terms = terms or help_terms()
    prior = 1 / terms.prior_sd**2
    seen = len(changes) / terms.noise_sd**2
    mean = sum(changes) / len(changes) if changes else 0.0
    return Helped(
        times=times,
        told=len(changes),
        worse=worse,
        mean=(prior * terms.prior_mean + seen * mean) / (prior + seen),
        sd=sqrt(1 / (prior + seen)),
    )


def _spoken(kind: str, times: int, say: Callable[[str], str]) -> str:
    counted = say(TIMES.get(times, TIMES[0])) % {"n": times}
    told = say(SENTENCES[kind]) % {"times": counted}
    return told[0].upper() + told[1:]
