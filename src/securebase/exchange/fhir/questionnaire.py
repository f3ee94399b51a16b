"""An instrument as a FHIR R4 Questionnaire that can score itself elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from securebase.exchange.fhir import facts, names
from securebase.exchange.fhir.names import Resource, expression
from securebase.exchange.fhir.scores import Reckoning, error_of, score_of
from securebase.exchange.fhir.translations import Texts
from securebase.exchange.fhir.verdicts import NotExpressible, Verdicts
from securebase.science.errors import UnknownName
from securebase.science.groups import put_together
from securebase.science.library import may_be_shown
from securebase.science.words import Instrument, Item, Outcome

LISTS = ("bands", "cutoffs", "changes", "reliabilities", "norms", "sources")
"""Figures of an instrument that FHIR has no field for; each entry becomes an extension."""

ELSEWHERE = (*LISTS, "items", "scales", "outcomes", "wordings", "digest", "version", "loinc")

WITHOUT_WORDING = (
    "The wording of this instrument is not ours to pass on. Here are its items by number, "
    "its answers by code and its scoring; the words come from whoever holds the rights."
)
"""What stands in a form whose words we may not pass on."""


def questionnaire(asked: Instrument, *, language: str = "en") -> Resource:
    """Return an instrument as a FHIR R4 Questionnaire with SDC expressions.

    Parameters
    ----------
    asked : Instrument
        The definition.
    language : str
        Which of its wordings the form speaks; the others stand beside it, as
        translations. If we may not show it, the form has numbers and codes and says so.

    Returns
    -------
    dict
        A Questionnaire, JSON as FHIR has it: one item for each question, score and
        outcome. Everything FHIR has no field for is in extensions of ours, so that
        ``read_questionnaire`` gives the same definition back.

    Raises
    ------
    UnknownName
        If it may be shown, but not in that language.

    Examples
    --------
    >>> from securebase.science.library import instrument
    >>> form = questionnaire(instrument("gad-7"))
    >>> form["derivedFrom"], form["item"][-2]["linkId"]
    (['http://loinc.org/q/69737-5'], 'score.total')
    """
    texts = _texts(asked, language)
    verdicts = Verdicts(asked)
    outcomes = [_outcome(asked, outcome, verdicts) for outcome in asked.outcomes]
    form: Resource = {
        "resourceType": "Questionnaire",
        "id": asked.slug,
        **({"language": language} if texts else {}),
        "extension": [*_variables(verdicts.bounds()), *_figures(asked)],
        "url": names.canonical(asked.slug),
        "version": asked.version,
        "name": _computer_name(asked.slug),
        **(texts.of("title", lambda w: w.title) if texts else {"title": asked.name}),
        **({"derivedFrom": [names.LOINC_FORMS + asked.loinc]} if asked.loinc else {}),
        "status": "active",
        "subjectType": ["Patient"],
        **(texts.of("description", lambda w: w.about) if texts else {}),
        "copyright": copyright_of(asked),
        **({"code": [_loinc(asked.loinc)]} if asked.loinc else {}),
        "item": [
            *_words(texts),
            *(_put(asked, put, texts) for put in put_together(asked.items)),
            *_scores(asked),
            *outcomes,
        ],
    }
    return form


def _texts(asked: Instrument, language: str) -> Texts | None:
    if not may_be_shown(asked):
        return None
    if language not in asked.wordings:
        raise UnknownName(
            f"{asked.slug} has no wording in {language!r}. It has {', '.join(asked.wordings)}."
        )
    others = [one for code, one in sorted(asked.wordings.items()) if code != language]
    return Texts(asked.wordings[language], tuple(others))


def copyright_of(asked: Instrument) -> str:
    """Return what must be said of an instrument's rights wherever it goes."""
    licence = asked.licence
    return " ".join(filter(None, (licence.statement, licence.notice)))


def _computer_name(slug: str) -> str:
    return "".join(part.capitalize() for part in f"form-{slug}".split("-"))


def _loinc(code: str | None) -> Resource:
    return {"system": names.LOINC, "code": code}


def _figures(asked: Instrument) -> Iterator[Resource]:
    yield facts.written("instrument", asked, leave_out=ELSEWHERE)
    for name in LISTS:
        for entry in getattr(asked, name):
            yield facts.written(name, entry)


def _variables(parts: Mapping[str, str]) -> list[Resource]:
    return [expression(names.VARIABLE, words, name=name) for name, words in parts.items()]


def _words(texts: Texts | None) -> Iterator[Resource]:
    if texts is None:
        yield _shown(names.NO_WORDING, {"text": WITHOUT_WORDING})
        return
    note = texts.of("text", lambda w: w.content_note)
    if note:
        yield _shown(names.CONTENT_NOTE, note)
    instruction = texts.of("text", lambda w: w.instruction)
    if instruction:
        yield _shown(names.INSTRUCTION, instruction)


def _shown(link: str, text: Resource, control: str = "") -> Resource:
    marked = {"extension": [_control(control)]} if control else {}
    return {**marked, "linkId": link, **text, "type": "display"}


def _control(code: str) -> Resource:
    coding = {"system": names.CONTROLS, "code": code}
    return {"url": names.CONTROL, "valueCodeableConcept": {"coding": [coding]}}


def _put(asked: Instrument, put: tuple[Item, ...], texts: Texts | None) -> Resource:
    """Return a question: of tick boxes, a group that holds them."""
    group, questions = put[0].group, [_question(asked, item, texts) for item in put]
    if not group:
        return questions[0]
    return {
        "linkId": group,
        **(texts.of("text", lambda w: w.groups[group]) if texts else {}),
        "type": "group",
        "item": questions,
    }


