"""The forms of a page, filled in with the first thing that each field would take."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

WORDS = "It was a long week."
BY_TYPE = {
    "date": "2026-12-19",
    "time": "09:00",
    "datetime-local": "2026-12-19T10:00",
    "email": "kim@example.org",
    "number": "2",
    "range": "2",
    "file": "",
    "hidden": "",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page, and one way to send it."""

    page: str
    action: str
    fields: dict[str, list[str]]

    @property
    def name(self) -> str:
        """Where it goes, and with which button."""
        return f"{self.action} ({', '.join(sorted(self.fields))})"


class Forms(HTMLParser):
    """The forms of a page with what each field would take."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._page, self._within = page, ""
        self._action: str | None = None
        self._fields: dict[str, list[str]] = {}
        self._buttons: list[tuple[str, str]] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one element for what it would send."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._action = given.get("action") or self._page
            self._fields, self._buttons = {}, []
        elif self._action is not None:
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            self._fields.setdefault(self._select, [given["value"]])
        elif tag == "textarea" and name:
            self._fields.setdefault(name, [WORDS])
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            value = given.get("value") or BY_TYPE.get(kind, WORDS)
            if kind != "radio" or value:
                self._fields.setdefault(name, [value])

    def handle_endtag(self, tag: str) -> None:
        """End a form: each of its buttons is a way to send it."""
        if tag == "select":
            self._select = ""
        if tag == "form" and self._action is not None:
            for name, value in self._buttons or [("", "")]:
                fields = self._fields | ({name: [value]} if name else {})
                self.found.append(Form(self._page, self._action, fields))
            self._action = None
