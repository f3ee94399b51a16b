"""Answers in words: what was asked, what was answered, and what was written."""

from __future__ import annotations

from dataclasses import dataclass

from securebase.clinic.checkins.questions import wording_if_any
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.wordings import numbered
from securebase.pages.clinician.wording import figure, name_of
from securebase.science.library import instrument
from securebase.science.trajectory.prior import load_priors
from securebase.science.words import Instrument, Wording
from securebase.stories.open_record import Answered, texts_of, whole_measures

SKIPPED = "skipped"
SKIPPED_TEXT = "nothing written"


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer; ``marked`` for a safety question above its lowest."""

    question: str
    answer: str
    written: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One instrument as it came back."""

    title: str
    validated: bool
    lines: tuple[Line, ...]
    scores: tuple[str, ...]


def heard(answered: Answered, *, language: str = "en") -> list[tuple[str, str]]:
    """Return what the person wrote in a check-in, each with the question it answers."""
    return [
        (_worded(instrument(response.instrument), language).items.get(item, item), text)
        for response, item, text in answered.texts
    ]


def score_lines(answered: Answered) -> list[str]:
    """Return the scores of a check-in that have a name of their own, with their range."""
    whole = whole_measures({score.measure for score in answered.scores})
    told = (_score(score) for score in answered.scores if score.measure in whole)
    return [line for line in told if line]


def sheets(answered: Answered, *, language: str) -> list[Sheet]:
    """Return every instrument of a check-in in words, in the order asked."""
    return [_sheet(response, language) for response in answered.responses]


def _sheet(response: Response, language: str) -> Sheet:
    asked = instrument(response.instrument)
    wording = _worded(asked, language)
    texts, lines = texts_of(response), []
    for item in asked.items:
        question = wording.items.get(item.id, item.id)
        if item.kind == "text":
            written = texts.get(item.id, "").strip()
            lines.append(Line(question, written or SKIPPED_TEXT, written=bool(written)))
            continue
        value = response.answers.get(item.id)
        labels = wording.answers.get(item.scale, {})
        lines.append(
            Line(question, _said(value, labels, item.high), marked=item.id in response.safety)
        )
    return Sheet(
        title=asked.name,
        validated=asked.validated,
        lines=tuple(lines),
        scores=tuple(line for score in response.scores.all() if (line := _score(score))),
    )


def _worded(asked: Instrument, language: str) -> Wording:
    """Return its words; "Question 3" where they were withdrawn, or never attached."""
    return wording_if_any(asked, language) or numbered(asked)


def _said(value: int | None, labels: object, high: int) -> str:
    if value is None:
        return SKIPPED
    label = labels.get(value, "") if hasattr(labels, "get") else ""
    return f"{label} ({value})" if label else f"{value} of {high}"


def _score(score: Score) -> str:
    priors = load_priors()
    if score.measure not in priors:
        return ""
    name = name_of(score.measure)
    if score.value is None:
        return f"{name}: too few answers to score"
    band = f", {score.band.replace('_', ' ').replace('-', ' ')}" if score.band else ""
    prorated = ", one or more answers missing" if score.state == "prorated" else ""
    high = figure(priors[score.measure].high)
    return f"{name}: {figure(score.value)} of {high}{band}{prorated}"
