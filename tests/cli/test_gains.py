"""``securebase gains``.

From a long table of scores to the steps that are sudden, and whether they lasted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from securebase.cli.main import main

Ask = Callable[..., tuple[int, str, str]]
PHQ = ("--measure", "phq-9.total")


def table(*courses: tuple[str, Sequence[float | None]], measure: str = "phq-9.total") -> str:
    """Write weekly scores of some people as a long table."""
    rows = ["person,at,measure,value"]
    for person, values in courses:
        for week, value in enumerate(values):
            told = "" if value is None else f"{value:g}"
            rows.append(f"{person},2026-01-{1 + week:02},{measure},{told}")
    return "\n".join(rows) + "\n"


GAIN = ("a", [22.0, 23, 21, 10, 11, 9, 10, 17])
LOSS = ("b", [9.0, 10, 9, 20, 21, 20])
MISSING = ("c", [22.0, None, 21, 10, None, 10])
STILL = ("d", [15.0, 15, 16, 15, 15])


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on a text; give exit code, what was printed and what was refused."""

    def ask(text: str, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "scores.csv"
        path.write_text(text, encoding="utf-8")
        code = main(["gains", str(path), *options])
        out, err = capsys.readouterr()
        return code, out, err

    return ask


def test_gains_and_losses_are_told_with_their_times(asked: Ask) -> None:
    code, out, _ = asked(table(GAIN, LOSS, MISSING, STILL), *PHQ, "--json")

    told = json.loads(out)
    assert code == 0
    assert told["people"] == 4
    assert told["gains"] == [
        {
            "person": "a",
            "from": "2026-01-03",
            "to": "2026-01-04",
            "size": 11,
            "reversed": True,
            "before": 21,
            "after": 10,
            "sessions": [3, 4],
        },
        {
            "person": "c",
            "from": "2026-01-03",
            "to": "2026-01-04",
            "size": 11,
            "reversed": False,
            "before": 21,
            "after": 10,
            "sessions": [3, 4],
        },
    ]
    assert [(one["person"], one["size"]) for one in told["losses"]] == [("b", 11)]


def test_rows_may_come_in_any_order(asked: Ask) -> None:
    head, *rows = table(GAIN).splitlines()

    _, out, _ = asked("\n".join([head, *reversed(rows)]), *PHQ, "--json")

    assert json.loads(out)["gains"][0]["from"] == "2026-01-03"


def test_a_measure_of_ones_own_needs_its_reliable_change(asked: Ask) -> None:
    text = table(GAIN, LOSS, measure="own.total")

    _, out, _ = asked(text, "--measure", "own.total", "--reliable-change", "7", "--json")
    _, turned, _ = asked(
        text,
        *("--measure", "own.total", "--reliable-change", "7", "--better", "higher", "--json"),
    )
    code, _, err = asked(text, "--measure", "own.total")

    assert [one["person"] for one in json.loads(out)["gains"]] == ["a"]
    assert [one["person"] for one in json.loads(turned)["gains"]] == ["b"]
    assert (code, "--reliable-change" in err) == (1, True)


def test_the_other_test_of_stability_is_harder_to_pass(asked: Ask) -> None:
    text = table(("a", [23.0, 17, 20, 13, 16, 10]))

    shares = [
        len(json.loads(asked(text, *PHQ, "--variant", variant, "--json")[1])["gains"])
        for variant in ("t_full", "td99_lutz")
    ]

    assert shares == [1, 0]


def test_the_screen_says_what_counts_and_what_became_of_it(asked: Ask) -> None:
    _, out, _ = asked(table(GAIN, LOSS), *PHQ)

    assert "steps of 6 points or more" in out
    assert "2 people; 1 sudden gains, 1 sudden losses." in out
    assert "between 2026-01-03 and 2026-01-04: 21 to 10, half of it gone again later" in out


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("", PHQ, "is empty"),
        ("person,at,value\na,2026-01-01,3\n", PHQ, "no column 'measure'"),
        (table(STILL), ("--measure", "gad-7.total"), "no score of 'gad-7.total'"),
        (table(("a", [99.0])), PHQ, "row 2, column value: 99 is outside phq-9.total"),
        (table(STILL), (*PHQ, "--reliable-change", "0"), "it must be above 0"),
        (table(STILL), (*PHQ, "--reliable-change", "nan"), "it must be above 0"),
        (table(STILL), ("--measure", "k10.k10"), "No reliable change is known"),
    ],
)
def test_bad_input_is_refused_with_a_reason(
    asked: Ask, text: str, options: tuple[str, ...], says: str
) -> None:
    code, out, err = asked(text, *options)

    assert (code, out) == (1, "")
    assert says in err
