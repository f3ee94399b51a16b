"""``securebase psychometrics``.

From a file of one's own answers to figures beside the published ones, and to what one
should be careful about.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from securebase.cli.main import main

Ask = Callable[..., tuple[int, str, str]]
HEAD = "id," + ",".join(str(n) for n in range(1, 10)) + "\n"
ANSWERS = HEAD + "".join(
    f"p{n}," + ",".join(str((n + item * (n % 3)) % 4) for item in range(9)) + "\n"
    for n in range(24)
)


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command on a text; give exit code, what was printed and what was refused."""

    def ask(text: str, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "answers.csv"
        path.write_text(text, encoding="utf-8")
        code = main(["psychometrics", str(path), "--instrument", "phq-9", *options])
        out, err = capsys.readouterr()
        return code, out, err

    return ask


def test_figures_are_laid_beside_the_published_ones(asked: Ask) -> None:
    code, out, _ = asked(ANSWERS, "--json")

    told = json.loads(out)
    total = told["scales"][0]
    assert (code, told["instrument"], told["people"]) == (0, "phq-9", 24)
    assert [item["id"] for item in told["items"]] == [str(n) for n in range(1, 10)]
    assert total["alpha"]["low"] < total["alpha"]["value"] < total["alpha"]["high"]
    assert total["reliable_change"] == pytest.approx(total["sem"] * 1.96 * 2**0.5)
    assert total["published"]["reliable_change"][0]["value"] == 6
    assert set(total["percentiles"]) == {"5", "10", "25", "50", "75", "90", "95"}
    assert {"kind", "about", "text"} == set(told["cautions"][0])


def test_people_read_words(asked: Ask) -> None:
    code, out, _ = asked(ANSWERS)

    assert code == 0
    assert "PHQ-9 (phq-9), 24 people" in out
    assert "alpha " in out
    assert "published: reliable change 6" in out
    assert "Be careful:\n- total: 24 people answered every item; 100 or more" in out


def test_what_nobody_knows_is_null_and_unknown(asked: Ask) -> None:
    blank = HEAD + "p1" + "," * 9 + "\n"

    _, as_json, _ = asked(blank, "--json")
    _, as_words, _ = asked(blank)

    assert json.loads(as_json)["scales"][0]["alpha"] is None
    assert json.loads(as_json)["items"][0]["mean"] is None
    assert "NaN" not in as_json
    assert "mean unknown, sd unknown" in as_words


def test_a_pipe_and_a_code_for_missing_are_understood(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + "p1" + ",1" * 8 + ",99\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))

    main(["psychometrics", "-", "--instrument", "phq-9", "--missing", "99", "--json"])

    assert json.loads(capsys.readouterr().out)["items"][8]["missing"] == 1


def test_a_score_that_counts_has_no_figures_of_consistency(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ace.csv"
    path.write_text("1,2,3,4,5,6,7,8,9,10,11\n" + ",".join(["1"] * 11) + "\n", encoding="utf-8")

    code = main(["psychometrics", str(path), "--instrument", "ace"])

    assert code == 0
    assert "alpha" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (ANSWERS.replace("p3,3", "p3,7"), (), "Row 5, column '1': '7' is not"),
        (HEAD, (), "header but no rows"),
        ("", (), "is empty"),
        (ANSWERS.replace("id,1,", "id,eins,"), (), "item 1"),
    ],
)
def test_bad_input_is_refused_whole(
    asked: Ask, text: str, options: tuple[str, ...], said: str
) -> None:
    code, out, err = asked(text, *options)

    assert (code, out) == (1, "")
    assert said in err


def test_an_instrument_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["psychometrics", "none.csv", "--instrument", "phq9"])

    assert code == 1
    assert "Did you mean phq-9?" in capsys.readouterr().err
