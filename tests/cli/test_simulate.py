"""``securebase simulate``.

Three files about people who do not exist: what they answered, what that scored, and what
was really so. The other commands read them as they stand.
"""

import csv
from pathlib import Path
from typing import Any

import pytest

from securebase.cli.main import main


def rows(path: Path) -> Any:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("invented") / "here"
    assert main(["simulate", "--patients", "6", "--seed", "7", "--out", str(out)]) == 0
    return out


def test_it_writes_answers_scores_and_truth(folder: Path) -> None:
    assert {p.name for p in folder.iterdir()} == {
        "responses.csv",
        "trajectories.csv",
        "truth.csv",
    }


def test_every_answered_check_in_is_a_row_of_answers(folder: Path) -> None:
    answered = [r for r in rows(folder / "truth.csv") if r["answered_at"]]

    assert [(r["person"], r["at"]) for r in rows(folder / "responses.csv")] == [
        (r["person"], r["answered_at"]) for r in answered
    ]


def test_the_truth_names_the_course_and_the_turning_points(folder: Path) -> None:
    told = rows(folder / "truth.csv")

    assert {r["course"] for r in told} >= {"improving", "stuck", "worsening"}
    assert any(r["strained"] == "1" for r in told)
    assert all(0 <= float(r["low_mood"]) <= 1 for r in told)


def test_the_trajectory_command_reads_its_scores(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "followed.csv"

    assert main(["trajectory", str(folder / "trajectories.csv"), "--out", str(out)]) == 0
    assert len(rows(out)) == len(rows(folder / "trajectories.csv"))


def test_the_score_command_reads_its_answers(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"

    assert main(["score", "phq-9", str(folder / "responses.csv"), "--out", str(out)]) == 0
    scored = {(r["person"], r["at"]): r["total"] for r in rows(out)}
    told = [r for r in rows(folder / "trajectories.csv") if r["measure"] == "phq-9.total"]
    for r in told:
        assert float(scored[r["person"], r["at"]] or -1) == float(r["value"] or -1)


def test_the_same_seed_writes_the_same_files(folder: Path, tmp_path: Path) -> None:
    main(["simulate", "--patients", "6", "--seed", "7", "--out", str(tmp_path)])

    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_file_in_the_way_is_kept_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "truth.csv").write_text("mine", encoding="utf-8")

    code = main(["simulate", "--patients", "2", "--seed", "7", "--out", str(tmp_path)])

    assert code == 1
    assert "is there already and not empty" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["truth.csv"]


def test_an_empty_file_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").touch()

    assert main(["simulate", "--patients", "1", "--seed", "7", "--out", str(tmp_path)]) == 0


def test_a_folder_that_cannot_be_made_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    code = main(
        ["simulate", "--patients", "1", "--seed", "7", "--out", str(tmp_path / "file/in")]
    )

    assert code == 1
    assert "Traceback" not in capsys.readouterr().err


def test_impossible_numbers_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["simulate", "--patients", "0", "--seed", "7", "--out", str(tmp_path)])

    assert code == 1
    assert "patients is 0" in capsys.readouterr().err
