"""Soft prompts: how somebody may begin to say a need, a fear, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from securebase.content import content_toml
from securebase.science.cards import check_keys, check_words

FILE = "prompts.toml"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One way in: what it is called, what it is for, and beginnings of sentences."""

    slug: str
    name: str
    invites: str
    beginnings: tuple[str, ...]


@cache
def prompts() -> Mapping[str, Prompt]:
    """Return the ways in by their slug, in the order of the page.

    Returns
    -------
    mapping of str to Prompt
        Never empty.

    Raises
    ------
    ContentError
        If the file is not of its form.

    Examples
    --------
    >>> list(prompts())
    ['need', 'fear', 'other']
    """
    found = content_toml(FILE)
    return {slug: _prompt(slug, entry) for slug, entry in found["prompts"].items()}


def _prompt(slug: str, entry: Mapping[str, Any]) -> Prompt:
    name = f"{FILE}, {slug}"
    check_keys(entry, name=name, required={"name": str, "invites": str, "beginnings": list})
    return Prompt(
        slug=slug,
        name=entry["name"],
        invites=entry["invites"],
        beginnings=check_words(entry["beginnings"], what=f"{name}: beginnings"),
    )
