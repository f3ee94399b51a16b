"""A QuestionnaireResponse from elsewhere: its answers, our scores, and its own totals.

A total that came with the answers is kept beside ours. Where the two differ, that is said;
ours stays ours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from securebase.exchange.fhir import names
from securebase.exchange.fhir.names import Resource
from securebase.exchange.fhir.read_form import MOST_ITEMS, extension, extensions
from securebase.exchange.fhir.shapes import refuse_misshapen
from securebase.science.errors import BadInput
from securebase.science.library import instruments
from securebase.science.scoring import score
from securebase.science.words import Instrument, Item, ScoreSheet

STATUS = ("completed", "amended")
CLOSE = 0.005
"""Two totals differ from so many points on; below that one was rounded."""

_READ = (
    "resourceType", "questionnaire", "status", "authored", "item", "id", "language",
    "subject", "extension",
)  # fmt: skip
_LOINC = re.compile(r"[0-9]{1,7}-[0-9]")


@dataclass(frozen=True, slots=True)
class Given:
    """One response as it came: what a room that keeps responses needs, and what differs."""

    instrument: Instrument
    answers: Mapping[str, int]
    texts: Mapping[str, str]
    answered_at: datetime
    given_totals: Mapping[str, float]
    """Totals that came with it, by scale."""
    ours: ScoreSheet
    disagreements: tuple[str, ...]
    losses: tuple[str, ...]
    subject: str = ""
    """The reference of whose answers they are, as the file has it."""
    about: tuple[str, str] | None = None
    """Key and kind of the person they are about, as the file has them."""


@dataclass(slots=True)
class _Reading:
    asked: Instrument
    answers: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)


def read_response(resource: Resource, *, slug: str | None = None) -> Given:
    """Return what a QuestionnaireResponse holds, scored by us.

    Parameters
    ----------
    resource : dict
        The resource, as JSON has it.
    slug : str, optional
        Which instrument it answers, where the resource does not say it in a way we know.

    Raises
    ------
    BadInput
        If its instrument is not in the library, or an answer is none of its item.
    """
    if resource.get("resourceType") != "QuestionnaireResponse":
        raise BadInput(
            f"resourceType: {resource.get('resourceType')!r}; a QuestionnaireResponse is "
            "needed."
        )
    refuse_misshapen(resource)
    if resource.get("status") not in STATUS:
        raise BadInput(
            f"status: {resource.get('status')!r}; only {' or '.join(STATUS)} answers are read."
        )
    found = _Reading(_instrument(resource, slug))
    for path, item in _flat(resource.get("item", []), "item"):
        _item(found, item, path)
    ours = score(found.asked, found.answers)
    kept = [f"{key}: not read." for key in resource if key not in _READ]
    kept += [
        f"extension {str(each.get('url'))[:60]!r}: not read."
        for each in extensions(resource)
        if each.get("url") != names.ours(names.ABOUT)
    ]
    return Given(
        instrument=found.asked,
        answers=found.answers,
        texts=found.texts,
        answered_at=_when(resource.get("authored")),
        given_totals=found.totals,
        ours=ours,
        disagreements=tuple(disagreements(ours, found.totals)),
        losses=(*kept, *found.losses),
        subject=_reference(resource.get("subject")),
        about=_about(resource),
    )


def _reference(subject: Any) -> str:
    said = subject.get("reference") if isinstance(subject, dict) else None
    return said if isinstance(said, str) else ""


def _about(resource: Resource) -> tuple[str, str] | None:
    """Return key and kind of the person the answers are about, if the file says one."""
    told = extension(resource, names.ours(names.ABOUT))
    if told is None:
        return None
    parts = {str(one.get("url")): one.get("valueString") for one in extensions(told)}
    key, kind = parts.get("key"), parts.get("kind", "")
    if not isinstance(key, str) or not key or not isinstance(kind, str):
        raise BadInput("extension about: says no key of a person. Leave it out, or give one.")
    return key, kind


def disagreements(ours: ScoreSheet, given: Mapping[str, float]) -> Iterator[str]:
    """Yield a sentence for each total that came and is not what we score.

    Parameters
    ----------
    ours : ScoreSheet
        What our scorer makes of the same answers.
    given : mapping of scale to float
        The totals that came.
    """
    for one in ours.scores:
        slug = one.measure.split(".", 1)[1]
        theirs = given.get(slug)
        if theirs is None:
            continue
        if one.value is None:
            yield f"{slug}: {theirs:g} came with it; by our rule too few answers to score."
        elif abs(one.value - theirs) >= CLOSE:
            yield f"{slug}: {theirs:g} came with it; we score {one.value:g} ({one.state})."


def _instrument(resource: Resource, slug: str | None) -> Instrument:
    said = str(resource.get("questionnaire", ""))
    url, _, version = said.partition("|")
    library = instruments()
    if slug is None and url.startswith(names.canonical("")):
        slug = url.removeprefix(names.canonical(""))
    if slug is None and url.startswith(names.LOINC_FORMS):
        code = url.removeprefix(names.LOINC_FORMS)
        slug = next((s for s, one in library.items() if one.loinc == code), None)
    if slug is None or slug not in library:
        raise BadInput(
            f"questionnaire: {said[:120]!r} is no instrument of the library. Bring the form "
            "in first, or name it."
        )
    asked = library[slug]
    if version and url == names.canonical(slug) and version != asked.version:
        raise BadInput(
            f"questionnaire: version {version[:20]!r}, the library has {asked.version!r}. "
            "Scores of another version would not compare."
        )
    return asked


def _flat(items: Any, path: str) -> Iterator[tuple[str, Resource]]:
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise BadInput(f"{path}: must be a list of at most {MOST_ITEMS} items.")
    for n, item in enumerate(items):
        where = f"{path}[{n}]"
        if not isinstance(item, dict):
            raise BadInput(f"{where}: must be an object.")
        if item.get("answer"):
            yield where, item
        if item.get("item"):
            yield from _flat(item["item"], f"{where}.item")


def _item(found: _Reading, item: Resource, path: str) -> None:
    link, answers = str(item.get("linkId", "")), item["answer"]
    if not isinstance(answers, list) or len(answers) != 1 or not isinstance(answers[0], dict):
        raise BadInput(f"{path}.answer: there must be one answer to a question.")
    value = {k: v for k, v in answers[0].items() if k.startswith("value")}
    code = _LOINC.fullmatch(link.strip("/"))
    loinc = code[0] if code else None
    known = [i for i in found.asked.items if i.id == link or (loinc and i.loinc == loinc)]
    if known:
        _answer(found, known[0], value, f"{path}.answer")
        return
    scales = [
        s.slug
        for s in found.asked.scales
        if names.SCORE + s.slug == link or (loinc and s.loinc == loinc)
    ]
    if scales:
        found.totals[scales[0]] = _total(value, f"{path}.answer")
    elif not link.startswith((names.ERROR, names.OUTCOME)):
        found.losses.append(f"{path}: {link[:60]!r} is no item of {found.asked.slug}.")


def _answer(found: _Reading, item: Item, value: Resource, path: str) -> None:
    if item.id in found.answers or item.id in found.texts:
        raise BadInput(f"{path}: item {item.id} is answered twice. Keep one.")
    if item.kind == "text":
        text = value.get("valueString")
        if not isinstance(text, str):
            raise BadInput(f"{path}: item {item.id} is answered in words (valueString).")
        found.texts[item.id] = text
    else:
        found.answers[item.id] = _number(value, item, path)


def _number(value: Resource, item: Item, path: str) -> int:
    coding = value.get("valueCoding")
    if isinstance(coding, dict):
        weights = {
            e.get("valueDecimal")
            for e in extensions(coding)
            if e.get("url") in (names.ORDINAL, names.WEIGHT)
        }
        code = str(coding.get("code", ""))
        if not weights and re.fullmatch(r"-?[0-9]{1,6}", code):
            weights = {int(code)}
        found: Any = weights.pop() if len(weights) == 1 else None
    else:
        found = next(iter(value.values()), None)
        found = int(found) if isinstance(found, bool) else found
    if isinstance(found, float) and math.isfinite(found) and found == int(found):
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        raise BadInput(
            f"{path}: item {item.id} needs a whole number, or a coded answer whose code or "
            "itemWeight is one."
        )
    return found


def _total(value: Resource, path: str) -> float:
    found = next(iter(value.values()), None)
    if isinstance(found, dict):
        found = found.get("value")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BadInput(f"{path}: a total must be a number.")
    return float(found)


def _when(authored: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(authored))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadInput(
            f"authored: {str(authored)[:40]!r}; a moment with its zone is needed, such as "
            "2026-11-23T18:30:00+00:00."
        )
    return found
