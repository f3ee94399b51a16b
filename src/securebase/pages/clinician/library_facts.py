"""What is known of one instrument, in the words of its reference page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import get_language_info

from securebase.clinic.measurement.wordings import Words
from securebase.science.groups import put_together, question_of
from securebase.science.library import may_be_shown
from securebase.science.words import (
    Band,
    Better,
    Combine,
    Cutoff,
    Instrument,
    Item,
    Scale,
    Shelf,
    Source,
    Wording,
)

DIRECTIONS = {
    Better.LOWER: "lower is better",
    Better.HIGHER: "higher is better",
    Better.NEITHER: "neither way is better",
}
COMBINED = {
    Combine.SUM: "sum of",
    Combine.MEAN: "mean of",
    Combine.COUNT: "how many hold, of",
    Combine.WEIGHTED: "weighted sum of",
}
CHANGES = {
    "rc": "reliable change",
    "rc_strict": "reliable change, stricter",
    "rc_iapt": "reliable change, as a health service counts it",
    "mid": "smallest change that matters",
    "csc": "edge of the functional range (a score, not a change)",
}
RELIABILITIES = {"alpha": "within one answering (alpha)", "retest": "on asking again (retest)"}
BY_SHELF = {
    Shelf.SHIP: (
        "Off",
        "Its words are free to use, but they are not part of this library yet.",
    ),
    Shelf.PACK: (
        "Off",
        "Its words may be used under their owner's terms only, so they come apart from this "
        "program: as a pack the practice switches on, or as words it attaches itself.",
    ),
    Shelf.NO_TEXT: (
        "Needs the practice's own wording",
        "Its words may not be passed on with this program. Attach a copy that the practice "
        "is entitled to use.",
    ),
    Shelf.NOT_AT_ALL: ("Off", "It may not be shown or scored without a signed licence."),
}


NOT_SHIPPED = "No wording is shipped"
IN_A_PACK = (
    "Off, pack here",
    "Its words lie here as a pack under their owner's licence. Patients see them once the "
    "practice has read the licence and switched it on.",
    "Off until its pack is switched on",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the words of an instrument are shown, in short and in a sentence."""

    shown: bool
    label: str
    says: str
    title: str = NOT_SHIPPED


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a figure comes from: its place in the list of sources, and whether it was read."""

    number: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it is about, what is said of it, and on whose word."""

    head: str
    cells: tuple[str, ...]
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """One table of figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """One question as it is put to the patient, read only."""

    text: str
    kind: str
    answers: tuple[tuple[int, str], ...]
    """Every answer there is, with its words; a slider has words at its ends only."""
    left_out: str = ""
    """When it is not asked at all, in words; empty if it always is."""

    @property
    def ends(self) -> tuple[tuple[int, str], ...]:
        """The values of a slider that have words."""
        return tuple(answer for answer in self.answers if answer[1])


@dataclass(frozen=True, slots=True)
class Preview:
    """The wording in one language."""

    code: str
    language: str
    wording: Wording
    questions: tuple[Put, ...]


def standing(
    asked: Instrument, words: Words | None = None, *, packed: bool = False
) -> Standing:
    """Say whether the words of an instrument are shown, and if not, why.

    ``words`` are those shown here by language; those of the library if not given.
    ``packed`` says that a pack of them lies here and is off.
    """
    if may_be_shown(asked):
        return Standing(True, "Shown", "Patients see it in the words below.")
    if words:
        return Standing(True, "Shown, attached here", "Patients see the words attached here.")
    if packed:
        return Standing(False, *IN_A_PACK)
    return Standing(False, *BY_SHELF.get(asked.licence.shelf, BY_SHELF[Shelf.SHIP]))


def languages(asked: Instrument, words: Words | None = None) -> list[str]:
    """Return the languages it can be shown in, in English."""
    return [_language(code) for code in _shown(asked, words)]


def previews(asked: Instrument, words: Words | None = None) -> list[Preview]:
    """Return every wording that may be shown; none where the licence says so."""
    return [preview_of(asked, wording) for wording in _shown(asked, words).values()]


def preview_of(asked: Instrument, wording: Wording) -> Preview:
    """Return one wording as the patient will see it."""
    return Preview(
        code=wording.language,
        language=_language(wording.language),
        wording=wording,
        questions=tuple(_put(put, wording, asked) for put in put_together(asked.items)),
    )


def scores(asked: Instrument) -> Figures:
    """Return the scores with their range, direction and missing rule."""
    rows = (
        Row(
            spoken(scale.slug),
            (
                f"{scale.low:g} to {scale.high:g}",
                DIRECTIONS[scale.better],
                _made_of(scale),
                _missing(scale),
            ),
        )
        for scale in asked.scales
    )
    heads = ("Score", "Range", "Direction", "Made of", "If answers are missing")
    return Figures("Scores", heads, tuple(rows))


def figures(asked: Instrument) -> list[Figures]:
    """Return the tables of figures that have any line, each line with its source."""
    found = _references(asked.sources)
    tables = [
        Figures("Bands", ("Score", "From, to", "Called", "For whom"), _bands(asked, found)),
        Figures("Cut-offs", ("Score", "At", "What it says"), _cutoffs(asked, found)),
        Figures("Change", ("Score", "What", "Points", "Method"), _changes(asked, found)),
        Figures(
            "Reliability",
            ("Score", "Kind", "Value", "Spread (SD)", "Measured in"),
            _reliabilities(asked, found),
        ),
        Figures(
            "Norms", ("Score", "Group", "Mean", "Spread (SD)", "People"), _norms(asked, found)
        ),
    ]
    return [table for table in tables if table.rows]


def spoken(key: str) -> str:
    """Return a key as it is said: "moderately severe"."""
    return key.replace("_", " ").replace("-", " ")


def _language(code: str) -> str:
    """Return a language in English, or its code where Django has no name for it."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


