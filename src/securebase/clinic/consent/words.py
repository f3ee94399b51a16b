"""What may be shared, for what, and the texts people agree to; read from content. Pure."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext

from securebase.content import content_text
from securebase.people.access.words import Category
from securebase.science.errors import BadInput


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content in the words of the person who may share it."""

    category: Category
    name: str
    says: str


ABOUT = {
    "general": "About sharing",
    "sud": "About alcohol and drugs",
    "support": "About somebody close",
}
"""What a text is called, by its kind."""


@dataclass(frozen=True, slots=True)
class Text:
    """One version of the text somebody agrees to."""

    kind: str
    """``general``; ``sud`` for substance use, ``support`` for somebody close: their own."""
    version: str
    wording: str

    @property
    def title(self) -> str:
        """What the text is called where it can be read again."""
        told = {"about": gettext(ABOUT[self.kind]), "version": self.version}
        return gettext("%(about)s: text %(version)s") % told

    @property
    def sentences(self) -> list[str]:
        """The wording, one sentence after the other, as it is shown."""
        return self.wording.splitlines()

    @property
    def digest(self) -> str:
        """SHA-256 of the wording, in hexadecimal: what the ledger keeps beside the version."""
        return hashlib.sha256(self.wording.encode()).hexdigest()


SUPPORT = "support"
"""The purpose of what is shared with somebody close; it goes to nobody else."""


@dataclass(frozen=True, slots=True)
class Support:
    """What may be shared with somebody close."""

    purpose: str
    kinds: Mapping[Category, Kind]
    plan_parts: tuple[str, ...]
    """Parts of a safety plan that are its crisis steps."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything ``content/consent.toml`` says."""

    longest_months: int
    kinds: Mapping[Category, Kind]
    purposes: Mapping[str, str]
    professions: Mapping[str, str]
    texts: tuple[Text, ...]
    """The newest of each kind comes first."""
    support: Support

    @property
    def general(self) -> frozenset[Category]:
        """Return the kinds that one general consent may hold."""
        return frozenset(self.kinds) - {Category.SUBSTANCE}

    def text_for(self, categories: frozenset[Category], purpose: str = "") -> Text:
        """Return the text that somebody must have before them to share these kinds."""
        kind = kind_of_text(categories, purpose)
        return next(text for text in self.texts if text.kind == kind)

    def kinds_for(self, purpose: str) -> Mapping[Category, Kind]:
        """Return the kinds that may be shared for a purpose."""
        return self.support.kinds if purpose == SUPPORT else self.kinds

    def purpose_in_words(self, purpose: str) -> str:
        """Return what something is shared for, as the patient says it."""
        own = self.support.purpose if purpose == SUPPORT else purpose
        return self.purposes.get(purpose, own)

    def text(self, kind: str, version: str) -> Text:
        """Return one version of a text, also one that is no longer offered."""
        for text in self.texts:
            if (text.kind, text.version) == (kind, version):
                return text
        known = ", ".join(t.version for t in self.texts if t.kind == kind)
        raise BadInput(
            f"Consent text {kind} {version} is not in content/consent.toml; known are "
            f"{known}. A text that somebody agreed to is never taken out: put it back."
        )


def kind_of_text(categories: frozenset[Category], purpose: str) -> str:
    """Return which text belongs to a sharing."""
    if purpose == SUPPORT:
        return "support"
    return "sud" if Category.SUBSTANCE in categories else "general"


@cache
def offered() -> Offered:
    """Return what may be shared, read once."""
    source = content_text("consent.toml")
    told: dict[str, Any] = tomllib.loads(source)
    return Offered(
        longest_months=int(told["longest"]["months"]),
        kinds=_kinds(told["category"]),
        support=Support(
            purpose=told["support"]["purpose"],
            kinds=_kinds(told["support"]["category"]),
            plan_parts=tuple(told["support"]["plan_parts"]),
        ),
        purposes=MappingProxyType(told["purpose"]),
        professions=MappingProxyType(told["profession"]),
        texts=tuple(
            Text(kind=t["kind"], version=t["version"], wording=t["wording"].strip())
            for t in told["text"]
        ),
    )


def _kinds(told: Mapping[str, Any]) -> Mapping[Category, Kind]:
    return MappingProxyType(
        {Category(slug): Kind(Category(slug), **kind) for slug, kind in told.items()}
    )
