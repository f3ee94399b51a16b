"""The tiny closed language in which a rule is written, and its three answers.

A rule may say comparisons, ``and``, ``or``, ``not``, ``any(…)``, ``sum(…)``,
``max(…)`` and ``count_ge(items, from, at_least)``; nothing else parses, and nothing is
ever executed as Python. An item is named by its id, with ``q`` before a leading digit
(``q9 >= 1``); a scale's name stands for its items as they count in that scale.

A missing answer could still be anything on its scale. So every number is a pair of
bounds and every truth a pair *(certain, possible)*: what holds even at the worst bounds
is true, what fails even at the best is false, and the rest is unknown. The same code
works on one person's numbers and on NumPy columns of many.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from securebase.science.errors import ContentError

Bounds = tuple[Any, Any]
"""Lowest and highest possible value: two numbers, or two arrays of shape (n,)."""

Truth = tuple[Any, Any]
"""Certain and possible: two bools, or two bool arrays of shape (n,)."""

Known = Mapping[str, Sequence[Bounds]]
"""What each name stands for: the bounds of one item, or of all items of a scale."""

Evaluate = Callable[[Known], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule: what it says, which names it needs, and how to work it out."""

    source: str
    single: frozenset[str]
    """Names that must be one item each."""
    groups: frozenset[str]
    """Names that may be an item or a scale."""
    evaluate: Evaluate
    """From what is known to *(certain, possible)*."""


def name_of(item_id: str) -> str:
    """Return the name by which a rule calls an item.

    Examples
    --------
    >>> name_of("9"), name_of("exposed")
    ('q9', 'exposed')
    """
    return f"q{item_id}" if item_id[:1].isdigit() else item_id


@functools.lru_cache(maxsize=512)
def parse(source: str) -> Rule:
    """Read a rule without ever running it.

    Parameters
    ----------
    source : str
        The rule, for instance ``count_ge(B, 2, 1) and q9 >= 1``.

    Returns
    -------
    Rule
        Ready to be evaluated against what is known.

    Raises
    ------
    ContentError
        If the text is not a rule of the language; the message names the part.

    Examples
    --------
    >>> parse("q1 >= 2 or q2 >= 2").evaluate({"q1": [(3, 3)], "q2": [(0, 3)]})
    (True, True)
    """
    try:
        tree = ast.parse(source, mode="eval")
    except SyntaxError as fault:
        raise ContentError(f"The rule {source!r} cannot be read: {fault.msg}.") from None
    reader = _Reader(source)
    evaluate = reader.truth(tree.body)
    return Rule(source, frozenset(reader.single), frozenset(reader.groups), evaluate)


def decided(truth: Truth) -> bool | None:
    """Turn one person's *(certain, possible)* into True, False or None for unknown.

    Examples
    --------
    >>> decided((True, True)), decided((False, False)), decided((False, True))
    (True, False, None)
    """
    certain, possible = truth
    if certain:
        return True
    return None if possible else False


def _at_least(a: Bounds, b: Bounds) -> Truth:
    return a[0] >= b[1], a[1] >= b[0]


def _above(a: Bounds, b: Bounds) -> Truth:
    return a[0] > b[1], a[1] > b[0]


def _equal(a: Bounds, b: Bounds) -> Truth:
    certain = (a[0] == a[1]) & (b[0] == b[1]) & (a[0] == b[0])
    return certain, (a[0] <= b[1]) & (a[1] >= b[0])


def _opposite(truth: Truth) -> Truth:
    certain, possible = truth
    return possible ^ True, certain ^ True


_COMPARE: dict[type[ast.cmpop], Callable[[Bounds, Bounds], Truth]] = {
    ast.GtE: _at_least,
    ast.Gt: _above,
    ast.LtE: lambda a, b: _at_least(b, a),
    ast.Lt: lambda a, b: _above(b, a),
    ast.Eq: _equal,
    ast.NotEq: lambda a, b: _opposite(_equal(a, b)),
}


def _largest(a: Any, b: Any) -> Any:
    return a + (b - a) * (b > a)


class _Reader:
    """Walks the parsed text once, collects its names and builds how to work it out."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.single: set[str] = set()
        self.groups: set[str] = set()

    def refuse(self, node: ast.AST) -> ContentError:
        """Return the refusal that names the part which is not of the language."""
        part = ast.get_source_segment(self.source, node) or type(node).__name__
        return ContentError(
            f"The rule {self.source!r} uses {part!r}. Allowed: comparisons, and, or, not, "
            "any(…), sum(…), max(…) and count_ge(items, from, at_least)."
        )

    def truth(self, node: ast.expr) -> Evaluate:
        """Build the evaluation of a part that is true, false or unknown."""
        if isinstance(node, ast.BoolOp):
            join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
            return self._joined(node.values, join)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand)
            return lambda known: _opposite(inner(known))
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        raise self.refuse(node)

    def number(self, node: ast.expr) -> Evaluate:
        """Build the evaluation of a part that is a number with bounds."""
        if isinstance(node, ast.Name):
            name = node.id
            self.single.add(name)
            return lambda known: known[name][0]
        if isinstance(node, ast.Call) and _called(node) in ("sum", "max"):
            join = operator.add if _called(node) == "sum" else _largest
            members = self._members(node)
            return lambda known: _fold(join, members(known))
        value = self._constant(node)
        return lambda _known: (value, value)

    def _joined(self, nodes: list[ast.expr], join: Callable[[Any, Any], Any]) -> Evaluate:
        parts = [self.truth(node) for node in nodes]
        return lambda known: _fold(join, [part(known) for part in parts])

    def _comparison(self, node: ast.Compare) -> Evaluate:
        compare = _COMPARE.get(type(node.ops[0]))
        if len(node.ops) > 1 or compare is None:
            raise self.refuse(node)
        left, right = self.number(node.left), self.number(node.comparators[0])
        return lambda known: compare(left(known), right(known))

    def _call(self, node: ast.Call) -> Evaluate:
        if _called(node) == "any" and node.args and not node.keywords:
            return self._joined(node.args, operator.or_)
        if _called(node) != "count_ge" or len(node.args) != 3 or node.keywords:  # noqa: PLR2004
            raise self.refuse(node)
        members = self._group(node.args[0])
        start, needed = self._constant(node.args[1]), self._constant(node.args[2])

        def count(known: Known) -> Truth:
            bounds = members(known)
            certain = sum(low >= start for low, _ in bounds)
            possible = sum(high >= start for _, high in bounds)
            return certain >= needed, possible >= needed

        return count

    def _members(self, node: ast.Call) -> Callable[[Known], list[Bounds]]:
        if not node.args or node.keywords:
            raise self.refuse(node)
        groups = [self._group(part) for part in node.args]
        return lambda known: [bounds for group in groups for bounds in group(known)]

    def _group(self, node: ast.expr) -> Callable[[Known], list[Bounds]]:
        nodes = node.elts if isinstance(node, ast.List) else [node]
        names = [part.id for part in nodes if isinstance(part, ast.Name)]
        if len(names) < len(nodes) or not names:
            raise self.refuse(node)
        self.groups.update(names)
        return lambda known: [bounds for name in names for bounds in known[name]]

    def _constant(self, node: ast.expr) -> float:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._constant(node.operand)
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
            raise self.refuse(node)
        return float(node.value)  # type: ignore[arg-type]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _fold(join: Callable[[Any, Any], Any], pairs: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    firsts, seconds = zip(*pairs, strict=True)
    return functools.reduce(join, firsts), functools.reduce(join, seconds)
