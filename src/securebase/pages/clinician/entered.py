"""Answers and scores of one form in words, with or without its wording."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from securebase.clinic.measurement.models import Score
from securebase.pages.clinician.wording import figure, name_of
from securebase.science import words
from securebase.science.groups import number_of, put_together, question_of, ticked_words
from securebase.science.words import Instrument, Wording

NOT_ANSWERED = "not answered"
NO_TEXTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One question by its number, its words where they may be shown, and the answer."""

    item: str
    question: str
    answer: str
    marked: bool = False


def lines_of(
    asked: Instrument,
    wording: Wording | None,
    answers: Mapping[str, int | None],
    safety: Collection[str],
    texts: Mapping[str, str] = NO_TEXTS,
) -> list[Line]:
    """Return every question with its answer, in the order of the paper."""
    lines = []
    for put in put_together(asked.items):
        item = put[0]
        labels = wording.answers.get(item.scale, {}) if wording else {}
        question = question_of(put, wording) if wording else ""
        if item.group:
            said = ticked_words(put, answers, wording) or NOT_ANSWERED
        else:
            said = texts.get(item.id, "") or _said(answers.get(item.id), labels)
        marked = any(one.id in safety for one in put)
        lines.append(Line(number_of(item), question, said, marked=marked))
    return lines


def missing_in(asked: Instrument, answers: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return the numbers of the questions that were not answered."""
    numbers = {item.id: number_of(item) for item in asked.items}
    return tuple(
        dict.fromkeys(numbers[item] for item, value in answers.items() if value is None)
    )


def scores_in_words(asked: Instrument, scores: Iterable[words.Score | Score]) -> list[str]:
    """Return each score with its range, its band, and whether answers were missing."""
    scales = {scale.slug: scale for scale in asked.scales}
    told = []
    for score in scores:
        slug = score.measure.partition(".")[2]
        if slug not in scales:
            continue
        name = _name(score.measure)
        if score.value is None:
            told.append(f"{name}: too few answers to score")
            continue
        scale = scales[slug]
        band = f", {score.band.replace('_', ' ').replace('-', ' ')}" if score.band else ""
        some = ", one or more answers missing" if score.state == "prorated" else ""
        span = f"{figure(scale.low)} to {figure(scale.high)}"
        told.append(f"{name}: {figure(score.value)} ({span}){band}{some}")
    return told


def _name(measure: str) -> str:
    """Return the plain name of a measure, or that of its scale."""
    name = name_of(measure)
    return name if name != measure else measure.partition(".")[2].replace("_", " ").capitalize()


def _said(value: int | None, labels: Mapping[int, str]) -> str:
    if value is None:
        return NOT_ANSWERED
    label = labels.get(value, "")
    return f"{value}: {label}" if label else str(value)
