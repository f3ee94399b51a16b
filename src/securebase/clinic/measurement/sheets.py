"""Answers and past scores on their way to being kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from securebase.clinic.measurement.models import Response, Target
from securebase.science.errors import BadInput, UnknownName
from securebase.science.library import instrument
from securebase.science.scoring import band_of
from securebase.science.words import Instrument, Scale

PAST_SCORES = UUID("6f1c8a52-6f0e-5d3a-9f43-0d6f1b0b7d11")
"""Name space of keys for scores that come from a file, which brings none of its own."""


@dataclass(frozen=True, slots=True)
class Putting:
    """How the questions were put: in which order, and how long each took.

    ``order`` holds item ids, empty where it is the definition's; ``took_ms`` milliseconds
    by item id, without those nobody could know; ``adaptive`` what an adaptive form found.
    """

    order: tuple[str, ...] = ()
    took_ms: Mapping[str, int] = field(default_factory=dict)
    adaptive: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSheet:
    """All answers to one instrument at one time, by item id, about ``target`` if one.

    ``key`` is made by whoever sends the answers: the same key with the same content
    keeps one response, with other content it is refused. ``given_totals`` are scores that
    came with the answers, by scale: kept beside ours, never instead of them.
    """

    instrument: str
    answers: Mapping[str, int | None]
    texts: Mapping[str, str] = field(default_factory=dict)
    source: str = Response.Source.CHECKIN
    key: UUID
    answered_at: datetime
    target: Target | None = None
    put: Putting = field(default_factory=Putting)
    given_totals: Mapping[str, float] = field(default_factory=dict)

    def same_as(self, response: Response) -> bool:
        """Whether a response kept earlier says exactly this."""
        return (
            response.instrument == self.instrument
            and response.target_id == (self.target.pk if self.target else None)
            and response.answers == dict(self.answers)
            and json.loads(response.texts) == dict(self.texts)
        )


@dataclass(frozen=True, slots=True)
class PastScore:
    """One score from before, known without its answers; checked when it is made."""

    measure: str
    at: datetime
    value: float

    def __post_init__(self) -> None:
        scale = self.scale
        if not scale.low <= self.value <= scale.high:
            raise BadInput(
                f"{self.measure} is {self.value:g}; it runs from {scale.low:g} to "
                f"{scale.high:g}. Correct it or leave it out."
            )

    @property
    def instrument(self) -> Instrument:
        """The instrument the score belongs to."""
        return instrument(self.measure.partition(".")[0])

    @property
    def scale(self) -> Scale:
        """The scale the score belongs to; UnknownName if there is none."""
        known = {scale.slug: scale for scale in self.instrument.scales}
        slug = self.measure.partition(".")[2]
        if slug not in known:
            raise UnknownName(
                f"{self.instrument.slug} has no score {slug!r}. It has {', '.join(known)}."
            )
        return known[slug]

    @property
    def band(self) -> str:
        """The band the score falls in, or nothing."""
        slug = self.measure.partition(".")[2]
        return band_of(self.instrument.bands, slug, self.value) or ""

    def key_for(self, patient: UUID) -> UUID:
        """Return the key of the response this score belongs to: one file, one key."""
        return uuid5(PAST_SCORES, f"{patient} {self.instrument.slug} {self.at.isoformat()}")
