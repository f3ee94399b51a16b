"""One word, one meaning.

The glossary says which word is used; the words it replaces do not appear in identifiers.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.plan import ROOT, SOURCE, modules, name, nodes

FORBIDDEN = {
    # not        use
    "client": "patient",
    "therapist_id": "clinician",
    "provider": "clinician",
    "questionnaire": "instrument",
    "survey": "check-in",
    "subscale": "scale",
    "intervention": "strategy",
    "recommendation": "suggestion",
    "alert": "signal",
    "encounter": "session",
    "utils": "the name of what it does",
    "helper": "the name of what it does",
    "manager_util": "the name of what it does",
}
OUTSIDE_WORDS = ("cli", "exchange", "config")
"""Rooms that speak other people's languages."""


def identifiers(path: Path) -> set[str]:
    """Return the names of functions, classes and arguments defined in a file."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def test_identifiers_use_the_words_of_the_glossary() -> None:
    used = [
        f"{name(path)}: {identifier}, say {FORBIDDEN[word.lower()]}"
        for path in modules()
        if path.relative_to(SOURCE).parts[0] not in OUTSIDE_WORDS
        for identifier in sorted(identifiers(path))
        for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", identifier.strip("_"))
        if word.lower() in FORBIDDEN
    ]

    assert used == []


def test_no_room_is_called_utils() -> None:
    names = {p.stem for p in SOURCE.rglob("*")}

    assert names.isdisjoint({"utils", "helpers", "common", "misc", "lib"})


def test_every_word_of_the_glossary_has_one_entry() -> None:
    words = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "GLOSSARY.md").read_text(), re.M)

    assert len(words) > 20
    assert len(words) == len(set(words))
