"""Answers in words: what was asked, what was answered, and what was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from securebase.clinic.checkins.questions import wording_if_any
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.measurement.wordings import numbered
from securebase.pages.clinician.how_answered import how_answered
from securebase.pages.clinician.rhythm_form import said_to_clinician
from securebase.pages.clinician.wording import figure, name_of
from securebase.science.groups import put_together, question_of, ticked_words
from securebase.science.library import instrument
from securebase.science.norms import percentiles
from securebase.science.words import Instrument, Item, Scale, State, Wording
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
class Told:
    """One score in words, and where it stands among a named group, if that is known."""

    words: str
    standing: str = ""

    @property
    def whole(self) -> str:
        """Both in one line."""
        return f"{self.words}, {self.standing}" if self.standing else self.words


@dataclass(frozen=True, slots=True)
class Sheet:
    """One instrument as it came back."""

    title: str
    validated: bool
    lines: tuple[Line, ...]
    scores: tuple[Told, ...]
    how: tuple[str, ...] = ()
    """How it was answered: what time it asked about, its pace, what came with it."""


def heard(answered: Answered, *, language: str = "en") -> list[tuple[str, str]]:
    """Return what the person wrote in a check-in, each with the question it answers."""
    return [
        (_worded(instrument(response.instrument), language).items.get(item, item), text)
        for response, item, text in answered.texts
    ]


def score_lines(answered: Answered) -> list[str]:
    """Return the scores of a check-in that are part of no longer one, with their range."""
    whole = whole_measures({score.measure for score in answered.scores})
    return [
        _about(response) + told.whole
        for response in answered.responses
        for score in response.scores.all()
        if score.measure in whole
        for told in _score(score)
    ]


def sheets(answered: Answered, *, language: str) -> list[Sheet]:
    """Return every instrument of a check-in in words, in the order asked."""
    return [_sheet(response, language) for response in answered.responses]


def _sheet(response: Response, language: str) -> Sheet:
    asked = instrument(response.instrument)
    wording = _worded(asked, language)
    over_all = asked.target and response.target is None
    shown = () if over_all and not response.answers else asked_items(response, asked)
    return Sheet(
        title=f"{asked.name}, over all of them" if over_all else _about(response) + asked.name,
        validated=asked.validated,
        lines=tuple(_line(put, response, wording) for put in put_together(shown)),
        scores=tuple(told for score in response.scores.all() for told in _score(score)),
        how=tuple(how_answered(response)) if response.answers else (),
    )


def _line(put: tuple[Item, ...], response: Response, wording: Wording) -> Line:
    item, answers = put[0], response.answers
    question = question_of(put, wording)
    if item.kind == "text":
        written = texts_of(response).get(item.id, "").strip()
        return Line(question, written or SKIPPED_TEXT, written=bool(written))
    marked = any(one.id in response.safety for one in put)
    if item.group:
        return Line(question, ticked_words(put, answers, wording) or SKIPPED, marked=marked)
    labels = wording.answers.get(item.scale, {})
    return Line(question, _said(answers.get(item.id), labels, item.high), marked=marked)


def asked_items(response: Response, asked: Instrument) -> list[Item]:
    """Return the questions that were put: of an adaptive form, only those it asked."""
    if response.adaptive:
        return [asked.item(item) for item in response.adaptive["asked"]]
    return list(asked.items)


def _worded(asked: Instrument, language: str) -> Wording:
    """Return its words; "Question 3" where they were withdrawn, or never attached."""
    return wording_if_any(asked, language) or numbered(asked)


def _said(value: int | None, labels: object, high: int) -> str:
    if value is None:
        return SKIPPED
    label = labels.get(value, "") if hasattr(labels, "get") else ""
    return f"{label} ({value})" if label else f"{value} of {high}"


def _about(response: Response) -> str:
    """Return whom the answers are about, to be put in front; nothing if about nobody."""
    return f"About {said_to_clinician(response.target)}: " if response.target else ""


def _score(score: Score) -> Iterator[Told]:
    """Yield a score with its range, its band and where it stands among a named group.

    Side questions of our own that are followed nowhere are told by their answers alone.
    """
    asked = instrument(score.measure.partition(".")[0])
    scale = asked.scale(score.measure.partition(".")[2])
    name = _name(score.measure, asked)
    if not asked.validated and name_of(score.measure) == score.measure:
        return
    if score.value is None:
        yield Told(f"{name}: too few answers to score")
        return
    told = [f"{name}: {figure(score.value)} {_range(scale)}"]
    if score.error is not None:
        told.append(f"standard error {figure(score.error)}")
    if score.band:
        told.append(score.band.replace("_", " ").replace("-", " "))
    if score.state == State.PRORATED.value:
        told.append("one or more answers missing")
    yield Told(", ".join(told), next(_standing(score, asked), ""))


def _name(measure: str, asked: Instrument) -> str:
    """Return the plain name of a measure, or that of its scale."""
    name = name_of(measure)
    if name != measure:
        return name
    return f"{asked.name} {measure.partition('.')[2].replace('_', ' ')}"


def _range(scale: Scale) -> str:
    if scale.low == 0:
        return f"of {figure(scale.high)}"
    return f"({figure(scale.low)} to {figure(scale.high)})"


def _standing(score: Score, asked: Instrument) -> Iterator[str]:
    """Yield where a score stands in the widest group with norms, or that there are none."""
    if score.value is None or not asked.validated:
        return
    scale = score.measure.partition(".")[2]
    found = percentiles(asked, scale, score.value)
    for one in found[:1]:
        checked = "" if one.verified else "; not checked by us"
        yield f"higher than about {one.below} of 100 in: {one.group}{checked}"
    if not found:
        yield "no published norms"
