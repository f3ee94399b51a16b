"""Keeping what was brought in: one folder, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from securebase.exchange.files.brought import Brought, refuse_unsound
from securebase.exchange.files.native import written_definition, written_wording
from securebase.science.errors import BadInput, ContentError
from securebase.science.library import DEFINITION, is_shipped, read_instrument
from securebase.science.words import Instrument

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def refuse_taken(made: Instrument, home: Path) -> None:
    """Refuse a name the library has already, and a definition that is not sound.

    Raises
    ------
    BadInput
        Before anything is written.
    """
    refuse_unsound(made)
    for language in made.wordings:
        if not LANGUAGE.fullmatch(language):
            raise BadInput(f"language: {language!r} is no code such as en or pt-BR.")
    if is_shipped(made.slug) or (home / made.slug).exists():
        raise BadInput(
            f"slug: the library has {made.slug!r} already, and scores kept under it stay "
            "what they are. Bring it under another name with --slug."
        )


def keep(brought: Brought, home: Path, *, on: date) -> Path:
    """Write one instrument into the practice's own library.

    Parameters
    ----------
    brought : Brought
        As previewed.
    home : Path
        The folder of the practice's own instruments; made if it is not there.
    on : date
        The day it is brought in.

    Returns
    -------
    Path
        Its new folder, which the library reads from now on.

    Raises
    ------
    BadInput
        If it is taken or unsound; nothing is written then.
    """
    made = brought.instrument
    refuse_taken(made, home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=home))
    try:
        folder = aside / made.slug
        folder.mkdir()
        _write(folder / DEFINITION, written_definition(made))
        for language, wording in made.wordings.items():
            _write(folder / f"{language}.toml", written_wording(wording))
        _write(folder / "SOURCE.md", _source(brought, on))
        _refuse_other(folder, made)
        folder.rename(home / made.slug)
    finally:
        shutil.rmtree(aside)
    return home / made.slug


def _refuse_other(folder: Path, made: Instrument) -> None:
    """Refuse to keep what the library would read as something else."""
    try:
        again = read_instrument(folder)
    except ContentError as fault:
        raise BadInput(f"definition: {fault}") from None
    if replace(again, digest=made.digest) != made:
        raise BadInput("definition: it cannot be written down as it was read.")


def _write(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _source(brought: Brought, on: date) -> str:
    made = brought.instrument
    losses = "\n".join(f"- {_line(loss)}" for loss in brought.losses) or "Nothing."
    return (
        f"# {_line(made.name)}: where it comes from\n\n"
        f"Brought in on {on.isoformat()} from {brought.form}.\n\n"
        f"## Licence\n{_line(brought.says) or 'The file states none.'}\n"
        f"{_line(made.licence.evidence)}\n\n"
        f"## What the file held and this does not\n{losses}\n"
    )


def _line(text: str) -> str:
    return " ".join(text.split())