def _shown(asked: Instrument, words: Words | None) -> Words:
    if words is not None:
        return words
    return asked.wordings if may_be_shown(asked) else {}


def _put(put: tuple[Item, ...], wording: Wording, asked: Instrument) -> Put:
    item, text = put[0], question_of(put, wording)
    if item.group:
        boxes = tuple((item.high, wording.items[one.id]) for one in put)
        return Put(text=text, kind="boxes", answers=boxes)
    labels = wording.answers.get(item.scale, {})
    values: Iterable[int] = item.codes or range(item.low, item.high + 1)
    answers = tuple((value, labels.get(value, "")) for value in values)
    return Put(
        text=text,
        kind=item.kind,
        answers=() if item.kind == "text" else answers,
        left_out=_left_out(item, wording, asked),
    )


def _left_out(item: Item, wording: Wording, asked: Instrument) -> str:
    if item.asked_if is None:
        return ""
    gate = asked.item(item.asked_if)
    number = 1 + put_together(asked.items).index((gate,))
    answer = wording.answers.get(gate.scale, {}).get(gate.low, f"{gate.low}")
    return f'Not asked if question {number} is answered "{answer}".'


def _made_of(scale: Scale) -> str:
    if scale.tally:
        made = f"how many of {len(scale.tally)} findings hold"
    elif scale.parts:
        made = f"sum of {', '.join(map(spoken, scale.parts))}"
    else:
        turned = len(scale.reversed_items)
        made = f"{COMBINED[scale.combine]} {_answers(len(scale.items))}"
        made += f", {turned} of them reversed" if turned else ""
    if scale.factor != 1 or scale.offset:
        made += ", rescaled"
    if not scale.lookup:
        return made
    with_error = " with its standard error" if scale.lookup[0][2:] else ""
    return f"{made}, looked up in the authors' table{with_error}"


def _missing(scale: Scale) -> str:
    if scale.tally:
        return "unknown while a finding that could count is unknown"
    if scale.parts:
        return "no score unless every part has one"
    asked, needed = len(scale.items), scale.min_answered
    if needed >= asked:
        return "no score if one is missing" if asked > 1 else "no score without it"
    return f"{needed} of {asked} are enough; the mean of the others stands in"


def _answers(count: int) -> str:
    return f"{count} answer{'' if count == 1 else 's'}"


def _references(sources: Iterable[Source]) -> Mapping[str, Reference]:
    return {
        source.key: Reference(number, source.verified)
        for number, source in enumerate(sources, start=1)
    }


def _bands(asked: Instrument, found: Mapping[str, Reference]) -> tuple[Row, ...]:
    return tuple(
        Row(
            spoken(band.scale),
            (reach, spoken(band.key), band.population or "not said"),
            found.get(band.source),
        )
        for scale in asked.scales
        for band, reach in _reaches(asked, scale)
    )


def _reaches(asked: Instrument, scale: Scale) -> Iterator[tuple[Band, str]]:
    """Yield each band of a scale with the range it covers, lowest first."""
    own = [band for band in asked.bands if band.scale == scale.slug]
    own.sort(key=lambda band: band.minimum)
    for band, following in pairwise(own):
        yield band, f"{band.minimum:g} to below {following.minimum:g}"
    if own:
        yield own[-1], f"{own[-1].minimum:g} to {scale.high:g}"


def _cutoffs(asked: Instrument, found: Mapping[str, Reference]) -> tuple[Row, ...]:
    return tuple(
        Row(
            spoken(cutoff.scale),
            (_threshold(cutoff, asked.scale(cutoff.scale)), cutoff.meaning),
            found.get(cutoff.source),
        )
        for cutoff in asked.cutoffs
    )


def _threshold(cutoff: Cutoff, scale: Scale) -> str:
    """Return the value with its side, unless the meaning says the side itself."""
    if cutoff.meaning.startswith(("above:", "below:", "at or below:")):
        return f"{cutoff.value:g}"
    side = "or below" if scale.better is Better.HIGHER else "or above"
    return f"{cutoff.value:g} {side}"


def _changes(asked: Instrument, found: Mapping[str, Reference]) -> tuple[Row, ...]:
    return tuple(
        Row(
            spoken(rule.scale),
            (CHANGES.get(rule.kind, spoken(rule.kind)), f"{rule.value:g}", rule.method),
            found.get(rule.source),
        )
        for rule in asked.changes
    )


def _reliabilities(asked: Instrument, found: Mapping[str, Reference]) -> tuple[Row, ...]:
    return tuple(
        Row(
            spoken(one.scale),
            (
                RELIABILITIES.get(one.kind, spoken(one.kind)),
                f"{one.value:g}",
                f"{one.sd:g}",
                one.sample or "not said",
            ),
            found.get(one.source),
        )
        for one in asked.reliabilities
    )


def _norms(asked: Instrument, found: Mapping[str, Reference]) -> tuple[Row, ...]:
    return tuple(
        Row(
            spoken(norm.scale),
            (norm.group, f"{norm.mean:g}", f"{norm.sd:g}", _people(norm.n)),
            found.get(norm.source),
        )
        for norm in asked.norms
    )


def _people(count: int | None) -> str:
    return "not said" if count is None else f"{count}"
