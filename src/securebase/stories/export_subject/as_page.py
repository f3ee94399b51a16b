"""The copy as one page: no script, nothing loaded, every word escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from securebase.stories.export_subject.gather import LEFT_OUT, Copy, Part

# The page is opened from a disk, where no header says what it may load; so it says it
# itself. Its only style is the one written here.
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Your record</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 46rem }
body { margin: 2rem auto; padding: 0 1rem }
dl { border-top: 1px solid; padding-top: .5rem }
dt { font-weight: 600 }
dd { margin: 0 0 .4rem; overflow-wrap: anywhere; white-space: pre-wrap }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0 }
</style>
</head>
"""
EMPTY: tuple[object, ...] = (None, "", [], {})


def page_of(copy: Copy) -> str:
    """Return the copy for a person to read."""
    body = format_html(
        "<body><main><h1>Your record</h1>\n"
        "<p>Made on {} UTC. It holds what you may read here.</p>\n"
        "{}\n{}\n{}\n{}</main></body></html>\n",
        f"{copy.made_at:%d %B %Y, %H:%M}",
        _left_out(),
        _joined(_part(part) for part in copy.parts),
        _seen(copy.seen),
        _end(copy.head),
    )
    return _HEAD + body


def _left_out() -> SafeString:
    lines = format_html_join("\n", "<li>{}</li>", ((line,) for line in LEFT_OUT))
    return format_html("<h2>What is not in it</h2>\n<ul>\n{}\n</ul>", lines)


def _part(part: Part) -> SafeString:
    return format_html(
        "<section><h2>{}</h2>\n{}\n</section>\n",
        part.says,
        _joined(_row(row) for row in part.rows),
    )


def _row(row: Mapping[str, Any]) -> SafeString:
    filled = ((_name(name), _said(value)) for name, value in row.items() if value not in EMPTY)
    lines = format_html_join("\n", "<dt>{}</dt><dd>{}</dd>", filled)
    return format_html("<dl>\n{}\n</dl>\n", lines)


def _seen(seen: Iterable[Mapping[str, str]]) -> SafeString:
    rows = format_html_join(
        "\n",
        "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
        ((one["at"][:16].replace("T", " "), one["who"], _done(one)) for one in seen),
    )
    return format_html(
        "<section><h2>Who has seen it</h2>\n<table><thead><tr><th>When (UTC)</th><th>Who</th>"
        "<th>What</th></tr></thead>\n<tbody>\n{}\n</tbody></table></section>",
        rows,
    )


def _done(one: Mapping[str, str]) -> str:
    return one["did"] if one["outcome"] == "done" else f"was not let in: {one['did']}"


def _end(head: str) -> SafeString:
    return format_html(
        "<section><h2>A mark of that list</h2><p>Keep this line. If the list were changed "
        "later, this would no longer fit.</p><p><code>{}</code></p></section>",
        head,
    )


def _name(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _said(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
