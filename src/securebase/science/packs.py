"""Packs: wordings that come apart from the program, verbatim, under their own licence.

A pack is a folder with ``pack.toml`` (which instrument, whose words, under which licence),
``LICENCE.txt`` and one wording file for each language, in the library's own form. It lies
in ``content/packs`` or beside the data of a practice, and is off until the practice
switches it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from securebase.content import content_file
from securebase.science.cards import read_toml
from securebase.science.errors import BadInput, ContentError
from securebase.science.library import instruments
from securebase.science.wordings import unfit, wording_of_file
from securebase.science.words import Wording

ABOUT = "pack.toml"
LICENCE = "LICENCE.txt"
SHIPPED = "packs"
"""The folder of the content that holds the packs the program comes with."""
TEXTS = ("title", "instrument", "licence", "credit", "source")
"""What the top of ``pack.toml`` must say, in words."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack as it was read and checked; ``licence_text`` is the whole licence."""

    name: str
    title: str
    instrument: str
    licence: str
    credit: str
    source: str
    licence_text: str
    wordings: Mapping[str, Wording]


@dataclass(frozen=True, slots=True)
class Packs:
    """What lies in a folder of packs: those that can be used, and why the others cannot."""

    usable: tuple[Pack, ...] = ()
    problems: tuple[str, ...] = ()

    def of(self, slug: str) -> list[Pack]:
        """Return the packs of one instrument."""
        return [pack for pack in self.usable if pack.instrument == slug]


def packs_here(home: Path) -> Packs:
    """Read the packs that come with the program, and those a practice has of its own.

    Parameters
    ----------
    home : Path
        The practice's own folder. A pack of its own stands in the place of one that
        comes with the program under the same name.

    Returns
    -------
    Packs
        Those of the program first.

    Examples
    --------
    >>> [pack.licence[:14] for pack in packs_here(Path("none")).of("core-10")]
    ['CC BY-NC-ND 4.']
    """
    shipped, own = read_packs(Path(str(content_file(SHIPPED)))), read_packs(home)
    names = {pack.name for pack in own.usable}
    kept = tuple(pack for pack in shipped.usable if pack.name not in names)
    return Packs(kept + own.usable, shipped.problems + own.problems)


def read_packs(home: Path) -> Packs:
    """Read every pack of a folder; a folder that is not there has none.

    Parameters
    ----------
    home : Path
        The folder that holds one folder for each pack.

    Returns
    -------
    Packs
        In alphabetical order; a pack with a fault is refused whole, with the reason.
    """
    usable, problems = [], []
    folders = sorted(home.iterdir()) if home.is_dir() else []
    for folder in (one for one in folders if one.is_dir()):
        try:
            usable.append(read_pack(folder))
        except (BadInput, ContentError, OSError, UnicodeDecodeError) as fault:
            problems.append(f"{folder.name}: {fault}")
    return Packs(tuple(usable), tuple(problems))


def read_pack(folder: Path) -> Pack:
    """Read and check one pack.

    Parameters
    ----------
    folder : Path
        With ``pack.toml``, ``LICENCE.txt`` and at least one wording.

    Returns
    -------
    Pack
        Every wording fits its definition item for item.

    Raises
    ------
    BadInput, ContentError
        If the pack is not usable: says where and why.
    OSError
        If a file is not there.
    """
    told = read_toml((folder / ABOUT).read_text(encoding="utf-8"), name=ABOUT)
    texts = {key: _text(told, key) for key in TEXTS}
    if texts["instrument"] not in instruments():
        raise BadInput(f"{ABOUT}: no instrument is called {texts['instrument']!r}.")
    licence_text = (folder / LICENCE).read_text(encoding="utf-8").strip()
    if not licence_text:
        raise BadInput(f"{LICENCE} is empty. Put the whole licence there.")
    wordings = dict(_wordings(folder, texts["instrument"]))
    if not wordings:
        raise BadInput("There is no wording file. Add one, such as en.toml.")
    return Pack(name=folder.name, licence_text=licence_text, wordings=wordings, **texts)


def _text(told: Mapping[str, object], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{ABOUT}: {key} is missing. Say it in words.")
    return value.strip()


def _wordings(folder: Path, slug: str) -> list[tuple[str, Wording]]:
    found = []
    for file in sorted(folder.glob("*.toml")):
        if file.name != ABOUT:
            wording = wording_of_file(file.read_bytes(), name=file.name)
            faults = unfit(instruments()[slug], wording)
            if faults:
                raise BadInput(f"{file.name}: {faults[0]}")
            found.append((wording.language, wording))
    return found
