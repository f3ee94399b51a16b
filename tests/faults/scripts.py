"""Words that would be a program if any page took them for anything but words."""

from __future__ import annotations

from html.parser import HTMLParser

SCRIPTS = (
    "<script>window.__pwn=1</script>",
    '"><script>window.__pwn=2</script>',
    "'><img src=x onerror=window.__pwn=3>",
    "<svg onload=window.__pwn=4>",
    "<svg><animate onbegin=window.__pwn=5 attributeName=x dur=1s>",
    "<body onload=window.__pwn=6>",
    '<iframe srcdoc="<script>parent.__pwn=7</script>"></iframe>',
    '<a href="javascript:window.__pwn=8">click</a>',
    "</textarea><script>window.__pwn=9</script>",
    "</title></style><script>window.__pwn=10</script>",
    "one line\n--><script>window.__pwn=11</script>",
    "{{ request.user.password }}{% debug %} ${__pwn} #{__pwn}",
    "<details open ontoggle=window.__pwn=13>",
    "<input autofocus onfocus=window.__pwn=14>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img onerror=__pwn=15>'>",
    '<div hx-get="/keep/?pwn" hx-trigger="load" hx-on:load="window.__pwn=16">',
    "&lt;script&gt;window.__pwn=17&lt;/script&gt;",
    "\uff1cscript\uff1ewindow.__pwn=18\uff1c/script\uff1e\u202e",
    "<style>@import '//pwn.example';</style><link rel=stylesheet href=//pwn.example>",
    "<meta http-equiv=refresh content=0;url=//pwn.example><base href=//pwn.example>",
)
"""Each is short enough for a name, and each says ``pwn`` where it would run."""

NEVER = frozenset(
    (
        "applet",
        "base",
        "embed",
        "frame",
        "iframe",
        "math",
        "mglyph",
        "object",
        "style",
        "animate",
    )
)
NEVER_SAID = frozenset(("style", "srcdoc", "formaction", "http-equiv"))
WORDS = frozenset(("value", "title", "aria-label", "alt", "placeholder", "content"))
"""Attributes that hold words: what is said in them is shown or read out, never run."""
SAFE_STARTS = ("/", "#", "?", "https://", "tel:", "sms:", "mailto:")
ADDRESSES = frozenset(("href", "src", "action", "xlink:href", "data", "poster", "hx-get"))


class Page(HTMLParser):
    """What a browser makes of a page: its words, and whatever in it might run."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.links: set[str] = set()
        self._words: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    @property
    def words(self) -> str:
        """All words of the page, with single spaces between them."""
        return one_line("".join(self._words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element and what is said on it."""
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        if tag in NEVER or (
            tag == "script" and not given.get("src", "").startswith("/static/")
        ):
            self.faults.append(f"<{tag}>")
        if tag == "a":
            self.links.add(given.get("href", ""))
        self.faults += [
            f"<{tag} {name}={value}>" for name, value in given.items() if _may_run(name, value)
        ]
        self._words.append(" " if tag == "br" else "")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Take words for words; nothing may be written inside a script."""
        if self._inside == "script" and data.strip():
            self.faults.append(f"script: {data}")
        self._words.append(data)


def one_line(words: str) -> str:
    """Return words with one space wherever there is any white space."""
    return " ".join(words.split())


def _may_run(name: str, value: str) -> bool:
    if name.startswith(("on", "hx-on")) or name in NEVER_SAID:
        return True
    if name in ADDRESSES and value and not value.startswith(SAFE_STARTS):
        return True
    return "pwn" in name or ("pwn" in value and name not in WORDS)
