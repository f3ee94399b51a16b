"""Calculated expressions of other people's forms, where they are sums or means."""

from __future__ import annotations

import re
from collections.abc import Mapping

from securebase.exchange.fhir import names
from securebase.exchange.fhir.names import Resource
from securebase.exchange.fhir.read_form import Form, Worked, extension, extensions
from securebase.exchange.files.linear import Linear, linear, scale_of
from securebase.science.errors import BadInput
from securebase.science.words import Item, Scale

MOST_LETTERS = 20_000

_QUOTED = r"'((?:[^'\\]|\\.){1,200})'"
_WEIGHED = r"\.answer\.value(?:\.ordinal\(\)|\.weight\(\))?"
_ITEMS = r"%resource\.(?:item|descendants\(\)|repeat\(item\))"
_ONE = re.compile(rf"{_ITEMS}\.where\(linkId ?= ?{_QUOTED}\){_WEIGHED}")
_SOME = re.compile(
    rf"{_ITEMS}\.where\(linkId in \(({_QUOTED}(?: ?\| ?{_QUOTED})*)\)\){_WEIGHED}"
    r"\.(sum|avg)\(\)"
)
_ALL = re.compile(rf"{_ITEMS}{_WEIGHED}\.(sum|avg)\(\)")
_VARIABLE = re.compile(r"%([A-Za-z][A-Za-z0-9_]*)")
_EACH = re.compile(_QUOTED)


def scale_from(worked: Worked, form: Form, variables: Mapping[str, str]) -> Scale:
    """Return the scale that a calculated item amounts to.

    Parameters
    ----------
    worked : Worked
        The item with its calculatedExpression.
    form : Form
        The questions, as read.
    variables : mapping of str to str
        FHIRPath by name, from the form and from the item.

    Raises
    ------
    BadInput
        If the expression is not a sum or a mean of answers.
    """
    path = f"{worked.path}.calculatedExpression"
    text = _expression(worked.resource, path)
    items = {item.id: item for item in form.items}
    named = {**variables, **variables_of(worked.resource)}
    found = _read(text, form, named, path)
    slug = re.sub(r"[^A-Za-z0-9_]+", "_", worked.link.removeprefix(names.SCORE)).strip("_")
    slug = slug or "score"
    slug = slug if slug[:1].isalpha() else f"score_{slug}"
    scale = scale_of(slug, found, _numbered(items), path=path)
    if scale.min_answered == len(scale.items) or found.adds_blanks:
        form.losses.append(
            f"{path}: no rule for missing answers is kept; the score needs all of them."
        )
    return scale


def variables_of(part: Resource) -> dict[str, str]:
    """Return the FHIRPath variables of a form or of an item, by name."""
    found = {}
    for each in extensions(part):
        value = each.get("valueExpression")
        if each.get("url") == names.VARIABLE and isinstance(value, dict):
            found[str(value.get("name"))] = str(value.get("expression", ""))[:MOST_LETTERS]
    return found


def _expression(resource: Resource, path: str) -> str:
    value = (extension(resource, names.CALCULATED) or {}).get("valueExpression")
    text = value.get("expression") if isinstance(value, dict) else None
    if not isinstance(text, str) or len(text) > MOST_LETTERS:
        raise BadInput(f"{path}: no FHIRPath of at most {MOST_LETTERS} letters.")
    return text


def _numbered(items: Mapping[str, Item]) -> dict[str, Item]:
    return {i: item for i, item in items.items() if item.kind != "text"}


def _read(text: str, form: Form, variables: Mapping[str, str], path: str) -> Linear:
    """Turn sums of answers into an arithmetic text of item ids, and read that."""
    numbers = [item.id for item in form.items if item.kind != "text"]

    def _called(how: str, ids: list[str]) -> str:
        return f"{'mean' if how == 'avg' else 'sum'}({', '.join(f'i{i}' for i in ids)})"

    def _some(match: re.Match[str]) -> str:
        ids = [_known(link, form, path) for link in _EACH.findall(match[1])]
        return _called(match[match.lastindex or 0], ids)

    def _plain(source: str) -> str:
        source = _ALL.sub(lambda m: _called(m[1], numbers), source)
        source = _SOME.sub(_some, source)
        return _ONE.sub(lambda m: f"i{_known(m[1], form, path)}", source)

    def _named(match: re.Match[str]) -> str:
        return f"({_plain(variables.get(match[1], ''))})"

    return linear(_VARIABLE.sub(_named, _plain(text.strip())), path=path)


def _known(link: str, form: Form, path: str) -> str:
    if link not in form.ids:
        raise BadInput(f"{path}: names {link!r}, which is no question of this form.")
    return form.ids[link]
