"""What it says: instruments, strategies, thresholds and codes, as data only."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def content_file(*parts: str) -> Traversable:
    """Return one file or folder of the content, installed or in the tree."""
    return files(__name__).joinpath(*parts)


def content_text(name: str) -> str:
    """Return what stands in one file."""
    return content_file(name).read_text(encoding="utf-8")


def content_toml(name: str) -> dict[str, Any]:
    """Return one TOML file as parsed. What the program ships is TOML: the tests see to it."""
    return tomllib.loads(content_text(name))
