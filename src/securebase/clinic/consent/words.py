"""What may be shared, for what, and the texts people agree to; read from content. Pure."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from securebase.people.access.words import Category
from securebase.science.errors import BadInput


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content in the words of the person who may share it."""

    category: Category
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Text:
    """One version of the text somebody agrees to."""

    kind: str
    """``general``, or ``sud`` for substance use, which has its own."""
    version: str
    wording: str

    @property
    def title(self) -> str:
        """What the text is called where it can be read again."""
        about = {"sud": "About alcohol and drugs"}.get(self.kind, "About sharing")
        return f"{about}: text {self.version}"

    @property
    def sentences(self) -> list[str]:
        """The wording, one sentence after the other, as it is shown."""
        return self.wording.splitlines()

    @property
    def digest(self) -> str:
        """SHA-256 of the wording, in hexadecimal: what the ledger keeps beside the version."""
        return hashlib.sha256(self.wording.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything ``content/consent.toml`` says."""

    longest_months: int
    kinds: Mapping[Category, Kind]
    purposes: Mapping[str, str]
    professions: Mapping[str, str]
    texts: tuple[Text, ...]
    """The newest of each kind comes first."""

    @property
    def general(self) -> frozenset[Category]:
        """Return the kinds that one general consent may hold."""
        return frozenset(self.kinds) - {Category.SUBSTANCE}

    def text_for(self, categories: frozenset[Category]) -> Text:
        """Return the text that somebody must have before them to share these kinds."""
        kind = "sud" if Category.SUBSTANCE in categories else "general"
        return next(text for text in self.texts if text.kind == kind)

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


@cache
def offered() -> Offered:
    """Return what may be shared, read once."""
    source = files("securebase.content").joinpath("consent.toml").read_text("utf-8")
    told: dict[str, Any] = tomllib.loads(source)
    return Offered(
        longest_months=int(told["longest"]["months"]),
        kinds=MappingProxyType(
            {Category(slug): Kind(Category(slug), **k) for slug, k in told["category"].items()}
        ),
        purposes=MappingProxyType(told["purpose"]),
        professions=MappingProxyType(told["profession"]),
        texts=tuple(
            Text(kind=t["kind"], version=t["version"], wording=t["wording"].strip())
            for t in told["text"]
        ),
    )
