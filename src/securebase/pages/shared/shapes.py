"""What the larger components are given: plain, typed, already in words.

A page builds these from its queries; a component only lays them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Link:
    """A visible word and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One line of "Look first": who, what was seen, and the ways on.

    ``state`` is ``now``, ``look`` or ``settled``; ``spark`` a rendered sparkline;
    ``tries`` a half-sentence of what may help; ``actions`` come after "Open".
    """

    state: str
    who: str
    says: str
    open_url: str
    why_url: str = ""
    later_url: str = ""
    tries: str = ""
    when: str = ""
    spark: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class SuggestionCard:
    """A strategy offered for a signal, with everything needed to decide on it.

    ``evidence`` is the grade A to D, ``evidence_text`` what stands behind it;
    ``decide_url`` receives ``decision`` (accept, later, no) and ``reason``.
    ``decided`` says what was decided, empty while it is open.
    """

    title: str
    summary: str
    because: str
    evidence: str
    evidence_text: str
    minutes: int
    decide_url: str = ""
    reasons: Sequence[tuple[str, str]] = ()
    """Codes and words of the reasons for a no; asked for as ``reason_code``."""
    steps: Sequence[str] = ()
    words: Sequence[str] = ()
    caution: str = ""
    not_measured: Sequence[str] = ()
    sources: Sequence[str] = ()
    reviewed_on: date | None = None
    decided: str = ""
    seen: str = ""
    """The mark of the decision that held when the card was shown, sent back with the next."""
    fits: str = ""
    """For which pattern it may suit, if that is known of this person and wished for."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened: when, what, and a word more; ``icon`` names its kind."""

    at: datetime
    title: str
    text: str = ""
    icon: str = "dot"
    url: str = ""
