"""The answers and scores of one record as a FHIR R4 Bundle, and responses out of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Response
from securebase.exchange.fhir.names import Resource
from securebase.exchange.fhir.read_response import Given, read_response
from securebase.exchange.fhir.response import (
    focused,
    marked,
    observations,
    questionnaire_response,
    with_totals,
)
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.errors import BadInput
from securebase.science.library import instruments
from securebase.science.words import Instrument, Score, ScoreSheet, State
from securebase.stories.export_subject.gather import check_can_export

MOST_RESPONSES = 500
"""Responses in one file that comes in."""


@dataclass(frozen=True, slots=True)
class Written:
    """A Bundle, how many responses are in it, and what the library no longer knows."""

    bundle: Resource
    responses: int
    unknown: tuple[str, ...]


@transaction.atomic
def written(*, patient: Patient, by: User | None, at: datetime) -> Written:
    """Return the record's answers and scores; that it was done stands on the trail.

    Questions and scores go out under the version they were kept with. The person is a key
    only: who it is stands in no file of ours.
    """
    check_can_export(by, patient)
    trail.record(Verb.RECORD_EXPORT, by=by, at=at, patient=patient.pk, about=patient)
    rows = Response.objects.filter(patient=patient).select_related("target")
    kept = list(rows.prefetch_related("scores", "verdicts"))
    library = instruments()
    found = [one for one in kept if one.instrument in library]
    entries = [
        entry
        for one in found
        for entry in _entries(one, replace(library[one.instrument], version=one.version))
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(timespec="seconds"),
        "entry": entries,
    }
    unknown = {one.instrument for one in kept} - set(library)
    return Written(bundle, len(found), tuple(sorted(unknown)))


def read_all(resource: Resource, *, slug: str | None = None) -> list[Given]:
    """Return the responses of a QuestionnaireResponse, or of a Bundle that holds some.

    Raises
    ------
    BadInput
        If there is none, there are too many, or one cannot be read; says which.
    """
    if resource.get("resourceType") != "Bundle":
        return [read_response(resource, slug=slug)]
    entries = resource.get("entry")
    held = [
        (n, entry["resource"])
        for n, entry in enumerate(entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
        and isinstance(entry.get("resource"), dict)
        and entry["resource"].get("resourceType") == "QuestionnaireResponse"
    ]
    if not 0 < len(held) <= MOST_RESPONSES:
        raise BadInput(
            f"The Bundle holds {len(held)} QuestionnaireResponses; 1 to {MOST_RESPONSES} can "
            "be read. Give a Bundle with some, or split it."
        )
    return [_read(n, one, slug) for n, one in held]


def _read(n: int, resource: Resource, slug: str | None) -> Given:
    try:
        return read_response(resource, slug=slug)
    except BadInput as refused:
        raise BadInput(f"entry[{n}]: {refused}") from None


def _entries(kept: Response, asked: Instrument) -> Iterator[Resource]:
    """Give the answers, where there are any, and then the scores they gave."""
    subject, name = f"Patient/{kept.patient_id}", f"urn:uuid:{kept.pk}"
    target = kept.target
    about = {"key": target.key, "kind": target.kind} if target else None
    if kept.answers:
        form = questionnaire_response(
            asked,
            kept.answers,
            at=kept.answered_at,
            texts=json.loads(kept.texts),
            subject=subject,
        )
        form = with_totals(form, kept.given_totals)
        yield {"fullUrl": name, "resource": marked(form, **about) if about else form}
    sheet = ScoreSheet(
        instrument=asked.slug,
        version=kept.version,
        digest=kept.digest,
        scores=tuple(_scores(kept)),
        outcomes={one.key: one.value for one in kept.verdicts.all()},
    )
    made = observations(asked, sheet, at=kept.answered_at, response=name, subject=subject)
    for one in made:
        if not kept.answers:
            del one["derivedFrom"]
        yield {"resource": focused(one, **about) if about else one}


def _scores(kept: Response) -> Iterator[Score]:
    for one in kept.scores.all():
        yield Score(
            one.measure, one.value, one.answered, State(one.state), one.band or None, one.error
        )
