"""One response and what it scores, as FHIR R4: a QuestionnaireResponse and Observations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from securebase.exchange.fhir import names
from securebase.exchange.fhir.names import Resource
from securebase.science.groups import put_together
from securebase.science.library import may_be_shown
from securebase.science.words import (
    Answers,
    Instrument,
    Item,
    Norm,
    Score,
    ScoreSheet,
    Wording,
)

_STATE = f"{names.OURS}/CodeSystem/score-part"


def questionnaire_response(
    asked: Instrument,
    answers: Answers,
    *,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    subject: str = "",
    language: str = "en",
) -> Resource:
    """Return one person's answers as a QuestionnaireResponse.

    Parameters
    ----------
    asked : Instrument
        The definition they answered.
    answers : mapping of item id to int or None
        Raw answers as given; a missing one has no item.
    at : datetime
        When they were given.
    texts : mapping of item id to str, optional
        Answers in own words.
    subject : str
        Reference to the person, for instance ``Patient/7``; none if empty.
    language : str
        In which the questions were put; their words go along where we may show them.
    """
    given = (answers, texts or {})
    wording = asked.wordings.get(language) if may_be_shown(asked) else None
    items = [_put(asked, put, given, wording) for put in put_together(asked.items)]
    return {
        "resourceType": "QuestionnaireResponse",
        **({"language": language} if wording else {}),
        "questionnaire": f"{names.canonical(asked.slug)}|{asked.version}",
        "status": "completed",
        **({"subject": {"reference": subject}} if subject else {}),
        "authored": at.isoformat(timespec="seconds"),
        "item": [item for item in items if item is not None],
    }


def with_totals(form: Resource, totals: Mapping[str, float]) -> Resource:
    """Return a QuestionnaireResponse with the totals that once came with its answers.

    They are another program's, beside what we score; ours are the Observations.

    Parameters
    ----------
    form : dict
        The QuestionnaireResponse.
    totals : mapping of scale to float
        As they came.

    Examples
    --------
    >>> with_totals({"item": []}, {"total": 9.0})["item"][0]["linkId"]
    'score.total'
    """
    came = [
        {
            "linkId": f"{names.SCORE}{scale}",
            "text": f"Came with the answers: {scale}",
            "answer": [{"valueDecimal": value}],
        }
        for scale, value in sorted(totals.items())
    ]
    return form | {"item": [*form["item"], *came]}


def marked(form: Resource, *, key: str, kind: str) -> Resource:
    """Return a QuestionnaireResponse that says which person of somebody's life it is about.

    Parameters
    ----------
    form : dict
        The QuestionnaireResponse.
    key, kind : str
        Such as ``k1`` and ``mother``; a name is never said.
    """
    parts = [{"url": "key", "valueString": key}, {"url": "kind", "valueString": kind}]
    return form | {"extension": [{"url": names.ours(names.ABOUT), "extension": parts}]}


def focused(observation: Resource, *, key: str, kind: str) -> Resource:
    """Return an Observation that is about somebody other than its subject, by key and kind."""
    known = {"system": f"{names.OURS}/NamingSystem/person", "value": key}
    focus = {"type": "RelatedPerson", "identifier": known, "display": kind}
    return observation | {"focus": [focus]}


def observations(
    asked: Instrument, sheet: ScoreSheet, *, at: datetime, response: str, subject: str = ""
) -> list[Resource]:
    """Return what a response scores: one Observation for each score and known outcome.

    Parameters
    ----------
    asked : Instrument
        The definition it was scored by.
    sheet : ScoreSheet
        What it scores; a score that could not be made says so, with no value.
    at : datetime
        When the answers were given.
    response : str
        Reference to the response they come from.
    subject : str
        Reference to the person; none if empty.

    Returns
    -------
    list of dict
        Each with the version and digest of the definition as its method, and its state,
        answers counted and standard error as components.
    """
    shared: Resource = {
        **({"subject": {"reference": subject}} if subject else {}),
        "effectiveDateTime": at.isoformat(timespec="seconds"),
        "derivedFrom": [{"reference": response}],
        "method": {
            "text": f"{asked.name} version {sheet.version}, definition {sheet.digest[:12]}"
        },
    }
    made = [{**_score(asked, one), **shared} for one in sheet.scores]
    known = [(key, value) for key, value in sheet.outcomes.items() if value is not None]
    return made + [{**_outcome(asked, key, value), **shared} for key, value in known]


def _put(
    asked: Instrument,
    put: tuple[Item, ...],
    given: tuple[Answers, Mapping[str, str]],
    wording: Wording | None,
) -> Resource | None:
    """Return the answer to a question: of tick boxes, a group that holds those given."""
    found = [_answered(asked, item, given, wording) for item in put]
    group = put[0].group
    if not group:
        return found[0]
    boxes = [item for item in found if item is not None]
    text = {"text": wording.groups[group]} if wording else {}
    return {"linkId": group, **text, "item": boxes} if boxes else None


def _answered(
    asked: Instrument,
    item: Item,
    given: tuple[Answers, Mapping[str, str]],
    wording: Wording | None,
) -> Resource | None:
    answer, words = given[0].get(item.id), given[1].get(item.id)
    labels = wording.answers.get(item.scale, {}) if wording else {}
    value: Resource
    if item.kind == "text":
        value = {"valueString": words} if words else {}
    elif item.kind == "slider":
        value = {} if answer is None else {"valueInteger": answer}
    else:
        value = {} if answer is None else {"valueCoding": _coding(asked, item, answer, labels)}
    text = {"text": wording.items[item.id]} if wording else {}
    return {"linkId": item.id, **text, "answer": [value]} if value else None


def _coding(asked: Instrument, item: Item, answer: int, labels: Mapping[int, str]) -> Resource:
    return {
        "extension": [
            {"url": names.ORDINAL, "valueDecimal": answer},
            {"url": names.WEIGHT, "valueDecimal": answer},
        ],
        "system": names.answer_system(asked.slug, item.scale),
        "code": str(answer),
        **({"display": labels[answer]} if answer in labels else {}),
    }


def _observed(asked: Instrument, key: str, loinc: str | None, text: str) -> Resource:
    own = {"system": f"{names.OURS}/CodeSystem/{asked.slug}", "code": key}
    coding = [{"system": names.LOINC, "code": loinc}, own] if loinc else [own]
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": names.CATEGORY, "code": "survey"}]}],
        "code": {"coding": coding, "text": text},
    }


def _score(asked: Instrument, one: Score) -> Resource:
    slug = one.measure.split(".", 1)[1]
    made = _observed(asked, slug, asked.scale(slug).loinc, f"{asked.name}, {slug}")
    if one.value is None:
        reason = {"system": names.ABSENT, "code": "unknown", "display": "Unknown"}
        made["dataAbsentReason"] = {"coding": [reason], "text": "too few answers to score"}
    else:
        made["valueQuantity"] = _points(one.value)
    if one.band:
        made["interpretation"] = [{"text": one.band.replace("_", " ")}]
    norms = [_range(norm) for norm in asked.norms if norm.scale == slug]
    return made | ({"referenceRange": norms} if norms else {}) | {"component": [*_parts(one)]}


def _parts(one: Score) -> Iterator[Resource]:
    yield {**_part("state"), "valueString": one.state.value}
    yield {**_part("answered"), "valueInteger": one.answered}
    if one.error is not None:
        yield {**_part("standard-error"), "valueQuantity": _points(one.error)}


def _part(code: str) -> Resource:
    return {"code": {"coding": [{"system": _STATE, "code": code}], "text": code}}


def _points(value: float) -> Resource:
    return {"value": value, "unit": "points", "system": names.UNITS, "code": "{score}"}


def _range(norm: Norm) -> Resource:
    return {"text": f"{norm.group}: mean {norm.mean:g}, standard deviation {norm.sd:g}"}


def _outcome(asked: Instrument, key: str, value: str | bool) -> Resource:
    outcome = next(o for o in asked.outcomes if o.key == key)
    made = _observed(asked, key, outcome.loinc, f"{asked.name}, {outcome.label or key}")
    if outcome.otherwise_abroad and value == outcome.otherwise:
        value = outcome.otherwise_abroad
    return made | {"valueBoolean" if isinstance(value, bool) else "valueString": value}
