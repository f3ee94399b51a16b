"""The language of rules.

Small on purpose: what is not in it does not parse, and nothing runs as Python.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from securebase.science.errors import ContentError
from securebase.science.expressions import Bounds, Known, decided, name_of, parse

KNOWN = {
    "q1": [(3, 3)],
    "q2": [(0, 0)],
    "gap": [(0, 3)],
    "blank": [(0, 3)],
    "trio": [(3, 3), (0, 0), (0, 3)],
}


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("q1 >= 3", True),
        ("q1 > 3", False),
        ("q1 <= 2", False),
        ("q2 < 1", True),
        ("q1 == 3", True),
        ("q1 != 3", False),
        ("q2 > -1", True),
        ("gap >= 0", True),
        ("gap > 3", False),
        ("gap >= 2", None),
        ("gap == 2", None),
        ("gap != 2", None),
        ("not gap >= 2", None),
        ("not q1 >= 3", False),
        ("gap >= 2 and q2 >= 1", False),
        ("gap >= 2 or q1 >= 1", True),
        ("gap >= 2 and q1 >= 1", None),
        ("any(q2 >= 1, gap >= 4)", False),
        ("any(q2 >= 1, gap >= 1)", None),
        ("count_ge(trio, 2, 1)", True),
        ("count_ge(trio, 2, 2)", None),
        ("count_ge(trio, 2, 3)", False),
        ("count_ge([q1, q2], 3, 1)", True),
        ("sum(trio) >= 3", True),
        ("sum(trio) >= 4", None),
        ("sum(trio) >= 7", False),
        ("sum(q1, q2) == 3", True),
        ("max(trio) == 3", True),
        ("max(q2, gap) >= 1", None),
        ("q1 > q2", True),
        ("gap >= blank", None),
        ("gap > blank", None),
        ("gap == blank", None),
        ("q1 >= gap", True),
    ],
)
def test_is_true_false_or_unknown(rule: str, value: bool | None) -> None:
    assert decided(parse(rule).evaluate(KNOWN)) is value


@pytest.mark.parametrize("rule", [
    "(q1 >= 2 or q2 >= 2) and count_ge([q1, q2, q3], 1, 2)",
    "sum(q1, q2, q3) >= 4 and not q3 >= 2",
    "max(q1, q2) > 1 or q3 == 0",
])  # fmt: skip
def test_is_known_only_if_no_missing_answer_could_change_it(rule: str) -> None:
    for partial in itertools.product([0, 1, 2, None], repeat=3):
        ends = [(0, 2) if v is None else (v, v) for v in partial]
        verdict = decided(parse(rule).evaluate(named(ends)))
        ways = itertools.product(*([0, 1, 2] if v is None else [v] for v in partial))
        outcomes = {decided(parse(rule).evaluate(named([(v, v) for v in way]))) for way in ways}

        assert verdict is None or outcomes == {verdict}


def named(ends: Sequence[Bounds]) -> Known:
    return {f"q{n}": [pair] for n, pair in enumerate(ends, 1)}


def test_columns_of_many_people_are_judged_like_one() -> None:
    known = {"q1": [(np.array([0, 2, 0]), np.array([0, 2, 3]))]}

    certain, possible = parse("not q1 < 2").evaluate(known)

    assert certain.tolist() == [False, True, False]
    assert possible.tolist() == [False, True, True]


@pytest.mark.parametrize(
    "rule",
    [
        "__import__('os').system('true')",
        "q1.real >= 1",
        "q1 + q2 >= 1",
        "q1",
        "1 < q1 < 3",
        "q1 >= '2'",
        "q1 >= True",
        "q1 in [1]",
        "count_ge(q1, 2)",
        "count_ge([1], 2, 1)",
        "count_ge([], 2, 1)",
        "any()",
        "sum() >= 1",
        "sum(trio, start=1) >= 1",
        "min(trio) >= 1",
        "(lambda: 1)() >= 1",
        "[q1] >= 1",
        "-q1 >= 1",
    ],
)
def test_anything_else_is_refused_by_name(rule: str) -> None:
    with pytest.raises(ContentError, match=r"uses .*Allowed: comparisons"):
        parse(rule)


def test_half_a_rule_is_refused() -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        parse("q1 >=")


def test_an_item_that_begins_with_a_digit_is_called_q() -> None:
    assert [name_of("9"), name_of("P1")] == ["q9", "P1"]
