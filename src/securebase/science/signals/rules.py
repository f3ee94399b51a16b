"""The register of signals: thresholds, texts and error rates, read from content."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from securebase.content import content_text
from securebase.science.errors import ContentError, UnknownName
from securebase.science.files import own_text
from securebase.science.words import Kind, Source, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of one signal, as ``content/signals.toml`` tells it.

    Texts may hold ``{names}`` that are filled from the data of a signal.
    """

    id: str
    kind: Kind
    tier: Tier
    name: str
    line: str
    words: str
    symbols: str
    calculation: str
    reference: str
    nominal: str
    classic: str
    not_known: str
    not_assessed: tuple[str, ...]
    sources: tuple[Source, ...]
    thresholds: Mapping[str, float]
    fed_by: str
    """Which part of the program gives its inputs."""
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many prompts a person may raise, and how long each kind rests."""

    prompts: int
    per_sessions: float
    cooldown: Mapping[Kind, float]
    order: tuple[Kind, ...]
    """Which kind goes first when only one may speak."""
    uncapped: frozenset[str]
    """Rules that wait for no other kind: what the patient said outright."""
    strong: frozenset[str] = frozenset()
    """Rules that speak over an open or resting signal of their kind."""
    apart: frozenset[Kind] = frozenset()
    """Kinds of which each measure rests for itself."""
    days: Mapping[Kind, float] = field(default_factory=dict)
    """Rests in days, for kinds that have no rhythm of sessions."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole register under one version."""

    version: str
    reviewed_on: date
    limits: Limits
    by_id: Mapping[str, Rule]

    def place(self, rule: str) -> int:
        """Return where a rule stands in the register: the earlier speaks for the later."""
        return list(self.by_id).index(rule)

    def __getitem__(self, rule: str) -> Rule:
        try:
            return self.by_id[rule]
        except KeyError:
            raise UnknownName(
                f"There is no rule {rule!r} in the register {self.version}. "
                f"There are: {', '.join(self.by_id)}."
            ) from None


def load_rules(path: Path | None = None) -> Rules:
    """Read the register that comes with the program, or one in a file.

    Raises
    ------
    ContentError
        If the file is not TOML, lacks something, or names a source it does not hold.
    """
    return _shipped() if path is None else _read(own_text(path), str(path))


@cache
def _shipped() -> Rules:
    text = content_text("signals.toml")
    return _read(text, "content/signals.toml")


def _read(text: str, where: str) -> Rules:
    try:
        told = tomllib.loads(text)
        sources = {
            key: Source(key=key, text=one["text"], verified=one["verified"])
            for key, one in told["source"].items()
        }
        return Rules(
            version=told["version"],
            reviewed_on=told["reviewed_on"],
            limits=_limits(told["limits"]),
            by_id={id_: _rule(id_, one, sources) for id_, one in told["rule"].items()},
        )
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{where} is not TOML: {error}. Correct it.") from None
    except KeyError as error:
        raise ContentError(f"{where} lacks {error.args[0]!r}. Add it.") from None
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ContentError(f"{where} is not a register of signals: {error}.") from None


def _limits(told: dict[str, Any]) -> Limits:
    return Limits(
        prompts=told["prompts"],
        per_sessions=told["per_sessions"],
        cooldown={Kind(kind): sessions for kind, sessions in told["cooldown"].items()},
        order=tuple(Kind(kind) for kind in told["order"]),
        uncapped=frozenset(told["uncapped"]),
        strong=frozenset(told["strong"]),
        apart=frozenset(map(Kind, told["apart"])),
        days={Kind(kind): days for kind, days in told["days"].items()},
    )


def _rule(id_: str, told: dict[str, Any], sources: dict[str, Source]) -> Rule:
    lists = {
        "not_assessed": tuple(told["not_assessed"]),
        "measures": tuple(told.get("measures", ())),
        "sources": tuple(sources[key] for key in told["sources"]),
    }
    return Rule(
        **{**told, **lists, "id": id_, "kind": Kind(told["kind"]), "tier": Tier(told["tier"])}
    )
