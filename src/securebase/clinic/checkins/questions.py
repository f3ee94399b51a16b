"""What a check-in asks, in order and in the patient's language where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from securebase.clinic.checkins.models import CheckIn
from securebase.science.errors import BadInput
from securebase.science.library import instrument, may_be_shown
from securebase.science.reporting import allowed, codes_of
from securebase.science.words import Instrument, Item, Wording

FALLBACK = "en"
LONGEST_TEXT = 5000
"""Characters of a free-text answer."""

Value = int | str | None
"""What a patient may give: a number, words, or nothing because they skip."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is put to the patient; ``ref`` is ``<instrument>.<item>``."""

    ref: str
    instrument: str
    item: str
    text: str
    instruction: str
    answers: tuple[tuple[int, str], ...]
    """Values with their labels; a slider labels some of its values only."""
    kind: str
    values: tuple[int, ...]
    """Every number that may be answered, in order."""
    content_note: str = ""
    optional: bool = True
    """Always true: every question can be skipped."""
    safety: bool = False
    asked_if: str | None = None
    """Ref of the question that, answered "no", makes this one needless."""


def questions_of(checkin: CheckIn) -> list[Question]:
    """Return the questions of a check-in in the order they are asked."""
    language = checkin.patient.language
    return [
        _question(asked, item, wording_of(asked, language))
        for asked in map(instrument, checkin.instruments)
        for item in asked.items
    ]


def minutes_of(checkin: CheckIn) -> int:
    """Return about how many minutes a check-in takes, rounded up, at least one."""
    return minutes_for(checkin.instruments)


def minutes_for(slugs: Iterable[str]) -> int:
    """Return about how many minutes some instruments take together."""
    return max(1, ceil(sum(instrument(slug).minutes for slug in slugs)))


def wording_of(asked: Instrument, language: str) -> Wording:
    """Return the wording in a language, or in English; BadInput if there is neither."""
    wording = asked.wordings.get(language) or asked.wordings.get(FALLBACK)
    if wording is None or not may_be_shown(asked):
        raise BadInput(
            f"{asked.name} has no wording in {language!r} that may be shown. "
            "Choose another instrument or add its wording."
        )
    return wording


def check_value(checkin: CheckIn, ref: str, value: Value) -> Item:
    """Return the item an answer belongs to; BadInput if it does not fit the item."""
    slug, _, item_id = ref.partition(".")
    if slug not in checkin.instruments:
        raise BadInput(f"{ref}: this check-in does not ask that. Answer one of its questions.")
    item = {one.id: one for one in instrument(slug).items}.get(item_id)
    if item is None:
        raise BadInput(f"{ref}: {slug} has no such question. Answer one of its questions.")
    if value is not None:
        _check_given(item, ref, value)
    return item


def _check_given(item: Item, ref: str, value: int | str) -> None:
    if item.kind == "text":
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise BadInput(f"{ref}: takes words, {LONGEST_TEXT} characters at most.")
    elif isinstance(value, str | bool) or not allowed(item, value):
        raise BadInput(f"{ref}: takes {codes_of(item)}, or nothing.")


def _question(asked: Instrument, item: Item, wording: Wording) -> Question:
    labels = wording.answers.get(item.scale, {})
    return Question(
        ref=f"{asked.slug}.{item.id}",
        instrument=asked.slug,
        item=item.id,
        text=wording.items[item.id],
        instruction=wording.instruction,
        answers=tuple(sorted(labels.items())),
        kind=item.kind,
        values=item.codes or tuple(range(item.low, item.high + 1)),
        content_note=wording.content_note,
        safety=item.safety,
        asked_if=f"{asked.slug}.{item.asked_if}" if item.asked_if else None,
    )
