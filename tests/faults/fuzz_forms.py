"""The doors that bring instruments and responses in, for the attack with broken files.

Beside the marks and cells that ``fuzz_corpus`` breaks, JSON is broken here part by part: a
part goes missing, comes twice, or becomes something it must not be.
"""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from securebase.clinic.notes.shapes import read_shapes
from securebase.exchange.fhir.questionnaire import questionnaire
from securebase.exchange.fhir.read_response import read_response
from securebase.exchange.fhir.response import questionnaire_response
from securebase.exchange.files.bounded import read_json, text_of
from securebase.exchange.files.brought import licensed
from securebase.exchange.files.keep import keep
from securebase.exchange.opened import opened
from securebase.science.errors import ScienceError
from securebase.science.library import instrument
from securebase.science.wordings import wording_of_file
from tests.exchange.answered import responses
from tests.exchange.foreign_files import OSD, REDCAP, fhir_form

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**14, "", "x", "\u202e", "../up", [], {}, [[]], [None], {"a": 1},
    ["x"] * 50, {"url": "https://x", "extension": [{"url": "of"}]},
)  # fmt: skip
BROKEN = 120
"""So many files with one broken part are made of each good one, for bytes to be broken in."""

Take = Callable[[bytes], bool]


def doors(folder: Path) -> Iterator[tuple[str, tuple[bytes, ...], Take]]:
    """Yield each door: its name, files to begin from, and how one is handed in."""
    ours = [
        questionnaire(replace(instrument(slug), slug=f"{slug}-x"))
        for slug in ("gad-7", "phq-9")
    ]
    answered = [
        questionnaire_response(instrument("itq"), answers, at=datetime(2026, 1, 1, tzinfo=UTC))
        for answers in responses(instrument("itq"), count=3, seed=1)
    ]
    yield "FHIR form", seeds(*ours, fhir_form()), _form(folder, "form.json")
    yield "OSD", seeds(OSD), _form(folder, "form.osd")
    yield "data dictionary", (REDCAP.encode(),), _form(folder, "form.csv")
    yield "FHIR response", seeds(*answered), _response
    yield "native form", _files("instrument.toml"), _form(folder, "instrument.toml")
    yield "wording", _files("en.toml"), _wording
    shapes = resources.files("securebase.content").joinpath("note-shapes.toml")
    yield "note shapes", (shapes.read_bytes(),), _shapes


def _files(name: str) -> tuple[bytes, ...]:
    """Return such files of shipped instruments, under names that are not taken."""
    home = resources.files("securebase.content").joinpath("instruments")
    return tuple(
        home.joinpath(slug, name).read_bytes().replace(b'"%s"' % slug.encode(), b'"own-form"')
        for slug in ("phq-9", "gad-7")
    )


def seeds(*good: Any) -> tuple[bytes, ...]:
    """Return good files, and such as have one part broken."""
    chance = random.Random(5)  # noqa: S311
    files = [one for each in good for one in (each, *_broken(each, chance))]
    return tuple(json.dumps(one, indent=0).encode() for one in files)


def _broken(good: Any, chance: random.Random) -> Iterator[Any]:
    for _ in range(BROKEN):
        file = copy.deepcopy(good)
        part, key = chance.choice(list(_places(file)))
        how = chance.randrange(3)
        if how == 0:
            del part[key]
        elif how == 1 and isinstance(part, list):
            part.append(copy.deepcopy(part[key]))
        else:
            part[key] = chance.choice(ODD)
        yield file


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(part) if isinstance(part, dict) else range(len(part))
    for key in keys:
        yield part, key
        if isinstance(part[key], dict | list):
            yield from _places(part[key])


def _form(folder: Path, name: str) -> Take:
    given, home = folder / name, folder / "own"

    def take(raw: bytes) -> bool:
        given.write_bytes(raw)
        day = date(2026, 11, 23)
        try:
            brought = opened(given)
            note = licensed(brought.instrument, "a test", on=day)
            keep(type(brought)(note, brought.losses, brought.form, brought.says), home, on=day)
        except ScienceError as refused:
            if home.exists() and list(home.iterdir()):
                raise AssertionError(
                    f"something was kept of a refused file: {refused}"
                ) from None
            return False
        shutil.rmtree(home)
        return True

    return take


def _response(raw: bytes) -> bool:
    try:
        read_response(read_json(text_of(raw, name="response"), name="response"))
    except ScienceError:
        return False
    return True


def _wording(raw: bytes) -> bool:
    try:
        wording_of_file(raw, name="wording.toml")
    except ScienceError:
        return False
    return True


def _shapes(raw: bytes) -> bool:
    try:
        read_shapes(raw.decode("utf-8", "replace"))
    except ValidationError:
        return False
    return True
