"""The part of FHIRPath our forms use, evaluated: a test's engine, not a product's.

``make agreement`` checks the same expressions in LHC-Forms' engine; this one lets the
suite do it without a network. Collections are lists, as in FHIRPath.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from securebase.exchange.fhir import names

Collection = list[Any]
Resource = dict[str, Any]

TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|%?\$?[A-Za-z]\w*|>=|<=|!=|\{\}|[^\s])")
LEVELS = (("or",), ("and",), ("in",), ("=", "!="), (">=", "<=", ">", "<"), ("|",), ("+", "-"))
PRODUCTS = ("*", "/")
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


class Evaluator:
    """Reads one expression and works it out as it goes."""

    def __init__(self, text: str, named: Mapping[str, Collection]) -> None:
        self.tokens = TOKEN.findall(text)
        self.named = named

    def value(self) -> Collection:
        """Return what the whole expression comes to."""
        node = self._level(0)
        assert not self.tokens, self.tokens
        return _run(node, {"named": self.named, "$this": [], "$index": []})

    def _level(self, n: int) -> Any:
        if n == len(LEVELS):
            return self._product()
        node = self._level(n + 1)
        while self.tokens and self.tokens[0] in LEVELS[n]:
            node = (self.tokens.pop(0), node, self._level(n + 1))
        return node

    def _product(self) -> Any:
        node = self._path()
        while self.tokens and self.tokens[0] in PRODUCTS:
            node = (self.tokens.pop(0), node, self._path())
        return node

    def _path(self) -> Any:
        node = self._term()
        while self.tokens and self.tokens[0] == ".":
            self.tokens.pop(0)
            node = ("step", node, self.tokens.pop(0), self._arguments())
        return node

    def _arguments(self) -> Any:
        if not self.tokens or self.tokens[0] != "(":
            return None
        self.tokens.pop(0)
        found = []
        while self.tokens[0] != ")":
            found.append(self._level(0))
            if self.tokens[0] == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)
        return found

    def _term(self) -> Any:
        token = self.tokens.pop(0)
        if token == "(":
            node = self._level(0)
            self.tokens.pop(0)
            return node
        if token == "-":
            return ("-", ("is", [0]), self._path())
        if self.tokens[:1] == ["("]:
            return ("step", ("here",), token, self._arguments())
        return _literal(token)


def _literal(token: str) -> Any:
    if token[0] == "'":
        return ("is", [re.sub(r"\\(.)", r"\1", token[1:-1])])
    if token[0].isdigit():
        return ("is", [float(token)])
    fixed = {"{}": [], "true": [True], "false": [False]}
    return ("is", fixed[token]) if token in fixed else ("name", token)


def _run(node: Any, scope: dict[str, Any]) -> Collection:
    kind, *parts = node
    if kind == "is":
        return list(parts[0])
    if kind == "here":
        return list(scope["$this"])
    if kind == "name":
        return _named(parts[0], scope)
    if kind == "step":
        return _step(_run(parts[0], scope), parts[1], parts[2], scope)
    return _two(kind, _run(parts[0], scope), _run(parts[1], scope))


def _two(kind: str, one: Collection, other: Collection) -> Collection:
    if kind in ("and", "or"):
        return _logic(kind, one, other)
    if kind == "|":
        return list(dict.fromkeys(one + other))
    if kind == "in":
        return [one[0] in other] if one else []
    return [OPERATIONS[kind](one[0], other[0])] if one and other else []


def _named(name: str, scope: dict[str, Any]) -> Collection:
    if name.startswith("%"):
        return list(scope["named"][name[1:]])
    if name.startswith("$"):
        return list(scope[name])
    return [x for part in scope["$this"] for x in _children(part, name)]


def _children(part: Any, name: str) -> Collection:
    if name == "value" and isinstance(part, dict):
        return [v for k, v in part.items() if k.startswith("value")]
    found = part.get(name, []) if isinstance(part, dict) else []
    return found if isinstance(found, list) else [found]


def _logic(kind: str, one: Collection, other: Collection) -> Collection:
    decides = kind == "or"
    if [decides] in (one, other):
        return [decides]
    return [not decides] if one and other else []


def _step(source: Collection, name: str, arguments: Any, scope: dict[str, Any]) -> Collection:
    if arguments is None:
        return [x for part in source for x in _children(part, name)]
    if name in ("where", "select"):
        return _each(source, name, arguments[0], scope)
    if name == "iif":
        chosen = arguments[1] if _run(arguments[0], scope) == [True] else arguments[2]
        return _run(chosen, scope)
    values = [_run(argument, scope) for argument in arguments]
    return FUNCTIONS[name](source, *values)


def _each(source: Collection, name: str, node: Any, scope: dict[str, Any]) -> Collection:
    found: Collection = []
    for n, part in enumerate(source):
        made = _run(node, {**scope, "$this": [part], "$index": [n]})
        found += made if name == "select" else [part] * (made == [True])
    return found


def _weights(codings: Collection) -> Collection:
    return [
        e["valueDecimal"]
        for coding in codings
        for e in coding["extension"]
        if e["url"] == names.ORDINAL
    ]


FUNCTIONS: dict[str, Callable[..., Collection]] = {
    "ordinal": _weights,
    "combine": lambda source, other: source + other,
    "count": lambda source: [len(source)],
    "distinct": lambda source: list(dict.fromkeys(source)),
    "exists": lambda source: [bool(source)],
    "first": lambda source: source[:1],
    "not": lambda source: [not source[0]] if source else [],
    "split": lambda source, by: source[0].split(by[0]),
    "sum": lambda source: [sum(source)],
    "toDecimal": lambda source: [float(x) for x in source],
}


def filled(form: Resource, answers: Mapping[str, int]) -> Resource:
    """Return the response to a form, with the weight of each coded answer upon it."""
    items = _filled(form["item"], answers)
    return {"resourceType": "QuestionnaireResponse", "item": items}


def _filled(asked: list[Resource], answers: Mapping[str, int]) -> list[Resource]:
    items: list[Resource] = []
    for item in asked:
        if item["type"] == "group":
            boxes = _filled(item["item"], answers)
            items += [{"linkId": item["linkId"], "item": boxes}] if boxes else []
        if item["linkId"] not in answers:
            continue
        given: Resource = {"valueInteger": answers[item["linkId"]]}
        for option in item.get("answerOption", []):
            if option["valueCoding"]["code"] == str(answers[item["linkId"]]):
                given = {
                    "valueCoding": option["valueCoding"] | {"extension": option["extension"]}
                }
        items.append({"linkId": item["linkId"], "answer": [given]})
    return items


def worked_out(form: Resource, answers: Mapping[str, int]) -> dict[str, Any]:
    """Return every value that a form works out from the answers, by linkId.

    Outcomes are worked out twice round, since a count of them stands before them.
    """
    response = filled(form, answers)
    found: dict[str, Any] = {}
    for _ in range(2):
        for item in form["item"]:
            value = _calculated(form, item, response)
            if value:
                found[item["linkId"]] = value[0]
                response["item"] = [
                    i for i in response["item"] if i["linkId"] != item["linkId"]
                ]
                answer = [{"valueDecimal": value[0]}]
                response["item"].append({"linkId": item["linkId"], "answer": answer})
    return found


def _calculated(form: Resource, item: Resource, response: Resource) -> Collection:
    named: dict[str, Collection] = {"resource": [response]}
    whole: Collection = []
    extensions = item.get("extension", [])
    if not any(e["url"] == names.CALCULATED for e in extensions):
        return whole
    for each in [*form.get("extension", []), *extensions]:
        if each["url"] not in (names.VARIABLE, names.CALCULATED):
            continue
        expression = each["valueExpression"]
        value = Evaluator(expression["expression"], named).value()
        if each["url"] == names.VARIABLE:
            named[expression["name"]] = value
        else:
            whole = value
    return whole