def _question(asked: Instrument, item: Item, texts: Texts | None) -> Resource:
    made: Resource = {
        "linkId": item.id,
        **({"code": [_loinc(item.loinc)]} if item.loinc else {}),
        **(texts.of("text", lambda w: w.items[item.id]) if texts else {}),
        "type": {"choice": "choice", "slider": "integer", "text": "text"}[item.kind],
        **_asked_if(asked, item),
    }
    kept = facts.written("item", item, leave_out=("id", "low", "high", "loinc", "codes"))
    if item.kind == "choice":
        made["extension"] = [_control("radio-button"), kept]
        made["answerOption"] = [
            _option(asked.slug, item, value, _label(texts, item, value, "display"))
            for value in item.codes or range(item.low, item.high + 1)
        ]
    elif item.kind == "slider":
        made["extension"] = [*_line(item), kept]
        made |= _line_ends(item, texts)
    else:
        made["extension"] = [kept]
    return made


def _label(texts: Texts | None, item: Item, value: int, key: str) -> Resource:
    """Return the words of one answer as a field, with their translations."""
    if texts is None:
        return {}
    return texts.of(key, lambda w: w.answers.get(item.scale, {}).get(value, ""))


def _option(slug: str, item: Item, value: int, display: Resource) -> Resource:
    return {
        "extension": [
            {"url": names.ORDINAL, "valueDecimal": value},
            {"url": names.WEIGHT, "valueDecimal": value},
        ],
        "valueCoding": {
            "system": names.answer_system(slug, item.scale),
            "code": str(value),
            **display,
        },
    }


def _line(item: Item) -> Iterator[Resource]:
    steps = {b - a for a, b in zip(item.codes, item.codes[1:], strict=False)} or {1}
    yield {"url": names.LOWEST, "valueInteger": item.low}
    yield {"url": names.HIGHEST, "valueInteger": item.high}
    yield {"url": names.STEP, "valueInteger": min(steps)}
    yield _control("slider")


def _line_ends(item: Item, texts: Texts | None) -> Resource:
    """Return the words at both ends of a line, as the parts a renderer knows."""
    values = sorted(texts.here.answers.get(item.scale, {})) if texts else []
    shown = [
        _shown(f"{item.id}.{value}", _label(texts, item, value, "text"), _place(item, value))
        for value in values
    ]
    return {"item": shown} if shown else {}


def _place(item: Item, value: int) -> str:
    return {item.low: "lower", item.high: "upper"}.get(value, "prompt")


def _asked_if(asked: Instrument, item: Item) -> Resource:
    if item.asked_if is None:
        return {}
    gate = asked.item(item.asked_if)
    system = names.answer_system(asked.slug, gate.scale)
    floor: Resource = {"answerCoding": {"system": system, "code": str(gate.low)}}
    if gate.kind == "slider":
        floor = {"answerInteger": gate.low}
    return {"enableWhen": [{"question": gate.id, "operator": "!=", **floor}]}


def _scores(asked: Instrument) -> Iterator[Resource]:
    for scale in asked.scales:
        code = [_loinc(scale.loinc)] if scale.loinc else []
        kept = [facts.written("scale", scale, leave_out=("loinc",))]
        if code:
            kept.append({"url": names.EXTRACT, "valueBoolean": True})
        reckoned = _reckoned(score_of(asked, scale))
        yield _worked_out(names.SCORE + scale.slug, "decimal", [*reckoned, *kept], code)
        error = error_of(asked, scale)
        if error:
            yield _worked_out(names.ERROR + scale.slug, "decimal", _reckoned(error), [])


def _outcome(asked: Instrument, outcome: Outcome, verdicts: Verdicts) -> Resource:
    gives = {outcome.otherwise, *(value for _, value in outcome.cases)}
    kind = "boolean" if gives <= {True, False} else "string"
    kept = facts.written("outcome", outcome, leave_out=("cases", "otherwise"))
    kept["extension"] += [_case(rule, value) for rule, value in outcome.cases]
    kept["extension"].append({"url": "otherwise", **_given(outcome.otherwise)})
    try:
        reckoned = _reckoned(verdicts.verdict(outcome))
    except NotExpressible:
        reckoned = []
    return _worked_out(names.OUTCOME + outcome.key, kind, [*reckoned, kept], [])


def _case(rule: str, value: str | bool) -> Resource:
    when = {"url": "when", "valueString": rule}
    return {"url": "cases", "extension": [when, {"url": "gives", **_given(value)}]}


def _given(value: str | bool) -> Resource:
    return {"valueBoolean" if isinstance(value, bool) else "valueString": value}


def _reckoned(reckoning: Reckoning) -> list[Resource]:
    whole = expression(names.CALCULATED, reckoning.whole)
    return [*_variables(reckoning.parts), whole]


def _worked_out(
    link: str, kind: str, extensions: list[Resource], code: list[Resource]
) -> Resource:
    hidden = {"url": names.HIDDEN, "valueBoolean": True}
    coded: dict[str, Any] = {"code": code} if code else {}
    text = link.replace(".", " ", 1)
    return {
        "extension": [hidden, *extensions],
        "linkId": link,
        **coded,
        "text": text[:1].upper() + text[1:],
        "type": kind,
        "readOnly": True,
    }
