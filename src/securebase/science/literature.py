"""The papers, books and duties that cards lean on, each said once.

``verified`` is true only for what somebody read at the source named in its text; the
rest is honest memory and is shown as such.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from securebase.content import content_toml
from securebase.science.cards import check_keys
from securebase.science.errors import ContentError
from securebase.science.words import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = "literature.toml"


@cache
def literature() -> Mapping[str, Source]:
    """Return every source by its key.

    Raises
    ------
    ContentError
        If the file is not readable, or a source lacks its text or its mark.
    """
    found = content_toml(FILE)
    sources: dict[str, Source] = {}
    for key, entry in found.items():
        if not isinstance(entry, dict):
            raise ContentError(f"{FILE}: {key} must be a table with text and verified.")
        name = f"{FILE}, {key}"
        check_keys(entry, name=name, required={"text": str, "verified": bool})
        sources[key] = Source(key=key, text=entry["text"], verified=entry["verified"])
    return sources


def sources(keys: Iterable[str], *, name: str) -> tuple[Source, ...]:
    """Return the sources a card names, in its order.

    Parameters
    ----------
    keys : iterable of str
        Keys of ``content/literature.toml``.
    name : str
        The card that names them, for the message.

    Returns
    -------
    tuple of Source
        One for each key.

    Raises
    ------
    ContentError
        If a key is not in the file.
    """
    known, wanted = literature(), tuple(keys)
    missing = [key for key in wanted if key not in known]
    if missing:
        raise ContentError(
            f"{name}: no source called {', '.join(missing)}. Add it to {FILE} with its "
            "text and whether it has been read, or correct the name."
        )
    return tuple(known[key] for key in wanted)
