"""The instrument library: reads content into words, and refuses what contradicts itself.

One folder of ``securebase.content.instruments`` is one instrument: ``instrument.toml``
(what is asked and how it is scored), a wording file for each language we may show,
``examples.csv`` (worked cases) and ``SOURCE.md``.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from securebase.content import content_file
from securebase.science import definition
from securebase.science.cards import read_toml
from securebase.science.checks import complaints, wording_complaints
from securebase.science.errors import ContentError, UnknownName
from securebase.science.words import Instrument, Shelf, Wording

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

DEFINITION = "instrument.toml"

_homes: list[Path] = []
"""Where instruments lie that are not part of the program; see ``read_also``."""

_added: dict[str, Instrument] = {}
"""Instruments that a practice holds itself and are in no folder; see ``add``."""

NOT_SHIPPED = "instruments-not-shipped.toml"


def instrument(slug: str) -> Instrument:
    """Return one instrument of the library.

    Parameters
    ----------
    slug : str
        Its common name in lower case with hyphens, for instance ``phq-9``.

    Returns
    -------
    Instrument
        Items, scales, outcomes, bands, change rules, licence, sources and wording.

    Raises
    ------
    UnknownName
        If no instrument goes by that name; the message offers the nearest.
    ContentError
        If a definition in the library is not usable.

    Examples
    --------
    >>> instrument("gad-7").scale("total").high
    21.0
    """
    library = instruments()
    if slug not in library:
        near = difflib.get_close_matches(slug.lower(), library, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UnknownName(
            f"No instrument is called {slug!r}.{hint} The library has {', '.join(library)}."
        )
    return library[slug]


def may_be_shown(asked: Instrument) -> bool:
    """Whether the library's own wording of an instrument may be shown to anybody.

    Only what its owner lets everybody show, and our own; a pack is off until a practice
    switches it on, and then its words are attached to that practice.
    """
    return bool(asked.wordings) and asked.licence.shelf in (Shelf.SHIP, Shelf.OWN)


def instruments() -> Mapping[str, Instrument]:
    """Return every instrument of the library by slug, in alphabetical order.

    Banks that a practice has loaded come after those of the library.

    Raises
    ------
    ContentError
        If a definition in the library is not usable.

    Examples
    --------
    >>> "pcl-5" in instruments()
    True
    """
    found = _shipped()
    for home in _homes:
        if home.is_dir():
            found = _with_own(home, home.stat().st_mtime_ns)
    return {**found, **_added} if _added else found


def add(one: Instrument) -> None:
    """Add an instrument that a practice holds itself.

    Raises
    ------
    ContentError
        If the library has one of that name.
    """
    if one.slug in _shipped():
        raise ContentError(f"The library has an instrument {one.slug!r}. Rename the file.")
    _added[one.slug] = one


def remove(slug: str) -> None:
    """Take away an instrument that was added; one that is not there stays away."""
    _added.pop(slug, None)


def not_shipped() -> Mapping[str, str]:
    """Return the instruments people may ask for and will not find, with the reason.

    Examples
    --------
    >>> "PSQ" in not_shipped()
    True
    """
    raw = content_file(NOT_SHIPPED).read_bytes()
    entries = read_toml(_text(raw, NOT_SHIPPED), name=NOT_SHIPPED)["instruments"]
    return {entry["name"]: entry["why"] for entry in entries}


def read_also(home: Path | None) -> None:
    """Let the library hold what a practice brought in, beside what it is shipped with.

    Parameters
    ----------
    home : Path or None
        A folder with one folder for each instrument; it need not be there yet. What is
        put there later is found without a new start. None: only what is shipped.
    """
    _homes[:] = [] if home is None else [home]


def folder_of(slug: str) -> Traversable:
    """Return the folder of one instrument, with its examples and its SOURCE.md."""
    own = [home / slug for home in _homes if (home / slug / DEFINITION).is_file()]
    return own[0] if own else content_file("instruments", slug)


def is_shipped(slug: str) -> bool:
    """Say whether an instrument is part of the program, not brought in by a practice."""
    return slug in _shipped()


def read_instrument(folder: Traversable) -> Instrument:
    """Read and check one folder.

    Parameters
    ----------
    folder : Traversable
        A folder named by the slug of its instrument.

    Returns
    -------
    Instrument
        With every wording found in the folder.

    Raises
    ------
    ContentError
        If the definition or a wording is not usable; the message says where and why.
    """
    path = f"{folder.name}/{DEFINITION}"
    raw = folder.joinpath(DEFINITION).read_bytes()
    table = read_toml(_text(raw, path), name=path)
    made = definition.build(table, where=path, digest=hashlib.sha256(raw).hexdigest())
    if made.slug != folder.name:
        raise ContentError(
            f"{path}: slug is {made.slug!r} but the folder is {folder.name!r}; "
            "name both the same."
        )
    _refuse(path, complaints(made))
    return replace(made, wordings=dict(_wordings(folder, made)))


@cache
def _shipped() -> Mapping[str, Instrument]:
    folders = sorted(_folders(content_file("instruments")), key=lambda f: f.name)
    return {folder.name: read_instrument(folder) for folder in folders}


@lru_cache(maxsize=2)
def _with_own(home: Path, _changed_at: int) -> Mapping[str, Instrument]:
    """Return shipped and own together; read again whenever a folder came or went."""
    own = {f.name: read_instrument(f) for f in _folders(home) if not f.name.startswith(".")}
    for slug in own.keys() & _shipped().keys():
        raise ContentError(
            f"{home / slug}: the library has an instrument of that name. Rename the folder "
            "and its slug."
        )
    return dict(sorted({**_shipped(), **own}.items()))


def _folders(home: Traversable) -> Iterator[Traversable]:
    return (f for f in home.iterdir() if f.is_dir() and f.joinpath(DEFINITION).is_file())


def _wordings(folder: Traversable, made: Instrument) -> Iterator[tuple[str, Wording]]:
    files = [f for f in folder.iterdir() if f.name.endswith(".toml") and f.name != DEFINITION]
    for file in sorted(files, key=lambda f: f.name):
        path = f"{folder.name}/{file.name}"
        table = read_toml(_text(file.read_bytes(), path), name=path)
        wording = definition.build_wording(table, where=path)
        if file.name != f"{wording.language}.toml":
            raise ContentError(
                f"{path}: language is {wording.language!r}; name the file "
                f"{wording.language}.toml or correct it."
            )
        _refuse(path, wording_complaints(made, wording))
        yield wording.language, wording


def _text(raw: bytes, path: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise ContentError(
            f"{path}: not UTF-8 at byte {fault.start}. Save it as UTF-8."
        ) from None


def _refuse(path: str, found: Iterable[str]) -> None:
    """Raise the first complaint, if there is any, with the path it is about."""
    for complaint in found:
        raise ContentError(f"{path}: {complaint}")
