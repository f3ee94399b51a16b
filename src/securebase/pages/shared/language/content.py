"""Texts of the content in the reader's language: exercises, numbers to call, consents.

Content is written once, in English, and knows no language but its own. What a page shows
of it passes here; the catalog holds its sentences beside those of the pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from django.utils.translation import gettext

T = TypeVar("T")


def spoken(thing: T) -> T:
    """Return a text, or a thing made of texts, in the language of the page.

    Texts that the catalog does not know stay as they are: names, numbers, slugs.
    """
    told: Any = thing
    if isinstance(told, str):
        told = gettext(told) if told and not isinstance(told, Enum) else told
    elif isinstance(told, Mapping):
        told = {key: spoken(value) for key, value in told.items()}
    elif isinstance(told, tuple | list):
        told = type(told)(map(spoken, told))
    elif is_dataclass(told) and not isinstance(told, type):
        changed = {one.name: spoken(getattr(told, one.name)) for one in fields(told)}
        told = replace(told, **changed)
    said: T = told
    return said
