"""Which language a letter is written in: that of whoever gets it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

ENGLISH = "en-gb"


def language_code(told: str) -> str:
    """Return our code of a language a record names; English if we do not speak it."""
    try:
        return translation.get_supported_language_variant(told)
    except LookupError:
        return ENGLISH


def spoken_here() -> dict[str, str]:
    """Return the languages a record may name, each with its own name for itself."""
    return {code.partition("-")[0]: name for code, name in settings.LANGUAGES}


def speaking(told: str) -> AbstractContextManager[None]:
    """Speak the language a record names, for as long as the block lasts."""
    return translation.override(language_code(told))
