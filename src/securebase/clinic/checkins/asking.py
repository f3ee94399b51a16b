"""Whether what is agreed can be asked: of whom, how often, and in whose words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.entries import Entry, entry_of
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.questions import wording_if_any, wording_of
from securebase.clinic.checkins.terms import ONCE, Asked, Terms
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.targets import targets_of
from securebase.science.words import Instrument

DAYS = 7


@dataclass(frozen=True, slots=True)
class TooOften:
    """An instrument that is asked more often than its authors say."""

    instrument: Instrument
    every_days: float

    @property
    def says(self) -> str:
        """Return it as a sentence."""
        asked = self.instrument
        return (
            f"{asked.name} is asked about every {self.every_days:.0f} days; "
            f"its authors leave {asked.interval_days} days between."
        )


def check_entries(asked: Sequence[Asked], *, patient: Patient) -> None:
    """Raise unless each entry has words, a person where it needs one, and its turn."""
    known = {target.key for target in targets_of(patient)}
    problems = [problem for one in asked for problem in _problems(one, known)]
    problems += list(_asked_before(asked, patient))
    if problems:
        raise ValidationError({"instruments": problems})
    for one in asked:
        wording_of(entry_of(one["slug"]).instrument, patient.language)


def too_often(terms: Terms) -> list[TooOften]:
    """Return what would be asked more often than its authors say: a warning, no refusal."""
    apart = DAYS * terms.every_weeks / max(1, len(set(terms.weekdays)))
    planned = (
        TooOften(entry_of(one["slug"]).instrument, apart * one["every"])
        for one in terms.instruments
        if one["every"] != ONCE
    )
    return [one for one in planned if one.every_days < one.instrument.interval_days]


def answered_once(patient: Patient) -> Mapping[str, datetime]:
    """Return when instruments that are asked once were answered, by slug."""
    rows = Response.objects.filter(patient=patient).exclude(answers={}).order_by("-answered_at")
    found = rows.values_list("instrument", "answered_at")
    return {slug: at for slug, at in found if entry_of(slug).instrument.once}


def still_asked(names: Iterable[str], *, patient: Patient) -> list[str]:
    """Leave out who is asked about no more, and what may be shown no more."""
    entries = list(map(entry_of, names))
    known = {target.key for target in targets_of(patient)} if _any_about(entries) else set()
    return [
        entry.name
        for entry in entries
        if not entry.key or entry.key in known
        if wording_if_any(entry.instrument, patient.language) is not None
    ]


def shown_in(checkin: CheckIn) -> list[Entry]:
    """Return the entries of a check-in whose questions can be shown today."""
    entries = map(entry_of, checkin.instruments)
    language = checkin.patient.language
    return [one for one in entries if wording_if_any(one.instrument, language) is not None]


def _any_about(entries: Iterable[Entry]) -> bool:
    return any(entry.key for entry in entries)


def _problems(one: Asked, known: set[str]) -> Iterator[str]:
    entry = entry_of(one["slug"])
    asked = entry.instrument
    if asked.target == "person" and entry.key not in known:
        yield f"{asked.name} is about one person. Name the person first."
    if not asked.target and entry.key:
        yield f"{asked.name} is not about one person. Ask it by itself."
    if asked.once and one["every"] != ONCE:
        yield f"{asked.name} is asked once. Choose once, or leave it out."
    if asked.at_home and not one.get("cautioned"):
        yield f"{asked.name} is asked at home only after its caution was read and confirmed."


def _asked_before(asked: Sequence[Asked], patient: Patient) -> Iterator[str]:
    if not any(one["every"] == ONCE for one in asked):
        return
    before = answered_once(patient)
    for one in asked:
        entry = entry_of(one["slug"])
        if one["every"] == ONCE and entry.slug in before:
            yield (
                f"{entry.instrument.name} was answered on {before[entry.slug]:%d %b %Y}. "
                "It is asked once."
            )
