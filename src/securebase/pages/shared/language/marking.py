"""Plain English in a template becomes text that can be translated.

Whoever writes a page writes the page. Each run of words between two block elements is
wrapped in ``blocktranslate`` as the template is loaded, its variables as named places;
the words handed to components and the formats of dates are wrapped too. So no text can
be forgotten, and a translator sees whole sentences. What has a plural is marked by hand
with ``{% blocktranslate count %}``; what is marked by hand is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

INLINE = frozenset({"a", "abbr", "b", "br", "em", "i", "kbd", "small", "span", "strong", "wbr"})
"""Elements that stand inside a sentence; any other element ends it."""
VOID = frozenset({"br", "wbr"})
UNTOUCHED = frozenset({"comment", "verbatim", "blocktranslate", "blocktrans"})
NOT_TEXT = frozenset({"script", "style"})
"""Elements that hold no text."""
NAMES_ONLY = re.compile(r"\{%\s*block\s+(?:\w*class|lang)\s*%\}")
"""Blocks that hold names of ours: of classes, or of a language."""
SPEAKING = frozenset(
    {
        "breadcrumb", "busy", "card", "confirm", "disclosure", "door", "empty", "notice",
        "page_header", "pill", "progress", "slider", "stat", "table",
    }
)  # fmt: skip
"""Components that are handed words."""
MUTE = frozenset({"class", "icon", "level", "name", "tone", "with"})
"""What is handed to a component by name and is not words."""
STATE_FIRST = "pill"
"""The component whose first word is a name of ours."""

PIECE = re.compile(
    r"(?P<note>\{#.*?#\})|(?P<tag>\{%.*?%\})|(?P<place>\{\{.*?\}\})"
    r"|(?P<element><(?:!--.*?--|[a-zA-Z/!](?:\{%.*?%\}|\{\{.*?\}\}|[^<>])*)>)"
    r"|(?P<words>[^<{]+|[<{])",
    re.DOTALL,
)
NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
LITERAL = re.compile(r"""(?<=\s)(?:(\w+)=)?("[^"/][^"]*")(?=\s)""")
FORMAT = re.compile(
    r"""\|(date|time|yesno):("[^"]*[A-Za-z][^"]*"|'[^']*[A-Za-z][^']*')"""
    r"""|\|(default|default_if_none):("[A-Z][^"]*"|'[A-Z][^']*')"""
)
ATTRIBUTE = re.compile(
    r"(?<=\s)(aria-label|aria-description|placeholder|title|alt|data-say[\w-]*)"
    r'="([^"{}<>]*[A-Za-z][^"{}<>]*)"'
)
LETTER = re.compile(r"[^\W\d_]")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a template: ``kind`` is words, place, inline, or end for any other."""

    kind: str
    text: str

    @property
    def element(self) -> str:
        """The name of the element it opens or closes."""
        found = NAME.match(self.text)
        return found[1].lower() if found else ""

    @property
    def opens(self) -> bool:
        """Whether it opens an element that must be closed."""
        return (
            self.kind == "inline"
            and not self.text.startswith("</")
            and self.element not in VOID
        )

    @property
    def closes(self) -> bool:
        """Whether it closes an element."""
        return self.kind == "inline" and self.text.startswith("</")


def marked(source: str) -> str:
    """Return a template with every text in it marked for translation."""
    told: list[str] = []
    run: list[Piece] = []
    for piece in [*_pieces(source), Piece("end", "")]:
        if piece.kind == "end":
            told += [*_said(run), piece.text]
            run = []
        else:
            run.append(piece)
    body = "".join(told)
    return body if body == source else _with_i18n(body)


def _with_i18n(body: str) -> str:
    """Load the tags of translation, after ``extends``, which must come first."""
    first = re.match(r"\s*\{%\s*extends\s.*?%\}", body)
    at = first.end() if first else 0
    return f"{body[:at]}{{% load i18n %}}{body[at:]}"


def _pieces(source: str) -> Iterator[Piece]:
    """Cut a template into pieces; its tags, formats and attributes are marked already."""
    within = ""
    for found in PIECE.finditer(source):
        kind, text = str(found.lastgroup), found[0]
        name = (text[2:-2].split() or [""])[0] if kind == "tag" else ""
        if within:
            within = "" if _ends(text, name, within) else within
            yield Piece("end", text)
        elif kind == "tag":
            within = "block" if NAMES_ONLY.match(text) else name if name in UNTOUCHED else ""
            yield Piece("end", _tag(text, name))
        elif kind == "element":
            piece = _element(text)
            within = piece.element if piece.element in NOT_TEXT else ""
            yield piece
        elif kind == "place":
            yield Piece("place", FORMAT.sub(_format, text))
        else:
            yield Piece("end" if kind == "note" else kind, text)


def _ends(text: str, name: str, within: str) -> bool:
    """Whether a piece ends what is left as it is."""
    return name == f"end{within}" or text.startswith(f"</{within}")


def _format(found: re.Match[str]) -> str:
    """Mark the format of a date, or the words that stand in for nothing."""
    name, told = found[1] or found[3], found[2] or found[4]
    return f"|{name}:_({told})"


def _tag(text: str, name: str) -> str:
    """Mark the words that a component is handed."""
    if name not in SPEAKING:
        return text
    places = iter(range(text.count('"')))

    def mark(found: re.Match[str]) -> str:
        key, words = found[1], found[2]
        is_state = name == STATE_FIRST and key is None and next(places) == 0
        if key in MUTE or is_state:
            return found[0]
        return f"{key}=_({words})" if key else f"_({words})"

    return LITERAL.sub(mark, text)


def _element(text: str) -> Piece:
    """Mark what an element says by itself; a plain inline one belongs to the sentence."""
    spoken = FORMAT.sub(_format, ATTRIBUTE.sub(r'\1="{% translate "\2" %}"', text))
    piece = Piece("inline", spoken)
    plain = "{" not in spoken and piece.element in INLINE
    return piece if plain else Piece("end", spoken)


def _said(run: list[Piece]) -> list[str]:
    """Return a run of pieces as a template: sentences marked, the rest as it was."""
    loose = _unmatched(run)
    told: list[str] = []
    sentence: list[Piece] = []
    for place, piece in enumerate(run):
        if place in loose:
            told += [_sentence(sentence), piece.text]
            sentence = []
        else:
            sentence.append(piece)
    return [*told, _sentence(sentence)]


def _unmatched(run: list[Piece]) -> set[int]:
    """Return the places of elements that do not open and close within the run."""
    opened: list[int] = []
    loose: set[int] = set()
    for place, piece in enumerate(run):
        if piece.opens:
            opened.append(place)
        elif piece.closes and opened and run[opened[-1]].element == piece.element:
            opened.pop()
        elif piece.closes:
            loose.add(place)
    return loose | set(opened)


def _sentence(pieces: list[Piece]) -> str:
    """Mark one sentence; an element around all of it stays outside."""
    text = "".join(piece.text for piece in pieces)
    if not any(piece.kind == "words" and LETTER.search(piece.text) for piece in pieces):
        return text
    body = list(pieces)
    before, after = "", ""
    while body:
        if _is_blank(body[0]) or _stands_alone(body[0]):
            before += body.pop(0).text
        elif _is_blank(body[-1]) or _stands_alone(body[-1]):
            after = body.pop().text + after
        elif body[0].opens and body[-1].closes and _wraps(body):
            before, after = before + body.pop(0).text, body.pop().text + after
        else:
            break
    return f"{before}{_block(body)}{after}"


def _is_blank(piece: Piece) -> bool:
    return piece.kind == "words" and not piece.text.strip()


def _stands_alone(piece: Piece) -> bool:
    return piece.kind == "inline" and piece.element in VOID


def _wraps(pieces: list[Piece]) -> bool:
    """Whether the first piece is closed by the last one and not before."""
    depth = 0
    for place, piece in enumerate(pieces):
        depth += int(piece.opens) - int(piece.closes)
        if depth == 0:
            return place == len(pieces) - 1
    return False


def _block(pieces: list[Piece]) -> str:
    names: dict[str, str] = {}
    said = ""
    for piece in pieces:
        said += _place(piece.text, names) if piece.kind == "place" else piece.text
    words = said.strip()
    head, tail = said[: len(said) - len(said.lstrip())], said[len(said.rstrip()) :]
    bound = "".join(f" {name}={told}" for told, name in names.items())
    opening = f"{{% blocktranslate{f' with{bound}' if bound else ''} %}}"
    return f"{head}{opening}{SPACE.sub(' ', words)}{{% endblocktranslate %}}{tail}"


def _place(text: str, names: dict[str, str]) -> str:
    """Return a variable under a name that a sentence can hold."""
    told = text[2:-2].strip()
    if told not in names:
        plain = re.sub(r"\W+", "_", told.partition("|")[0]).strip("_") or "it"
        taken = set(names.values())
        numbered = [plain, *(f"{plain}_{number}" for number in range(2, len(taken) + 3))]
        names[told] = next(name for name in numbered if name not in taken)
    return f"{{{{ {names[told]} }}}}"
