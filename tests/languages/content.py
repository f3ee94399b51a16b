"""What patients read of the content: its texts, in the order of their files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from securebase.clinic.consent.words import ABOUT, offered
from securebase.content import content_text
from securebase.people.audit.verbs import WORDS
from securebase.science.crisis import Way, contacts_in, countries_known, crisis_page
from securebase.science.exercises import NEEDS, exercises
from securebase.science.feelings import vocabulary
from securebase.science.helpfulness import SENTENCES, TIMES
from securebase.science.library import instruments
from securebase.science.progress import progress_words
from securebase.science.prompts import prompts
from securebase.science.safety_plan import plan_form

NOT_TEXT = frozenset(
    {"slug", "needs", "evidence", "sources", "instead", "version", "code", "phone", "url"}
)
"""Fields of content that hold names and numbers."""


A_NAME = re.compile(r"[a-z_-]+")
"""A word of ours, such as the name of a sound; no text."""


def content_texts() -> Iterator[tuple[str, str]]:
    """Yield each text of the content that patients read, and where it stands."""
    for text in TIMES.values():
        yield text, "science/helpfulness.py"
    for place, thing in _shown():
        for text in _texts_of(thing):
            if not A_NAME.fullmatch(text) and any(map(str.isalpha, text)):
                yield text, place


def _shown() -> Iterator[tuple[str, Any]]:
    yield "content/exercises", tuple(NEEDS.values())
    for one in exercises():
        yield f"content/exercises/{one.slug}.md", one
    page = crisis_page()
    yield "content/crisis.toml", (page.check_notice, page.foot)
    for country in sorted(countries_known()):
        for contact in contacts_in(country):
            yield "content/crisis.toml", contact.note
            if contact.way == Way.EMERGENCY:
                yield "content/crisis.toml", contact.name
    yield "content/prompts.toml", tuple(prompts().values())
    plan = plan_form()
    yield "content/safety_plan.toml", (plan.about, plan.parts)
    known = vocabulary()
    names = tuple(word.name for word in known.words.values())
    yield "content/feelings.toml", (names, known.needs, known.places)
    course = progress_words()
    said = (course.measures, course.since_start, course.expected)
    yield "content/progress.toml", said
    yield "science/helpfulness.py", tuple(SENTENCES.values())
    told = offered()
    support = (told.support.kinds, told.support.purpose)
    parts = (ABOUT, told.kinds, told.purposes, told.professions, *support)
    yield "content/consent.toml", (*parts, *(text.sentences for text in told.texts))
    names = tomllib.loads(content_text("countries.toml"))["countries"]
    yield "content/countries.toml", tuple(names[code] for code in sorted(countries_known()))
    words = (words for one in instruments().values() for words in one.wordings.values())
    yield "content/instruments", tuple(one.content_note for one in words if one.content_note)
    yield "people/audit/verbs.py", tuple(WORDS.values())


def _texts_of(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
        return
    for part in _parts_of(thing):
        yield from _texts_of(part)


def _parts_of(thing: Any) -> Iterator[Any]:
    if isinstance(thing, Mapping):
        yield from thing.values()
    elif isinstance(thing, tuple | list):
        yield from thing
    elif is_dataclass(thing):
        told = (one.name for one in fields(thing) if one.name not in NOT_TEXT)
        yield from (getattr(thing, name) for name in told)
