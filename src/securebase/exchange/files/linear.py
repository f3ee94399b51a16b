"""Sums and means as other programs write them, as a scale of ours.

``[a] + (4 - [b]) + [c]``, ``sum(a, b)``, ``mean(a, b)`` and quotients by a number come
down to a weight for each item and a constant; that is a sum, a mean or a weighted sum of
ours, or nothing that can be scored here.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from securebase.science.errors import BadInput
from securebase.science.words import Combine, Item, Scale

MOST_LETTERS = 20_000
ALMOST = 1e-9


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights by item id, a constant, and whether blanks are skipped (``mean``)."""

    weights: Mapping[str, float]
    constant: float = 0.0
    skips: bool = False
    adds_blanks: bool = False
    """Whether a blank counts as nothing (``sum`` of REDCap); we hold it missing."""


def linear(text: str, *, path: str) -> Linear:
    """Read an arithmetic text of item ids.

    Parameters
    ----------
    text : str
        For instance ``i1 + (4 - i2)``; every item is named ``i`` and its id.
    path : str
        Where it stands, for messages.

    Raises
    ------
    BadInput
        If it is anything but such a sum.
    """
    if len(text) > MOST_LETTERS:
        raise BadInput(f"{path}: {len(text)} letters; at most {MOST_LETTERS}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            return _read(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        raise BadInput(
            f"{path}: {text[:80]!r} cannot be scored here. Allowed are sums, weights, "
            "reversals such as 4 - item, sum(...) and mean(...)."
        ) from None


def scale_of(slug: str, found: Linear, items: Mapping[str, Item], *, path: str) -> Scale:
    """Return the scale that a sum amounts to.

    Raises
    ------
    BadInput
        If it names no item, or one that is not a number.
    """
    named = {i: w for i, w in found.weights.items() if w}
    for item_id in named:
        if item_id not in items or items[item_id].kind == "text":
            raise BadInput(f"{path}: {item_id!r} is no question with a number.")
    if not named:
        raise BadInput(f"{path}: it counts no question, so nothing can be scored.")
    count = len(named)
    sizes = {round(abs(w) * 1e9) for w in named.values()}
    size = abs(next(iter(named.values())))
    if len(sizes) > 1:
        return _weighted(slug, named, found)
    turned = frozenset(i for i, w in named.items() if w < 0)
    rest = found.constant - size * sum(items[i].low + items[i].high for i in turned)
    mean = found.skips or (count > 1 and math.isclose(size * count, 1, abs_tol=ALMOST))
    return Scale(
        slug=slug,
        items=tuple(named),
        combine=Combine.MEAN if mean else Combine.SUM,
        min_answered=1 if found.skips else count,
        reversed_items=turned,
        factor=size * count if mean else size,
        offset=0.0 if abs(rest) < ALMOST else rest,
    )


def _weighted(slug: str, named: Mapping[str, float], found: Linear) -> Scale:
    return Scale(
        slug=slug,
        items=tuple(named),
        combine=Combine.WEIGHTED,
        min_answered=len(named),
        weights=tuple(named.values()),
        offset=found.constant,
    )


def _read(node: ast.expr) -> Linear:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Linear({}, float(node.value))  # type: ignore[arg-type]
    if isinstance(node, ast.Name) and node.id.startswith("i"):
        return Linear({node.id[1:]: 1.0})
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _times(_read(node.operand), -1.0)
    if isinstance(node, ast.BinOp):
        return _joined(node.op, _read(node.left), _read(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, [_read(part) for part in node.args])
    raise ValueError


def _joined(how: ast.operator, one: Linear, other: Linear) -> Linear:
    if isinstance(how, ast.Add | ast.Sub):
        return _plus(one, other if isinstance(how, ast.Add) else _times(other, -1.0))
    if isinstance(how, ast.Mult) and not one.weights:
        return _times(other, one.constant)
    if other.weights:
        raise ValueError
    if isinstance(how, ast.Mult):
        return _times(one, other.constant)
    if isinstance(how, ast.Div):
        return _times(one, 1 / other.constant)
    raise ValueError


def _called(name: str, parts: list[Linear]) -> Linear:
    if name not in ("sum", "mean") or not parts:
        raise ValueError
    whole = parts[0]
    for part in parts[1:]:
        whole = _plus(whole, part)
    if name == "sum":
        return Linear(whole.weights, whole.constant, whole.skips, adds_blanks=True)
    if any(part.skips or len(part.weights) != 1 for part in parts):
        raise ValueError
    made = _times(whole, 1 / len(parts))
    return Linear(made.weights, made.constant, skips=True)


def _plus(one: Linear, other: Linear) -> Linear:
    if (one.skips and other.weights) or (other.skips and one.weights):
        raise ValueError
    if set(one.weights) & set(other.weights):
        raise ValueError
    return Linear(
        {**one.weights, **other.weights},
        one.constant + other.constant,
        one.skips or other.skips,
        one.adds_blanks or other.adds_blanks,
    )


def _times(one: Linear, by: float) -> Linear:
    if not math.isfinite(by):
        raise ValueError
    weights = {i: w * by for i, w in one.weights.items()}
    return Linear(weights, one.constant * by, one.skips, one.adds_blanks)
