"""What a check-in asks, in order and in the patient's language where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from types import MappingProxyType

from securebase.clinic.checkins.entries import Entry, entry_of, said_of
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.measurement.models import Target
from securebase.clinic.measurement.wordings import attached_words
from securebase.science.adaptive.forms import form_of
from securebase.science.errors import BadInput
from securebase.science.groups import put_together, question_of
from securebase.science.library import may_be_shown
from securebase.science.reporting import allowed, codes_of
from securebase.science.words import Instrument, Item, Shelf, Wording

FALLBACK = "en"
LONGEST_TEXT = 5000
"""Characters of a free-text answer."""

MISSING = object()
Value = int | str | None
"""What a patient may give: a number, words, or nothing because they skip."""
NOTHING_GIVEN: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is put to the patient; ``ref`` is ``<entry>.<item>``.

    Of kind ``boxes`` it is a group of items: several may be ticked, ``ref`` names the
    group, and what is kept is an answer to each box.
    """

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
    entry: str = ""
    """The entry it belongs to: ``phq-9``, or ``ecr-rs@k1`` about one person."""
    about: str = ""
    """Whom the question is about, as one says it to the patient; empty if nobody."""
    recall: str = ""
    """The time it asks about."""
    credit: str = ""
    """Whose words these are, as their owner wants it said where they are read."""
    boxes: tuple[tuple[str, str], ...] = ()
    """The ref and the words of each box that may be ticked."""

    @property
    def refs(self) -> tuple[str, ...]:
        """The refs under which its answers are kept: its own, or those of its boxes."""
        return tuple(ref for ref, _ in self.boxes) or (self.ref,)


def questions_of(
    checkin: CheckIn, given: Mapping[str, Value] = NOTHING_GIVEN
) -> list[Question]:
    """Return the questions of a check-in in the order they are asked.

    An instrument whose wording was withdrawn meanwhile is asked no more. Of an adaptive
    form, the questions asked so far are there and the next one, which depends on what was
    ``given`` by ref.
    """
    entries = list(map(entry_of, checkin.instruments))
    about = _people(checkin, entries)
    questions = []
    for entry in entries:
        wording = wording_if_any(entry.instrument, checkin.patient.language)
        if wording is not None:
            person = said_of(about[entry.key]) if entry.key in about else ""
            questions += [
                _question(entry, put, wording, about=person)
                for put in put_together(in_order(entry, checkin, given))
            ]
    return questions


def in_order(entry: Entry, checkin: CheckIn, given: Mapping[str, Value]) -> list[Item]:
    """Return the items of one entry in the order drawn for it, or chosen by the answers."""
    items = {item.id: item for item in entry.instrument.items}
    form = form_of(entry.slug)
    if form is not None:
        return [items[item] for item in form.asked(numbers_of(entry, given))]
    return [items[item] for item in checkin.orders.get(entry.name, items)]


def numbers_of(entry: Entry, given: Mapping[str, Value]) -> dict[str, int | None]:
    """Return the answers to one entry by item id, out of answers by ref."""
    found = {item.id: given.get(entry.ref(item.id), MISSING) for item in entry.instrument.items}
    return {
        item: value
        for item, value in found.items()
        if value is not MISSING and (value is None or isinstance(value, int))
    }


def may_follow(checkin: CheckIn, questions: Sequence[Question]) -> int:
    """Return about how many questions may follow that nobody can know yet."""
    more = 0
    for entry in map(entry_of, checkin.instruments):
        form = form_of(entry.slug)
        if form is not None:
            known = sum(question.entry == entry.name for question in questions)
            more += max(0, form.usual - known)
    return more


def minutes_of(checkin: CheckIn) -> int:
    """Return about how many minutes a check-in takes, rounded up, at least one."""
    return minutes_for(checkin.instruments)


def minutes_for(slugs: Iterable[str]) -> int:
    """Return about how many minutes some instruments take together."""
    return max(1, ceil(sum(entry_of(slug).instrument.minutes for slug in slugs)))


def wording_of(asked: Instrument, language: str) -> Wording:
    """Return the wording in a language, or in English; BadInput if there is neither."""
    wording = wording_if_any(asked, language)
    if wording is None:
        raise BadInput(
            f"{asked.name} has no wording in {language!r} that may be shown. "
            "Choose another instrument or add its wording."
        )
    return wording


def wording_if_any(asked: Instrument, language: str) -> Wording | None:
    """Return the wording in a language, or in English; None if neither may be shown here."""
    shipped = asked.wordings if may_be_shown(asked) else {}
    if language in shipped:
        return shipped[language]
    here = attached_words(asked.slug)
    return here.get(language) or shipped.get(FALLBACK) or here.get(FALLBACK)


def check_value(checkin: CheckIn, ref: str, value: Value) -> Item:
    """Return the item an answer belongs to; BadInput if it does not fit the item."""
    entry, item_id = entry_of(ref), ref.partition(".")[2]
    if entry.name not in checkin.instruments:
        raise BadInput(f"{ref}: this check-in does not ask that. Answer one of its questions.")
    item = {one.id: one for one in entry.instrument.items}.get(item_id)
    if item is None:
        raise BadInput(
            f"{ref}: {entry.slug} has no such question. Answer one of its questions."
        )
    if value is not None:
        _check_given(item, ref, value)
    return item


def _check_given(item: Item, ref: str, value: int | str) -> None:
    if item.kind == "text":
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise BadInput(f"{ref}: takes words, {LONGEST_TEXT} characters at most.")
    elif isinstance(value, str | bool) or not allowed(item, value):
        raise BadInput(f"{ref}: takes {codes_of(item)}, or nothing.")


def _people(checkin: CheckIn, entries: Iterable[Entry]) -> dict[str, Target]:
    """Return the people the entries are about, by key."""
    if not any(entry.key for entry in entries):
        return {}
    return {one.key: one for one in Target.objects.filter(patient=checkin.patient_id)}


def _question(entry: Entry, put: tuple[Item, ...], wording: Wording, *, about: str) -> Question:
    item = put[0]
    made = Question(
        ref=entry.ref(item.group or item.id),
        instrument=entry.slug,
        item=item.group or item.id,
        text=question_of(put, wording),
        instruction=wording.instruction,
        answers=(),
        kind="boxes",
        values=(),
        content_note=wording.content_note,
        safety=any(one.safety for one in put),
        asked_if=entry.ref(item.asked_if) if item.asked_if else None,
        entry=entry.name,
        about=about,
        recall=entry.instrument.recall,
        credit=_credit(entry.instrument),
    )
    if item.group:
        return replace(
            made, boxes=tuple((entry.ref(one.id), wording.items[one.id]) for one in put)
        )
    return replace(
        made,
        answers=tuple(sorted(wording.answers.get(item.scale, {}).items())),
        kind=item.kind,
        values=item.codes or tuple(range(item.low, item.high + 1)),
    )


def _credit(asked: Instrument) -> str:
    """Return the owner's notice; what is ours needs none where it is read."""
    return "" if asked.licence.shelf is Shelf.OWN else asked.licence.notice
