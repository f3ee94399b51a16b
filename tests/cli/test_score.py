"""securebase score.

Files come as people's programs write them. What is understood is scored; what is not is
refused whole, with row and column, and nothing is written.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest

from securebase.cli import score as command
from securebase.cli.main import main

ONES = "1,1,1,1,1,1,1,1,1"
HEADER = "person,1,2,3,4,5,6,7,8,9"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.csv"


def scored(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, str]]:
    """Run the command, expect it to succeed, and return its rows."""
    code = main(["score", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return list(csv.DictReader(io.StringIO(out)))


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run the command, expect a refusal and nothing written, and return the reason."""
    code = main(["score", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    return err


def test_writes_ids_scores_states_bands_and_flags(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"person,at,1,2,3,4,5,6,7,8,9\nann,2026-01-05,{ONES}\n")

    assert scored(capsys, "phq-9", file) == [
        {
            "person": "ann",
            "at": "2026-01-05",
            "total": "9",
            "total.answered": "9",
            "total.state": "scored",
            "total.band": "mild",
            "phq2": "2",
            "phq2.answered": "2",
            "phq2.state": "scored",
            "alg": "none",
            "item9": "true",
        }
    ]


def test_writes_the_standard_error_of_a_score_that_has_one(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("person,1,2,3,4\nann,3,3,3,3\nben,3,3,,3\n")

    ann, ben = scored(capsys, "promis-depression-4a", file)

    assert (ann["T"], ann["SE"], ann["T.band"]) == ("62.2", "2.3", "moderate")
    assert (ben["T"], ben["SE"], ben["T.state"]) == ("", "", "incomplete")


def test_a_number_between_two_codes_is_refused_with_its_place(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("person,1,2,3,4,5,6,7,8,9,10,11\nann,1,2,2,2,3,1,1,1,1,1,1\n")

    assert "Row 2, column '5': '3' is not one of 1, 2, 8" in refused(capsys, "ace", file)


def test_a_blank_cell_is_a_missing_answer(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\nann,1,1,1,1,1,1,1,,\nbob,3,,, ,0,0,0,0,0\n")

    ann, bob = scored(capsys, "phq-9", file)

    assert (ann["total"], ann["total.state"], ann["item9"]) == ("9", "prorated", "")
    assert (bob["total"], bob["total.state"], bob["total.band"]) == ("", "incomplete", "")


def test_a_code_of_the_file_can_mean_missing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\nann,1,1,1,1,1,1,1,-99,0\n")

    assert scored(capsys, "phq-9", file, "--missing", "-99")[0]["total.answered"] == "8"


SAME = "person;1;2;3;4;5;6;7\r\nann;1;1;1;1;1;1;2\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        SAME.encode(),
        b"\xef\xbb\xbf" + SAME.encode(),
        SAME.encode("utf-16"),
        SAME.replace(";", "\t").encode(),
        SAME.replace(";", ",").replace("\r\n", "\n").encode(),
        SAME.replace("2\r\n", "2.0 \r\n").encode(),
        SAME.replace("1;2;3", ' 1 ;"2";3').encode(),
        ("\r\n" + SAME + "\r\n;;;;;;;\r\n").encode(),
        SAME.replace("1;2;3;4;5;6;7", ";".join(f"gad-7.{n}" for n in range(1, 8))).encode(),
        SAME.replace("person;1;2", "person;2;1").encode(),
    ],
    ids=[
        "semicolons", "byte-order mark", "UTF-16", "tabs", "commas", "decimals", "quotes",
        "blank lines", "full names", "another order",
    ],
)  # fmt: skip
def test_files_of_every_habit_are_understood(
    raw: bytes, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(raw)

    rows = scored(capsys, "gad-7", file)

    assert [(row["person"], row["total"]) for row in rows] == [("ann", "8")]


def test_an_id_may_hold_a_separator_a_quote_or_any_letter(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('name,1,2,3,4,5,6,7\n"Núñez, ""Z""",0,0,0,0,0,0,0\n', encoding="utf-8")

    assert scored(capsys, "gad-7", file)[0]["name"] == 'Núñez, "Z"'


def test_an_item_that_is_not_scored_may_be_left_out(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("p,1,2,3,4,5\na,1,1,1,0,0\n")

    assert scored(capsys, "pc-ptsd-5", file)[0]["ge3"] == "true"


def test_a_patients_own_words_are_not_copied(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(
        "p,safe,understood,agreed,said,tension,matters,mended\na,9,9,9,9,0,my secret,\n"
    )

    row = scored(capsys, "session-check-in", file)[0]

    assert (row["alliance"], "my secret" in row.values()) == ("9", False)


def test_out_writes_a_file_only_its_owner_can_read(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\nann,{ONES}\n")
    out = tmp_path / "scores.csv"

    assert main(["score", "phq-9", str(file), "--out", str(out)]) == 0

    assert out.read_text().splitlines()[1].startswith("ann,9,9,scored,mild,2")
    assert out.stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["answers.csv", "scores.csv"]
    assert capsys.readouterr().out == ""


def test_a_dash_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAME.encode())))

    assert scored(capsys, "gad-7", "-")[0]["total"] == "8"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{HEADER}\nann,{ONES}\nbob,1,1,1,1,1,1,1,1,4\n", "Row 3, column '9': '4' is not a"),
        (f"{HEADER}\nann,-1,1,1,1,1,1,1,1,1\n", "Row 2, column '1': '-1' is not a"),
        (f"{HEADER}\nann,1.5,1,1,1,1,1,1,1,1\n", "Row 2, column '1': '1.5' is not a"),
        (f"{HEADER}\nann,nan,1,1,1,1,1,1,1,1\n", "Row 2, column '1': 'nan' is not a"),
        (f"{HEADER}\nann,1e9,1,1,1,1,1,1,1,1\n", "Row 2, column '1': '1e9' is not a"),
        (f"{HEADER}\n\nann,NA,1,1,1,1,1,1,1,1\n", "Row 3, column '1': 'NA' is not a"),
        (f"{HEADER}\nann,{ONES},1\n", "Row 2 has 11 cells, the header has 10"),
        (f"{HEADER}\nann,1\n", "Row 2 has 2 cells, the header has 10"),
        (f"{HEADER}\n", "no rows"),
        (f"{HEADER[:-2]}\nann,{ONES[:-2]}\n", "No column for item 9 of phq-9"),
        (f"{HEADER},9\nann,{ONES},1\n", "Two columns are called '9'"),
        (f"{HEADER},phq-9.9\nann,{ONES},1\n", "'9' and 'phq-9.9' both hold item 9"),
        (f"person,{HEADER}\nann,b,{ONES}\n", "Two columns are called 'person'"),
        (f"total,{HEADER}\nann,b,{ONES}\n", "called 'total', which is also a score"),
        (f'{HEADER}\n"ann,{ONES}\n', "cannot be read as CSV"),
        ("just some words\n", "No column for item 1, 2"),
        ("", "The file is empty"),
        (" \n\n", "The file is empty"),
        (",,,\n", "No column for item"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(
    text: str, reason: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text)
    out = tmp_path / "out.csv"

    assert reason in refused(capsys, "phq-9", file, "--out", out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("person;1\r\nJosé;1\r\n".encode("latin-1"), "row 2: not UTF-8 text (byte 14)"),
        (SAME.encode("utf-16-le"), "holds zero bytes"),
        (b"\xff\xfeabc", "not UTF-16 text"),
        (b"PK\x03\x04\x00\x00", "holds zero bytes"),
    ],
    ids=["latin-1", "UTF-16 without mark", "half a character", "a spreadsheet itself"],
)
def test_another_encoding_is_refused_with_what_to_do(
    raw: bytes, reason: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(raw)

    said = refused(capsys, "gad-7", file)

    assert reason in said
    assert "Save it again as CSV in UTF-8" in said


def test_a_missing_code_that_is_an_answer_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\nann,{ONES}\n")

    assert "--missing 0 is also an answer of item 1" in refused(
        capsys, "phq-9", file, "--missing", "0"
    )


def test_the_answers_are_never_written_over(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\nann,{ONES}\n")

    assert "is the file of answers itself" in refused(capsys, "phq-9", file, "--out", file)
    assert file.read_text().startswith("person,1")


def test_a_file_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No such file" in refused(capsys, "phq-9", tmp_path / "nothing.csv")
    assert "Is a directory" in refused(capsys, "phq-9", tmp_path)


def test_an_unknown_instrument_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Did you mean phq-9?" in refused(capsys, "phq9", file)


def test_a_write_that_fails_leaves_nothing_behind(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{HEADER}\nann,{ONES}\n")

    assert "No such file" in refused(capsys, "phq-9", file, "--out", tmp_path / "no" / "o.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["answers.csv"]


def test_a_disk_that_fails_midway_leaves_nothing_behind(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device", "scores.csv")

    file.write_text(f"{HEADER}\nann,{ONES}\n")
    monkeypatch.setattr(command, "_rows", no_space)

    assert "No space left" in refused(capsys, "phq-9", file, "--out", tmp_path / "scores.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["answers.csv"]


def test_many_rows_come_out_in_their_order(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"p{n},{n % 4},0,0,0,0,0,0" for n in range(60_001)]
    file.write_text("person,1,2,3,4,5,6,7\n" + "\n".join(lines))

    rows = scored(capsys, "gad-7", file)

    assert [row["total"] for row in rows] == [str(n % 4) for n in range(60_001)]
    assert rows[-1]["person"] == "p60000"
