"""Which answers name a social need and which say that help is wanted, from content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys
from securebase.science.errors import ContentError
from securebase.science.library import instruments
from securebase.science.words import Instrument

FILE = "needs.toml"

Told = tuple[str, str, object]
"""A form, one of its outcomes, and what the answers say of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """Outcomes of forms, by form: those that are needs, in words, and the wish for help."""

    version: str
    reviewed_on: date
    speaks_for: timedelta
    """How long an answer says something about now."""
    needs: Mapping[str, Mapping[str, str]]
    help: Mapping[str, str]

    @property
    def forms(self) -> frozenset[str]:
        """Every form that says anything about needs."""
        return frozenset({*self.needs, *self.help})

    def named(self, told: Iterable[Told]) -> tuple[str, ...]:
        """Return the needs that answers name, each once, in the order of the screens.

        Examples
        --------
        >>> screens().named([("everyday-needs", "eating", True), ("ahc-hrsn", "food", True)])
        ('food',)
        """
        yes = _yes(told)
        found = [
            words
            for form, needs in self.needs.items()
            for outcome, words in needs.items()
            if (form, outcome) in yes
        ]
        return tuple(dict.fromkeys(found))

    def wants_help(self, told: Iterable[Told]) -> bool:
        """Whether any answer says that help is wanted."""
        return not _yes(told).isdisjoint(self.help.items())


def _yes(told: Iterable[Told]) -> frozenset[tuple[str, str]]:
    return frozenset((form, outcome) for form, outcome, value in told if value is True)


@cache
def screens() -> Screens:
    """Return the screens that come with the program.

    Raises
    ------
    ContentError
        If the file names a form or an outcome that the library does not hold.
    """
    return read_screens(content_toml(FILE), library=instruments())


def read_screens(found: Mapping[str, Any], *, library: Mapping[str, Instrument]) -> Screens:
    """Understand a parsed list of screens, or refuse it.

    Parameters
    ----------
    found : mapping
        ``needs.toml`` as parsed.
    library : mapping of str to Instrument
        Every form there is.

    Returns
    -------
    Screens
        What names a need, and what says that help is wanted.

    Raises
    ------
    ContentError
        Naming what is missing, or the outcome that no form has.
    """
    check_keys(found, name=FILE, required=_KEYS)
    screens_known = Screens(
        version=found["version"],
        reviewed_on=found["reviewed_on"],
        speaks_for=timedelta(days=found["days"]),
        needs=found["needs"],
        help=found["help"],
    )
    for form, outcomes in (
        *((form, tuple(needs)) for form, needs in screens_known.needs.items()),
        *((form, (outcome,)) for form, outcome in screens_known.help.items()),
    ):
        _check_known(form, outcomes, library)
    return screens_known


_KEYS: dict[str, type] = {
    "version": str,
    "reviewed_on": date,
    "review_again_by": date,
    "days": int,
    "help": dict,
    "needs": dict,
    "source": dict,
}


def _check_known(form: str, outcomes: Iterable[str], library: Mapping[str, Instrument]) -> None:
    if form not in library:
        raise ContentError(f"{FILE}: no form is called {form!r}. Use one of the library.")
    known = [outcome.key for outcome in library[form].outcomes]
    for outcome in outcomes:
        if outcome not in known:
            raise ContentError(
                f"{FILE}: {form} has no outcome {outcome!r}; it has {', '.join(known)}."
            )
