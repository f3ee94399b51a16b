"""``securebase trajectory``.

From a long table of scores to one row per score with what the model makes of it. Bad
input is refused whole: nothing is written, and the row and column are named.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from securebase.cli.main import main

TABLE = """person,at,measure,value
a,2026-01-05,phq-9.total,18
a,2026-01-12,phq-9.total,18
a,2026-01-19,phq-9.total,19
a,2026-01-26,phq-9.total,20
a,2026-02-02,phq-9.total,21
b,2026-01-05T18:30,session-check-in.alliance,8
a,2026-02-09,phq-9.total,
"""


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command on a text; give exit code, rows written and what was refused."""

    def ask(text: str | bytes, *options: Any) -> Any:
        path = tmp_path / "scores.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = main(["trajectory", str(path), *options])
        out, err = capsys.readouterr()
        return code, list(csv.DictReader(io.StringIO(out))), err

    return ask


def test_every_row_comes_back_in_its_order_with_the_models_reading(asked: Any) -> None:
    code, rows, _ = asked(TABLE)

    assert code == 0
    assert [(r["person"], r["value"]) for r in rows] == [
        ("a", "18"),
        ("a", "18"),
        ("a", "19"),
        ("a", "20"),
        ("a", "21"),
        ("b", "8"),
        ("a", ""),
    ]
    first = rows[0]
    assert 15 < float(first["filtered"]) < 18
    assert float(first["predicted"]) == 15
    assert float(first["band_low"]) < float(first["band_high"])
    assert 0 < float(first["p_reliable_improvement"]) < 1


def test_looking_back_knows_more_and_ends_where_the_filter_does(asked: Any) -> None:
    _, rows, _ = asked(TABLE)

    first, last = rows[0], rows[6]
    assert float(first["smoothed_sd"]) < float(first["filtered_sd"])
    assert last["smoothed"] == last["filtered"]
    assert list(first)[-3:] == ["signals", "smoothed", "smoothed_sd"]


def test_a_missing_score_has_a_prediction_and_no_innovation(asked: Any) -> None:
    _, rows, _ = asked(TABLE)

    assert rows[-1]["predicted"]
    assert rows[-1]["innovation"] == ""


def test_signals_stand_in_the_row_whose_score_raised_them(asked: Any) -> None:
    _, rows, _ = asked(TABLE)

    assert [r["signals"] for r in rows] == ["", "", "", "", "NOT.P", "", ""]


def test_a_measure_without_reliable_change_has_no_chance(asked: Any) -> None:
    _, rows, _ = asked(TABLE)

    assert rows[5]["p_reliable_improvement"] == ""


def test_rows_may_come_in_any_order(asked: Any) -> None:
    head, *lines = TABLE.splitlines()
    _, rows, _ = asked(TABLE)

    _, turned, _ = asked("\n".join([head, *reversed(lines)]))

    assert turned == rows[::-1]


def test_a_spreadsheets_table_is_understood(asked: Any) -> None:
    told = "\ufeffperson;at;measure;value\na;2026-01-05;session-check-in.alliance;7,5\n\n"

    _, rows, _ = asked(told)

    assert rows[0]["value"] == "7.5"


def test_the_planned_end_changes_the_chance(asked: Any) -> None:
    _, sooner, _ = asked(TABLE, "--planned-sessions", "8")
    _, later, _ = asked(TABLE, "--planned-sessions", "30")

    chance = [float(r[0]["p_reliable_improvement"]) for r in (sooner, later)]
    assert chance[0] < chance[1]


def test_it_writes_a_file_when_asked(asked: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    code, rows, _ = asked(TABLE, "--out", str(out))

    assert (code, rows) == (0, [])
    assert out.read_text(encoding="utf-8").startswith("person,at,measure,value,filtered,")


def test_it_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TABLE.encode())))

    assert main(["trajectory", "-"]) == 0
    assert capsys.readouterr().out.count("\n") == 8


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("", "is empty"),
        ("person,at,measure\na,2026-01-05,phq-9.total\n", "no column 'value'"),
        ("person,at,measure,value,value\n", "column 'value' comes twice"),
        ("person,at,,value\n", "column 3 has no name"),
        (TABLE + "a,2026-02-16,phq-9.total,99\n", "row 9, column value: 99 is outside phq-9"),
        (TABLE + "a,2026-02-16,phq-9.total,many\n", "row 9, column value: 'many' is not a"),
        (TABLE + "a,2026-02-16,phq-9.total,1_0\n", "row 9, column value: '1_0' is not a"),
        (TABLE + "a,2026-02-16,phq-9.total,nan\n", "row 9, column value: 'nan' is not a"),
        (
            TABLE + "a,16/02/2026,phq-9.total,9\n",
            "row 9, column at: '16/02/2026' is not a date",
        ),
        (TABLE + ",2026-02-16,phq-9.total,9\n", "row 9, column person: empty"),
        (TABLE + "a,2026-02-16,phq-99,9\n", "row 9, column measure: no prior for 'phq-99'"),
        (TABLE + "a,2026-02-09,phq-9.total,9\n", "row 9: the same person, measure and time"),
        (TABLE + "a,2026-02-16,phq-9.total\n", "row 9: 3 cells, the first row names 4"),
        (TABLE + 'a,2026-02-16,"phq"9,9\n', "row 9: not readable as CSV"),
        (TABLE.encode() + b"\xe9,2026-02-16,phq-9.total,9\n", "row 9: not UTF-8"),
        (TABLE + "\0", "holds zero bytes"),
    ],
)
def test_bad_input_is_refused_whole(asked: Any, told: Any, says: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    code, rows, err = asked(told, "--out", str(out))

    assert (code, rows, out.exists()) == (1, [], False)
    assert says in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trajectory", "/nowhere/scores.csv"]) == 1
    assert "/nowhere/scores.csv" in capsys.readouterr().err


def test_the_planned_end_is_after_the_start(asked: Any) -> None:
    code, _, err = asked(TABLE, "--planned-sessions", "0")

    assert (code, "it must be 1 or more" in err) == (1, True)


def test_the_file_that_is_read_is_never_written_over(asked: Any, tmp_path: Path) -> None:
    code, _, err = asked(TABLE, "--out", str(tmp_path / "scores.csv"))

    assert (code, "Name another" in err) == (1, True)
    assert (tmp_path / "scores.csv").read_text() == TABLE


def test_priors_of_ones_own_are_used(asked: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("version = 1\n[family]\n[measure]\n", encoding="utf-8")

    code, _, err = asked(TABLE, "--priors", str(own))

    assert (code, "no prior for 'phq-9.total'" in err) == (1, True)
