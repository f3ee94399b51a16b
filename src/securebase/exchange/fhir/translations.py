"""One text in every language a definition has: FHIR's own translation extension.

The form speaks one language; beside each of its texts stand the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from securebase.exchange.fhir import names
from securebase.exchange.fhir.names import Resource
from securebase.science.words import Wording


@dataclass(frozen=True, slots=True)
class Texts:
    """A wording in the language of the form, and those that stand beside it."""

    here: Wording
    beside: tuple[Wording, ...] = ()

    def of(self, key: str, pick: Callable[[Wording], str]) -> Resource:
        """Return one text as a field of the form, with its translations.

        Parameters
        ----------
        key : str
            The name of the field, such as ``text``.
        pick : callable
            Gives the text out of a wording; an empty one is left out.

        Returns
        -------
        dict
            The field, and its translations under ``_key`` where there are any.
        """
        here = pick(self.here)
        others = [
            {
                "url": names.TRANSLATION,
                "extension": [
                    {"url": "lang", "valueCode": one.language},
                    {"url": "content", "valueString": pick(one)},
                ],
            }
            for one in self.beside
            if pick(one)
        ]
        return {
            **({key: here} if here else {}),
            **({f"_{key}": {"extension": others}} if others else {}),
        }
