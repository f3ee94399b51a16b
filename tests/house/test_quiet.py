"""Nothing personal leaves by the back door.

No print, no log line, no page title and no address may carry what somebody wrote.
"""

from __future__ import annotations

import ast
import re

from tests.house.plan import ROOT, SOURCE, modules, name, nodes

TEMPLATES = {
    name(path): path.read_text() for path in sorted((SOURCE / "pages").rglob("*.html"))
}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\sstyle=|\son[a-z]+=\"|hx-on|javascript:"
)
OUTSIDE = re.compile(r"(?:src|href|action)=\"(?:https?:)?//")
TITLE = re.compile(r"{% block title %}(.*?){% endblock", re.S)


def test_only_the_command_line_prints() -> None:
    prints = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if path.relative_to(SOURCE).parts[0] != "cli"
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "pprint"}
    ]

    assert prints == []


def test_no_template_holds_inline_script_style_or_a_foreign_address() -> None:
    found = {
        file: INLINE.findall(text) + OUTSIDE.findall(text) for file, text in TEMPLATES.items()
    }

    assert {file: there for file, there in found.items() if there} == {}


def test_no_page_title_names_a_person() -> None:
    personal = [
        f"{file}: {title}"
        for file, text in TEMPLATES.items()
        for title in TITLE.findall(text)
        if re.search(r"(?<!practice_)name|patient", title.lower())
    ]

    assert personal == []


DRAWN_HERE = ("charts", "public_pages.py")
"""Drawings made by the program itself: the charts and the QR code of the second factor."""


def test_nothing_trusts_a_string_as_safe_but_drawings() -> None:
    trusting = {
        name(path)
        for path in modules()
        if re.search(r"mark_safe|SafeString\(", path.read_text())
        and not set(DRAWN_HERE) & set(path.parts)
    }
    templates = {file for file, text in TEMPLATES.items() if "|safe" in text}

    assert trusting | templates == set()


def test_locks_and_settings_name_no_registry_and_no_machine() -> None:
    files = [*ROOT.glob("requirements/*.*"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    found = [name(p) for p in files if re.search(r"https?://|/home/|file:", p.read_text())]

    assert [p for p in found if p != "Makefile"] == []
