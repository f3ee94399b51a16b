"""securebase instruments, and the door all commands go through."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from securebase.cli import instruments as command
from securebase.cli.main import COMMANDS, main
from securebase.science.library import instruments
from securebase.science.words import Instrument

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from securebase.cli.main import main; sys.exit(main())",
]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command, expect it to succeed, and return what it printed."""
    assert main(["instruments", *arguments]) == 0
    return capsys.readouterr().out


def test_lists_every_instrument(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys).splitlines()

    assert [line.split()[0] for line in lines] == ["slug", *instruments()]


def test_lists_them_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["slug"]: row for row in json.loads(told(capsys, "--json"))}

    assert rows["phq-9"]["scores"] == ["total", "phq2"]
    assert rows["arousal"]["validated"] is False


@pytest.mark.parametrize("slug", list(instruments()))
def test_shows_one_whole(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    one = instruments()[slug]

    shown = told(capsys, "show", slug)

    texts = one.wordings["en"].items.values() if one.wordings else []
    assert all(text in shown for text in texts)
    assert ("No text may be shown" in shown) is not bool(texts)
    assert all(source.text in shown for source in one.sources)
    assert ("NOT a validated measure" in shown) is not one.validated


def test_shows_the_words_of_the_language_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = instruments()["session-check-in"].wordings["de"].items["safe"]

    assert words in told(capsys, "show", "session-check-in", "--language", "de")
    assert words in told(capsys, "show", "session-check-in", "--fhir", "--language", "de")
    assert main(["instruments", "show", "session-check-in", "--language", "eo"]) == 1
    assert "no wording in 'eo'. It has de, en" in capsys.readouterr().err


@pytest.mark.parametrize("slug", list(instruments()))
def test_shows_one_as_fhir(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(told(capsys, "show", slug, "--fhir"))

    assert (shown["resourceType"], shown["id"]) == ("Questionnaire", slug)


@pytest.mark.parametrize("slug", list(instruments()))
def test_shows_one_as_json(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(told(capsys, "show", slug, "--json"))

    assert [item["id"] for item in shown["items"]] == [i.id for i in instruments()[slug].items]


def test_marks_a_figure_that_nobody_has_read_at_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = next(x for x in told(capsys, "show", "phq-9").splitlines() if "total rc 6" in x)

    assert line.endswith("[not verified]")


def test_checks_every_worked_case(capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, "check")

    assert said.startswith(f"{len(instruments())} instruments, ")
    assert said.endswith("worked cases: all agree.\n")


def test_a_disagreement_is_told_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def one_fault(one: Instrument) -> list[str]:
        return ["phq-9, case X: total is 1"] if one.slug == "phq-9" else []

    monkeypatch.setattr(command, "disagreements", one_fault)

    assert main(["instruments", "check"]) == 1
    assert "phq-9, case X: total is 1" in capsys.readouterr().out


def test_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instruments", "show", "phq-10"]) == 1
    assert "securebase instruments: No instrument is called" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["nonsense"], ["score"], ["score", "phq-9"], ["--bogus"]]
)
def test_wrong_usage_leaves_with_two(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)

    assert left.value.code == 2
    assert "usage: securebase" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert all(name in shown for name in COMMANDS)


def test_every_command_helps_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])

        assert left.value.code == 0
        assert f"usage: securebase {name}" in capsys.readouterr().out


def test_a_reader_that_stops_early_is_no_fault() -> None:
    run = subprocess.Popen(
        [*PROGRAM, "instruments", "show", "pcl-5", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout is not None
    run.stdout.close()
    assert run.stderr is not None

    assert b"Traceback" not in run.stderr.read()
    run.stderr.close()
    run.wait()


def test_control_c_leaves_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", interrupted)

    assert main(["instruments"]) == 130
    assert capsys.readouterr() == ("", "")


def test_scoring_from_the_shell_never_loads_django(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("p,1,2,3,4,5,6,7\na,1,1,1,1,1,1,1\n")
    code = (
        "import sys; from securebase.cli.main import main;"
        f"main(['score', 'gad-7', {str(file)!r}]); main(['instruments']);"
        "sys.exit('django' in sys.modules)"
    )

    assert (
        subprocess.run(
            [sys.executable, "-c", code], check=False, capture_output=True
        ).returncode
        == 0
    )
