"""A signal in words: one hedged line for Today, and everything behind it for Why?."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from securebase.science.signals.rules import Rules, load_rules
from securebase.science.words import Because, Signal, Source

UNKNOWN = "not known"
HUNDREDTHS = ("z", "person_factor", "expected_sd")
TENTHS = ("usual", "level_then", "level_now", "band_low", "band_high")
SCORES = ("now", "first", "before", "change", "drop")
"""Whole where they are whole, tenths elsewhere: a mean of four answers claims no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that a clinician needs to check a signal and to disagree with it."""

    title: str
    line: str
    because: tuple[Because, ...]
    words: str
    """The rule in plain words."""
    symbols: str
    calculation: str
    """The rule with this person's figures in it."""
    statistic: float | None
    threshold: float | None
    unit: str
    reference: str
    """Whom the person is compared with."""
    nominal: str
    """How often the rule is wrong by design."""
    classic: str
    """What the simpler, older rule would say."""
    not_known: str
    not_assessed: tuple[str, ...]
    sources: tuple[Source, ...]
    rule: str
    rule_version: str
    parameters_version: str
    reviewed_on: date


def in_words(signal: Signal, *, rules: Rules | None = None) -> str:
    """Return the one line for the clinician: what was seen, how sure, worth asking."""
    return fill((rules or load_rules())[signal.rule].line, signal.data)


def explain(signal: Signal, *, rules: Rules | None = None) -> Explanation:
    """Return everything behind a signal, filled with its own figures.

    A signal keeps the version of the rules that raised it. Where the register has
    moved on since, its texts are the newer ones and ``rule_version`` the older.
    """
    register = rules or load_rules()
    rule = register[signal.rule]
    texts = {
        key: fill(getattr(rule, key), signal.data)
        for key in ("line", "words", "symbols", "calculation", "reference", "nominal")
    }
    return Explanation(
        **texts,
        title=rule.name,
        because=signal.because,
        statistic=signal.statistic,
        threshold=signal.threshold,
        unit=signal.unit,
        classic=fill(rule.classic, signal.data),
        not_known=fill(rule.not_known, signal.data),
        not_assessed=signal.not_assessed,
        sources=rule.sources,
        rule=signal.rule,
        rule_version=signal.rule_version,
        parameters_version=signal.parameters_version,
        reviewed_on=register.reviewed_on,
    )


def fill(text: str, data: Mapping[str, float | str | None]) -> str:
    """Put the figures of a signal into a text; what is absent says so."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return text.format_map({name: _said(name, data.get(name)) for name in names})


def _said(name: str, value: float | str | None) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    return _percent(value) if name == "probability" else _figure(name, value)


def _figure(name: str, value: float) -> str:
    if name in HUNDREDTHS:
        return f"{value:.2f}"
    if name in TENTHS:
        return f"{value:.1f}"
    if name in SCORES:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _percent(probability: float) -> str:
    """Whole per cent; the ends are never claimed to be certain."""
    whole = round(100 * probability)
    if whole < 1:
        return "less than 1 %"
    return "more than 99 %" if whole > 99 else f"{whole} %"  # noqa: PLR2004
