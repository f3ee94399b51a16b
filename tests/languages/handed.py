"""Words that a view hands to a form or a message: shown where they are laid out.

The shared templates of fields, messages and links say them in the reader's language, so
whoever writes a form writes English there too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

NAMED = frozenset({"label", "help_text", "lead", "text"})
"""Arguments by name that are words."""
CALLS = {
    "Link": 0,
    "success": 1,
    "info": 1,
    "warning": 1,
    "ValidationError": 0,
    "add_error": 1,
    "_day": 0,
    "_words": 0,
}
"""Calls with words among their arguments, and which one."""
TABLES = frozenset({"error_messages", "CHANGES", "SAID", "KEPT"})
"""Tables whose values are words."""


def handed_over(source: str) -> Iterator[str]:
    """Yield the texts a module hands to forms, messages and links."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in TABLES:
                yield from _texts(node.value)
            elif node.targets[0].id.isupper():
                yield from _text(node.value)


def _of_call(node: ast.Call) -> Iterator[str]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    place = CALLS.get(name)
    if place is not None and len(node.args) > place:
        yield from _text(node.args[place])
    for one in node.keywords:
        if one.arg == "choices" and isinstance(one.value, ast.List):
            for choice in one.value.elts:
                yield from _text(getattr(choice, "elts", [choice])[-1])
        elif one.arg in NAMED:
            yield from _text(one.value)
        elif one.arg in TABLES:
            yield from _texts(one.value)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the values of a table that are words, or begin with them."""
    for value in getattr(node, "values", ()):
        first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
        yield from _text(first)


def _text(node: ast.expr) -> Iterator[str]:
    """Yield a text that begins like a sentence and is not the name of anything."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return
    told = node.value
    if told[:1].isupper() and (" " in told or told.isalpha()):
        yield told
