"""Markers of a strain: how it showed, in words a clinician can choose from.

Read from ``content/strains.toml``. They are for the clinician's own log and are never
worked out from what somebody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from securebase.content import content_toml
from securebase.science.cards import check_keys
from securebase.science.errors import ContentError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "strains.toml"
KINDS = ("withdrawal", "confrontation")


@dataclass(frozen=True, slots=True)
class Marker:
    """One way in which a strain shows, and the family it belongs to."""

    key: str
    kind: str
    """``withdrawal``, moving away, or ``confrontation``, moving against."""
    words: str


@cache
def strain_markers() -> Mapping[str, Marker]:
    """Return every marker by its key, in the order of the file.

    Raises
    ------
    ContentError
        If a marker lacks its words, belongs to no family, or is there twice.
    """
    found = content_toml(FILE)
    markers: dict[str, Marker] = {}
    for entry in found["marker"]:
        name = f"{FILE}, marker {entry.get('key', 'without a key')}"
        check_keys(entry, name=name, required={"key": str, "kind": str, "words": str})
        if entry["kind"] not in KINDS or entry["key"] in markers:
            raise ContentError(
                f"{name}: of kind {entry['kind']!r}. Give each marker once, and one of the "
                f"kinds {', '.join(KINDS)}."
            )
        markers[entry["key"]] = Marker(entry["key"], entry["kind"], entry["words"])
    return markers


def marker(key: str) -> Marker:
    """Return the marker with this key.

    Raises
    ------
    UnknownName
        If there is none; the message names those there are.
    """
    found = strain_markers().get(key)
    if found is None:
        raise UnknownName(
            f"No marker of a strain is called {key!r}; choose one of "
            f"{', '.join(strain_markers())}."
        )
    return found
