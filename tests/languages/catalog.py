"""The catalog of texts: gathered from pages, rooms and content, and compiled.

Pages are read as the program reads them, already marked; in the rooms, what is handed to
``gettext``; in the content, what patients read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from securebase.pages.shared.language.loader import speaks
from securebase.pages.shared.language.marking import marked
from tests.languages.content import content_texts
from tests.languages.handed import handed_over

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "securebase"
LOCALE = SOURCE / "locale"
OWED = Path(__file__).with_name("owed.json")
"""Texts that wait for their translation, by language."""
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_": None,
}
HEAD = """German texts of Securebase, in the words of the patient's pages.
A native speaker who knows the work should read them before they are relied on."""

Told = str | tuple[str, ...]


def spoken_templates() -> Iterator[tuple[str, Path]]:
    """Yield the name and the file of every template that speaks."""
    for path in sorted(SOURCE.glob("pages/*/templates/**/*.html")):
        name = str(path.relative_to(SOURCE)).partition("templates/")[2]
        if speaks(name):
            yield name, path


def texts() -> dict[Told, str]:
    """Return every text that can be translated, with where it is said first."""
    found: dict[Told, str] = {}
    for told, place in chain(of_pages(), _of_rooms(), _of_views(), content_texts()):
        found.setdefault(told, place)
    return found


def of_pages() -> Iterator[tuple[Told, str]]:
    """Yield each text of the templates, and the template that says it."""
    for name, path in spoken_templates():
        source = templatize(marked(path.read_text("utf-8")), origin=name)
        lines = (line.lstrip() for line in source.splitlines())
        yield from ((told, name) for told in _called("\n".join(lines)))


def _of_rooms() -> Iterator[tuple[Told, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "gettext" in (source := path.read_text("utf-8")):
            place = str(path.relative_to(SOURCE))
            yield from ((told, place) for told in _called(source))


def _of_views() -> Iterator[tuple[Told, str]]:
    for folder in ("patient", "public"):
        for path in sorted((SOURCE / "pages" / folder).glob("*.py")):
            place = str(path.relative_to(SOURCE))
            yield from ((told, place) for told in handed_over(path.read_text("utf-8")))


def catalog_of(language: str) -> Catalog:
    """Return the catalog of a language as it is kept."""
    path = po_file(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """Return the catalog with the texts of today; translations that fit are kept."""
    before = catalog_of(language) if po_file(language).exists() else Catalog()
    catalog = Catalog(
        locale=language, header_comment=f"# {HEAD}".replace("\n", "\n# "), charset="utf-8"
    )
    for told, place in texts().items():
        known: Message | None = before.get(told[0] if isinstance(told, tuple) else told)
        catalog.add(told, known.string if known else None, auto_comments=(place,))
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts of a catalog that have no translation yet."""
    return sorted(
        _one(message.id) for message in catalog if message.id and not all([*_strings(message)])
    )


def owed(language: str) -> list[str]:
    """Return the texts that are known to wait for their translation."""
    waiting: list[str] = json.loads(OWED.read_text("utf-8")).get(language, [])
    return waiting


def as_po(catalog: Catalog) -> bytes:
    """Return a catalog as people read it."""
    file = BytesIO()
    write_po(file, catalog, width=98, omit_header=False, sort_output=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if "-Date:" not in line).encode()


def as_mo(catalog: Catalog) -> bytes:
    """Return a catalog as the program reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def po_file(language: str) -> Path:
    """Return where the catalog is kept for people."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo_file(language: str) -> Path:
    """Return where the catalog is kept for the program."""
    return po_file(language).with_suffix(".mo")


def _called(source: str) -> Iterator[Told]:
    """Yield what a source hands to ``gettext``."""
    found = extract("python", BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"})
    for _, told, *_rest in found:
        yield told if isinstance(told, str) else tuple(told)


def _one(told: Told | list[str]) -> str:
    return told if isinstance(told, str) else told[0]


def _strings(message: Message) -> tuple[str, ...]:
    told = message.string
    return (told,) if isinstance(told, str) else tuple(told or ("",))
