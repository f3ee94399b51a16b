"""A rule as FHIRPath, with its three answers: yes, no, and not to be known.

As in ``science.expressions``, every number is a pair of bounds and every truth a pair
*(certain, possible)*; here the pairs are of texts.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from securebase.exchange.fhir.scores import (
    Reckoning,
    answer_to,
    collected,
    keyed,
    number,
    quoted,
)
from securebase.science.checks import keyed_range
from securebase.science.expressions import name_of
from securebase.science.words import Instrument, Item, Outcome, Scale

Pair = tuple[str, str]
"""Two texts: lowest and highest of a number, or certain and possible of a truth."""

Member = tuple[Item, Scale | None]
"""An item, and the scale in which it counts; None for its raw answer."""

_COMPARE: Mapping[type[ast.cmpop], Callable[[Pair, Pair], Pair]] = {
    ast.GtE: lambda a, b: (f"{a[0]} >= {b[1]}", f"{a[1]} >= {b[0]}"),
    ast.Gt: lambda a, b: (f"{a[0]} > {b[1]}", f"{a[1]} > {b[0]}"),
    ast.LtE: lambda a, b: (f"{a[1]} <= {b[0]}", f"{a[0]} <= {b[1]}"),
    ast.Lt: lambda a, b: (f"{a[1]} < {b[0]}", f"{a[0]} < {b[1]}"),
    ast.Eq: lambda a, b: (
        f"({a[0]} = {b[1]} and {a[1]} = {b[0]})",
        f"({a[0]} <= {b[1]} and {a[1]} >= {b[0]})",
    ),
}


class NotExpressible(Exception):
    """A part of a rule has no FHIRPath here; the message says which."""


@dataclass(slots=True)
class Verdicts:
    """Writes the rules of one instrument, and remembers which items they ask for alone."""

    instrument: Instrument
    asked: dict[str, Item] = field(default_factory=dict)

    def verdict(self, outcome: Outcome) -> Reckoning:
        """Return how an outcome is worked out, nothing where answers could change it.

        Raises
        ------
        NotExpressible
            If a rule uses ``max``, or counts from outside an item's range.
        """
        parts: dict[str, str] = {}
        candidates: list[tuple[str, str]] = []
        reached: list[str] = []
        for n, (rule, gives) in enumerate(outcome.cases, 1):
            certain, possible = self._truth(ast.parse(rule, mode="eval").body)
            parts |= {f"certain{n}": certain, f"possible{n}": possible}
            candidates.append((" and ".join([*reached, f"%possible{n}"]), literal(gives)))
            reached.append(f"%certain{n}.not()")
        candidates.append((" and ".join(reached), literal(outcome.otherwise)))
        first, *rest = [f"iif({when}, {gives}, {{}})" for when, gives in candidates]
        parts["could"] = f"({first}{''.join(f'.combine({r})' for r in rest)}).distinct()"
        return Reckoning("iif(%could.count() = 1, %could.first(), {})", parts)

    def bounds(self) -> dict[str, str]:
        """Return the lowest and highest of every item that a rule asked for alone."""
        made = {}
        for name, item in self.asked.items():
            answer = answer_to(self.instrument, item)
            for end, value in (("Min", item.low), ("Max", item.high)):
                made[_variable(name, end)] = (
                    f"iif({answer}.exists(), {answer}, {number(value)})"
                )
        return made

    def _truth(self, node: ast.expr) -> Pair:
        if isinstance(node, ast.BoolOp):
            join = " and " if isinstance(node.op, ast.And) else " or "
            return _joined([self._truth(part) for part in node.values], join)
        if isinstance(node, ast.UnaryOp):
            certain, possible = self._truth(node.operand)
            return f"({possible}).not()", f"({certain}).not()"
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        return self._call(node)

    def _call(self, node: ast.AST) -> Pair:
        if not isinstance(node, ast.Call):  # ``science.expressions`` lets nothing else in.
            raise NotExpressible(ast.unparse(node))
        if _called(node) == "any":
            return _joined([self._truth(part) for part in node.args], " or ")
        return self._count(node)

    def _comparison(self, node: ast.Compare) -> Pair:
        left, right = self._number(node.left), self._number(node.comparators[0])
        if isinstance(node.ops[0], ast.NotEq):
            certain, possible = _COMPARE[ast.Eq](left, right)
            return f"{possible}.not()", f"{certain}.not()"
        return _COMPARE[type(node.ops[0])](left, right)

    def _number(self, node: ast.expr) -> Pair:
        if isinstance(node, ast.Name):
            self.asked[node.id] = self._item(node.id)
            return f"%{_variable(node.id, 'Min')}", f"%{_variable(node.id, 'Max')}"
        if isinstance(node, ast.Call):
            if _called(node) != "sum":
                raise NotExpressible(ast.unparse(node))
            return self._sum(node)
        value = number(float(ast.literal_eval(node)))
        return value, value

    def _sum(self, node: ast.Call) -> Pair:
        """Return the bounds of a sum: each missing answer could be its least or its most."""
        members = [m for part in node.args for m in self._members(part)]
        ends = {m: keyed_range(m[0], m[1]) if m[1] else _ends(m[0]) for m in members}
        least = sum(low for low, _ in ends.values())
        most = sum(high for _, high in ends.values())
        above = [(m[0], _minus(keyed(*m), ends[m][0])) for m in members]
        below = [(m[0], f"{number(ends[m][1])} - ({keyed(*m)})") for m in members]
        low = f"({number(least)} + {self._collect(above)}.sum())"
        return low, f"({number(most)} - {self._collect(below)}.sum())"

    def _count(self, node: ast.Call) -> Pair:
        members = self._members(node.args[0])
        start, needed = (float(ast.literal_eval(part)) for part in node.args[1:])
        for member in members:
            low, high = keyed_range(member[0], member[1]) if member[1] else _ends(member[0])
            if not low < start <= high:
                raise NotExpressible(ast.unparse(node))
        values = self._collect([(m[0], keyed(*m)) for m in members])
        there = f"({values}).where($this >= {number(start)}).count() >= {number(needed)}"
        short = f"({values}).where($this < {number(start)}).count()"
        return there, f"{len(members)} - {short} >= {number(needed)}"

    def _members(self, node: ast.expr) -> list[Member]:
        nodes = node.elts if isinstance(node, ast.List) else [node]
        scales = {scale.slug: scale for scale in self.instrument.scales}
        found: list[Member] = []
        for name in (part.id for part in nodes if isinstance(part, ast.Name)):
            if name in scales:
                scale = scales[name]
                found += [(self.instrument.item(i), scale) for i in scale.items]
            else:
                found.append((self._item(name), None))
        return found

    def _item(self, name: str) -> Item:
        return {name_of(item.id): item for item in self.instrument.items}[name]

    def _collect(self, members: list[tuple[Item, str]]) -> str:
        return collected(self.instrument, members)


def literal(value: str | bool) -> str:
    """Return what a rule gives as FHIRPath writes it."""
    return str(value).lower() if isinstance(value, bool) else quoted(value)


def _variable(name: str, end: str) -> str:
    """Return a variable's name; FHIR lets it have letters, digits and hyphens only."""
    return f"{name.replace('_', 'Of')}{end}"


def _joined(pairs: list[Pair], join: str) -> Pair:
    certain, possible = zip(*pairs, strict=True)
    return f"({join.join(certain)})", f"({join.join(possible)})"


def _minus(text: str, value: float) -> str:
    return text if value == 0 else f"{text} - {number(value)}"


def _ends(item: Item) -> tuple[float, float]:
    return item.low, item.high


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""
