"""A bank as an instrument: what of it was asked, what comes next, and what it comes to.

Questions asked are a function of the answers given so far, so nothing is kept but the
answers: taking them up in the order of asking gives the same questions again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from securebase.content import content_toml
from securebase.science import library
from securebase.science.adaptive.bank import Bank, load_bank
from securebase.science.adaptive.estimate import T_MEAN, T_SD
from securebase.science.adaptive.sitting import AdaptiveTest, Sitting
from securebase.science.adaptive.stop import Stopping
from securebase.science.errors import ScienceError
from securebase.science.words import (
    Better,
    Combine,
    Instrument,
    Item,
    Licence,
    Norm,
    Scale,
    Shelf,
    Source,
)

SETTINGS = "adaptive.toml"
T = "T"
"""The one score of an adaptive form."""
T_LOW, T_HIGH = 0.0, 100.0
BANK = "bank"
"""Key of the only source there is: the file of the bank."""


@dataclass(frozen=True, eq=False)
class AdaptiveForm:
    """A bank that may be asked from, under the slug of its instrument."""

    slug: str
    bank: Bank

    @cached_property
    def test(self) -> AdaptiveTest:
        """The bank with its rule of stopping."""
        rule = settings()["stopping"]
        most = min(rule["most"], len(self.bank.ids))
        least = min(rule["least"], most)
        return AdaptiveTest(self.bank, Stopping(error=rule["error"], least=least, most=most))

    @property
    def usual(self) -> int:
        """About how many questions are asked."""
        rule = self.test.stopping
        return ceil((rule.least + rule.most) / 2)

    def sitting(self, given: Mapping[str, int | None]) -> Sitting:
        """Return the sitting after the answers given, in the order of asking.

        Parameters
        ----------
        given : mapping of item id to int or None
            Answers; None was skipped, no entry was not reached. Those of items that would
            not have been asked are passed over.

        Returns
        -------
        Sitting
            What was asked, where the person seems to be, and how sure that is.
        """
        sitting = self.test.start()
        while (item := self.test.next_item(sitting)) is not None and item in given:
            answer = given[item]
            if answer is None:
                sitting = self.test.skip(sitting, item)
            else:
                sitting = self.test.answer(sitting, item, answer)
        return sitting

    def asked(self, given: Mapping[str, int | None]) -> list[str]:
        """Return the items asked so far, and the one to ask next if there is one."""
        sitting = self.sitting(given)
        coming = self.test.next_item(sitting)
        return [*sitting.asked, coming] if coming else [*sitting.asked]

    def found(self, given: Mapping[str, int | None]) -> dict[str, object]:
        """Return what the answers come to, as it is kept with them.

        Parameters
        ----------
        given : mapping of item id to int or None
            As for ``sitting``.

        Returns
        -------
        dict
            ``bank`` (name and version), ``asked`` (item ids), ``theta`` and ``se_theta`` in
            the bank's unit, ``t`` and ``se`` on the T scale, ``answered``.
        """
        sitting = self.sitting(given)
        return {
            "bank": f"{self.bank.name} {self.bank.version}",
            "asked": list(sitting.asked),
            "answered": sitting.answered,
            "theta": sitting.level,
            "se_theta": sitting.error,
            "t": sitting.t_score,
            "se": T_SD * sitting.error,
        }


@cache
def settings() -> Mapping[str, Any]:
    """Return when adaptive forms stop, with sources (``content/adaptive.toml``)."""
    return content_toml(SETTINGS)


_FORMS: dict[str, AdaptiveForm] = {}


def form_of(slug: str) -> AdaptiveForm | None:
    """Return the adaptive form behind an instrument; None if it is an ordinary one."""
    return _FORMS.get(slug)


def load_forms(home: Path) -> tuple[str, ...]:
    """Load every bank of a folder as an instrument; return what could not be loaded, and why.

    Parameters
    ----------
    home : Path
        Holds ``<slug>.toml`` for each bank. A folder that is not there has none.

    Returns
    -------
    tuple of str
        One sentence for each bank that was left out.
    """
    unload_forms()
    problems = []
    for path in sorted(home.glob("*.toml")) if home.is_dir() else []:
        try:
            form = AdaptiveForm(path.stem, load_bank(path))
            library.add(instrument_of(form))
        except (ScienceError, OSError) as fault:
            problems.append(f"{path.name}: {fault}")
        else:
            _FORMS[form.slug] = form
    return tuple(problems)


def unload_forms() -> None:
    """Forget every bank that was loaded."""
    for slug in _FORMS:
        library.remove(slug)
    _FORMS.clear()


def instrument_of(form: AdaptiveForm) -> Instrument:
    """Return a bank as an instrument: its items, and one T score from some of them."""
    bank = form.bank
    seconds = settings()["pace"]["seconds_each"] * form.usual
    return Instrument(
        slug=form.slug,
        version=bank.version,
        name=bank.name,
        measures=f"{bank.name}, asked adaptively: the next best question each time",
        recall="as its wording says",
        minutes=max(1.0, round(seconds / 60, 1)),
        validated=True,
        items=tuple(
            Item(id=item, low=0, high=count - 1, scale=f"answers{count}")
            for item, count in zip(bank.ids, bank.counts, strict=True)
        ),
        scales=(_t_of(bank),),
        licence=Licence(Shelf.NO_TEXT, statement=bank.licence, evidence=bank.permission),
        norms=(Norm(T, bank.unit, T_MEAN, T_SD, source=BANK),),
        sources=(Source(BANK, bank.source),),
        digest=_digest(bank),
    )


def _t_of(bank: Bank) -> Scale:
    """Return the T score; ordinary scoring never gives it, as it is no sum of answers."""
    return Scale(
        slug=T,
        items=bank.ids,
        combine=Combine.MEAN,
        min_answered=len(bank.ids) + 1,
        low=T_LOW,
        high=T_HIGH,
        better=Better.NEITHER,
    )


def _digest(bank: Bank) -> str:
    """Return what tells one set of figures from another."""
    told = hashlib.sha256("\n".join(bank.ids).encode())
    told.update(np.ascontiguousarray(bank.slopes).tobytes())
    told.update(np.ascontiguousarray(bank.thresholds).tobytes())
    return told.hexdigest()
