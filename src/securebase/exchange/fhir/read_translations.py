"""The wordings that stand beside a form's own as translations, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebase.exchange.fhir import names
from securebase.exchange.fhir.names import Resource
from securebase.exchange.fhir.read_form import Form, extensions, mark_of, weight_of
from securebase.science.words import Item, Wording

_FIELDS = {names.INSTRUCTION: "instruction", names.CONTENT_NOTE: "content_note"}
_AT_THE_TOP = {"title": "title", "description": "about"}


@dataclass(slots=True)
class _Told:
    """What was found of one language."""

    fields: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[int, str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)


def other_wordings(form: Resource, read: Form, here: Wording) -> dict[str, Wording]:
    """Return the wordings that stand beside the one in the language of the form.

    A language in which not every question and answer is said is a loss, told in ``read``.

    Parameters
    ----------
    form : dict
        The Questionnaire.
    read : Form
        Its items, as read.
    here : Wording
        What the form itself says.
    """
    told: dict[str, _Told] = {}
    for key, name in _AT_THE_TOP.items():
        _field(told, name, translations_of(form, key))
    items = {item.id: item for item in read.items}
    for part in _every(form.get("item")):
        link = str(part.get("linkId"))
        if link in read.ids:
            _question(told, part, items[read.ids[link]])
        elif link in read.groups:
            for language, text in translations_of(part, "text").items():
                told.setdefault(language, _Told()).groups[link] = text
        elif link in _FIELDS:
            _field(told, _FIELDS[link], translations_of(part, "text"))
    whole = {
        language: _wording(language, one, here)
        for language, one in told.items()
        if _is_whole(one, here) and language != here.language
    }
    read.losses += [
        f"translation into {language!r}: not whole, not kept."
        for language in sorted(told.keys() - whole)
    ]
    return whole


def translations_of(part: Resource, key: str) -> dict[str, str]:
    """Return the translations of one field of a form, by language."""
    beside = extensions(part.get(f"_{key}") or {})
    found = {}
    for each in (one for one in beside if one.get("url") == names.TRANSLATION):
        said = {str(one.get("url")): one for one in extensions(each)}
        language = said.get("lang", {}).get("valueCode")
        content = said.get("content", {}).get("valueString")
        if isinstance(language, str) and isinstance(content, str):
            found[language] = content
    return found


def _every(items: Any) -> Iterator[Resource]:
    for item in items if isinstance(items, list) else []:
        yield item
        if item.get("type") == "group":
            yield from _every(item.get("item"))


def _field(told: dict[str, _Told], name: str, texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        told.setdefault(language, _Told()).fields[name] = text


def _question(told: dict[str, _Told], part: Resource, item: Item) -> None:
    for language, text in translations_of(part, "text").items():
        told.setdefault(language, _Told()).items[item.id] = text
    for option in part.get("answerOption") or []:
        coding = option["valueCoding"]
        _label(told, item, weight_of(option, coding), translations_of(coding, "display"))
    if item.kind == "slider":
        for end in part.get("item") or []:
            _label(told, item, mark_of(end, item.low, item.high), translations_of(end, "text"))


def _label(
    told: dict[str, _Told], item: Item, value: int | None, texts: Mapping[str, str]
) -> None:
    for language, text in texts.items():
        if value is not None:
            scales = told.setdefault(language, _Told()).answers
            scales.setdefault(item.scale, {})[value] = text


def _is_whole(one: _Told, here: Wording) -> bool:
    labels = {name: set(values) for name, values in one.answers.items()}
    texts = (set(one.items), set(one.groups))
    return texts == (set(here.items), set(here.groups)) and labels == {
        name: set(values) for name, values in here.answers.items()
    }


def _wording(language: str, one: _Told, here: Wording) -> Wording:
    said = {name: one.fields.get(name, "") for name in ("instruction", "about", "content_note")}
    return Wording(
        language=language,
        title=one.fields.get("title", here.title),
        items={item: one.items[item] for item in here.items},
        answers=one.answers,
        groups=one.groups,
        **said,
    )
