"""``securebase change``.

Two scores of each person, from either form of table, to one category each. Who has no
later score is listed and counted as dropped out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from securebase.cli.main import main
from securebase.cli.measure import Measure
from securebase.science.library import instrument
from securebase.science.words import Better

WIDE = """person,before,after
a,52,26
b,52,36
c,52,
d,20,45
e,40,60
f,30,29
g,,10
"""
LONG = """person,at,measure,value
a,2026-01-05,pcl-5.total,52
a,2026-02-02,pcl-5.total,40
a,2026-03-02,pcl-5.total,26
b,2026-01-05,pcl-5.total,52
b,2026-03-02T18:30,pcl-5.total,36
c,2026-01-05,pcl-5.total,52
d,2026-03-02,pcl-5.total,9
a,2026-01-05,phq-9.total,15
"""
ENDS = ("--before", "2026-01-05", "--after", "2026-03-02")
PCL = ("--measure", "pcl-5.total")
OWN = ("--measure", "own.total", "--sd", "10", "--reliability", "0.8")

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on a text; give exit code, what was printed and what was refused."""

    def ask(text: str, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "scores.csv"
        path.write_text(text, encoding="utf-8")
        code = main(["change", str(path), *options])
        out, err = capsys.readouterr()
        return code, out, err

    return ask


@pytest.fixture
def found(asked: Ask) -> Callable[..., dict[str, Any]]:
    """Run the command and give what it found."""

    def find(text: str, *options: str) -> dict[str, Any]:
        code, out, err = asked(text, *options, "--json")
        assert (code, err) == (0, "")
        told: dict[str, Any] = json.loads(out)
        return told

    return find


def categories(told: dict[str, Any]) -> dict[str, str]:
    """Return who is in which category."""
    return {one["person"]: one["category"] for one in told["people"]}


def test_everybody_is_in_one_category_by_the_published_figures(found: Any) -> None:
    told = found(WIDE, *PCL)

    assert (told["method"], told["cutoff"]) == ("jt", 28)
    assert told["counts"] == {
        "recovered": 1,
        "improved": 1,
        "unchanged": 1,
        "deteriorated": 1,
        "harmed": 1,
        "dropped_out": 1,
    }
    assert categories(told) == {
        "a": "recovered",
        "b": "improved",
        "c": "dropped_out",
        "d": "harmed",
        "e": "deteriorated",
        "f": "unchanged",
        "g": "unknown",
    }
    assert told["without_start"] == 1


def test_a_change_of_exactly_the_published_size_counts(found: Any) -> None:
    told = found("person,before,after\na,52,37\nb,52,38\n", *PCL)

    assert categories(told) == {"a": "improved", "b": "unchanged"}


def test_figures_that_are_told_win_over_published_ones(found: Any) -> None:
    told = found("person,before,after\na,52,36\n", *PCL, "--sd", "15")

    assert told["people"][0]["statistic"] == pytest.approx(-16 / (15 * np.sqrt(0.36)))
    assert told["basis"] == "sd 15, reliability 0.82 (retest)"
    assert categories(told) == {"a": "unchanged"}


def test_of_several_reliabilities_that_over_a_short_interval_is_used() -> None:
    pcl = instrument("pcl-5")
    retest = pcl.reliabilities[0]
    alpha = replace(retest, kind="alpha", value=0.94)
    both = replace(pcl, reliabilities=(alpha, retest))

    found = Measure("pcl-5.total", Better.LOWER, both, pcl.scale("total")).reliability

    assert found == retest


def test_the_long_table_gives_the_same(found: Any) -> None:
    told = found(LONG, *PCL, *ENDS)

    assert categories(told) == {
        "a": "recovered",
        "b": "improved",
        "c": "dropped_out",
        "d": "unknown",
    }


def test_a_time_is_found_however_it_is_written(found: Any) -> None:
    told = found(LONG, *PCL, "--before", "2026-01-05T00:00", "--after", "2026-02-02")

    assert told["people"][0]["after"] == 40


def test_times_may_be_numbers(found: Any) -> None:
    table = "person,at,measure,value\na,2,own.total,30\na,1,own.total,50\n"

    told = found(table, *OWN, "--before", "1", "--after", "2")

    assert told["people"][0]["change"] == -20


@pytest.mark.parametrize("method", ["gln", "hll", "en", "nk", "ha"])
def test_each_method_may_be_asked_for(found: Any, method: str) -> None:
    told = found(WIDE, *PCL, "--method", method)

    assert told["method"] == method
    assert told["critical"] == (1.65 if method == "ha" else 1.96)
    assert sum(told["counts"].values()) == 6


def test_the_later_reliability_may_be_another(found: Any) -> None:
    plain = found(WIDE, *PCL, "--method", "nk")
    other = found(WIDE, *PCL, "--method", "nk", "--reliability-after", "0.95")

    assert abs(other["people"][0]["statistic"]) > abs(plain["people"][0]["statistic"])


def test_the_multilevel_method_compares_slopes(found: Any) -> None:
    rng = np.random.default_rng(4)
    rows = ["person,at,measure,value"]
    for i in range(20):
        rows += [
            f"p{i},{t},own.total,{60 - (6 if i < 5 else 1) * t + rng.normal(0, 1):.3f}"
            for t in range(6)
        ]
    rows += ["gone,0,own.total,60", "gone,1,own.total,59"]

    told = found("\n".join(rows), *OWN[:2], "--method", "hlm", "--before", "0", "--after", "5")

    assert {categories(told)[f"p{i}"] for i in range(5)} == {"improved"}
    assert told["counts"]["dropped_out"] == 1


def test_a_measure_of_ones_own_takes_its_figures_from_the_command(found: Any) -> None:
    table = "person,before,after\na,40,62\nb,40,45\nc,44,40\n"

    told = found(table, *OWN, "--functional-mean", "60", "--functional-sd", "10")

    middle = (40 + 40 + 44) / 3
    assert told["cutoff"] == pytest.approx((middle + 60) / 2)
    assert told["better"] == "higher"
    assert categories(told)["a"] == "recovered"


@pytest.mark.parametrize(("criterion", "expected"), [("a", 20.0), ("b", 18.0)])
def test_the_line_may_be_drawn_otherwise(found: Any, criterion: str, expected: float) -> None:
    well = ("--functional-mean", "10", "--functional-sd", "4")

    told = found("person,before,after\na,40,30\n", *OWN, *well, "--criterion", criterion)

    assert told["cutoff"] == expected


def test_without_a_known_spread_the_line_is_drawn_from_these_people(found: Any) -> None:
    rows = [f"p{i},{t},own.total,{50 + i % 3 - t**2}" for i in range(9) for t in range(4)]
    text = "\n".join(["person,at,measure,value", *rows])
    ends = ("--before", "0", "--after", "3", "--criterion", "a", "--method", "hlm")

    told = found(text, "--measure", "own.total", *ends)

    assert told["cutoff"] == pytest.approx(51 - 2 * np.std([50, 51, 52] * 3, ddof=1))


def test_a_told_cutoff_is_itself_functional(found: Any) -> None:
    told = found("person,before,after\na,40,20\nb,40,21\n", *OWN, "--cutoff", "20")

    assert categories(told) == {"a": "recovered", "b": "improved"}


def test_caseness_is_the_line_where_no_other_is_published(found: Any) -> None:
    told = found("person,before,after\na,18,9\nb,18,10\n", "--measure", "phq-9.total")

    assert (told["cutoff"], told["cutoff_is_functional"]) == (10, False)
    assert categories(told) == {"a": "recovered", "b": "improved"}


def test_without_a_line_nobody_is_called_recovered(found: Any) -> None:
    told = found("person,before,after\na,40,5\n", *OWN)

    assert told["cutoff"] is None
    assert categories(told) == {"a": "improved"}


def test_the_screen_says_method_line_and_denominator(asked: Ask) -> None:
    _, pcl, _ = asked(WIDE, *PCL)
    _, phq, _ = asked("person,before,after\na,18,9\n", "--measure", "phq-9.total")
    _, own, _ = asked("person,before,after\na,,9\n", *OWN)

    assert "reliable change by jt (published threshold, 15 points)" in pcl
    assert "Functional: 28 or below." in pcl
    assert "dropped out        1   16.7 %" in pcl
    assert "Not counted: 1 without a first score." in pcl
    assert "Functional: below 10." in phq
    assert "nobody counts as recovered" in own


def test_it_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(WIDE.encode())))

    assert main(["change", "-", *PCL]) == 0
    assert "recovered" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("", PCL, "is empty"),
        ("person,before\na,1\n", PCL, "no column 'after'"),
        ("person,before,after\n", PCL, "holds nobody"),
        (WIDE + "h,99,1\n", PCL, "row 9, column before: 99 is outside pcl-5.total"),
        (WIDE + "h,many,1\n", PCL, "row 9, column before: 'many' is not a number"),
        (WIDE + "a,1,1\n", PCL, "row 9: the same person as row 2"),
        (WIDE + ",1,1\n", PCL, "row 9, column person: empty"),
        (WIDE, (*PCL, *ENDS), "--before and --after go with the long table"),
        (LONG, PCL, "Say with --before AT and --after AT"),
        (LONG, (*PCL, "--before", "2026-01-05", "--after", "2027-01-01"), "nobody has a row"),
        (LONG, (*OWN, *ENDS), "no score of 'own.total'; there are scores of pcl-5.total"),
        (LONG + "e,,pcl-5.total,3\n", (*PCL, *ENDS), "row 10, column at: empty"),
        (LONG + "e,soon,pcl-5.total,3\n", (*PCL, *ENDS), "'soon' is not a date"),
        (LONG + "a,2026-01-05,pcl-5.total,3\n", (*PCL, *ENDS), "measure and time as row 2"),
        (LONG, (*PCL, "--before", "2026-99-99", "--after", "2026-03-02"), "nobody has a row"),
        (
            LONG + "b,2026-03-02T10:00,pcl-5.total,3\n",
            (*PCL, *ENDS),
            "row 6: the same person has another score on 2026-03-02 in row 10",
        ),
        (
            "person,at,measure,value\na,1e9,own.total,3\n",
            (*OWN, "--before", "0", "--after", "1"),
            "row 2, column at: '1e9' is too large",
        ),
        (WIDE, (*PCL, "--method", "hlm"), "hlm needs the long table"),
        (LONG, (*PCL, *ENDS, "--method", "hlm"), "1 people have 3 scores or more"),
        (WIDE, ("--measure", "own.total"), "--sd is not known for 'own.total'"),
        (WIDE, ("--measure", "own.total", "--sd", "9"), "--reliability is not known"),
        (WIDE, ("--measure", "pcl-5"), "pcl-5 has no score ''; it has pcl-5.B"),
        (WIDE, ("--measure", "arousal.level"), "has no better side"),
        (WIDE, (*PCL, "--better", "higher"), "on pcl-5.total lower is better"),
        (WIDE, (*PCL, "--sd", "0"), "--sd is 0.0, it must be above 0"),
        (WIDE, (*PCL, "--reliability", "1"), "--reliability is 1.0"),
        (WIDE, (*PCL, "--cutoff", "nan"), "--cutoff is nan"),
        (WIDE, (*PCL, "--functional-mean", "9"), "go together"),
        (WIDE, (*PCL, "--criterion", "b"), "--criterion b needs"),
        ("person,before,after\na,1,\n", (*OWN[:2], "--criterion", "a"), "--sd is not known"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_reason(
    asked: Ask, text: str, options: tuple[str, ...], says: str
) -> None:
    code, out, err = asked(text, *options)

    assert (code, out) == (1, "")
    assert says in err
    assert "Traceback" not in err


def test_a_line_needs_people_to_draw_it_from(asked: Ask) -> None:
    code, _, err = asked(
        "person,before,after\na,1,\n", *OWN, "--functional-mean", "9", "--functional-sd", "1"
    )

    assert (code, "too few, or too alike" in err) == (1, True)


def test_wrong_usage_is_told_by_argparse() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["change", "x.csv", *PCL, "--method", "astrology"])
