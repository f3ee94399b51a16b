"""securebase instruments import: look first, keep with --yes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from securebase.cli.main import main
from securebase.science import library
from tests.exchange.foreign_files import OSD, REDCAP, fhir_form


@pytest.fixture(autouse=True)
def _only_what_is_shipped() -> Iterator[None]:
    yield
    library.read_also(None)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Write a form of another house."""
    file = tmp_path / "tea.json"
    file.write_text(json.dumps(fhir_form()))
    return file


def bring_in(file: Path, *words: str) -> int:
    """Run the command on a file, its practice beside it."""
    data = str(file.parent / "data")
    return main(["instruments", "import", str(file), "--data-dir", data, *words])


def test_it_shows_licence_preview_and_losses_and_keeps_nothing(
    form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring_in(form) == 0

    shown = capsys.readouterr().out
    assert "The file says of its rights: Invented for a test." in shown
    assert "total: sum of 2 items, 0 to 4" in shown
    assert "wording: left out. Say why you may show it" in shown
    assert "Nothing was kept." in shown
    assert not (form.parent / "data").exists()


def test_with_yes_it_is_in_the_library_and_scores(
    form: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bring_in(form, "--yes", "--licence-note", "We wrote it.", "--slug", "tea") == 0
    answers = form.parent / "answers.csv"
    answers.write_text("id,1,2\na,2,1\n")
    capsys.readouterr()

    monkeypatch.setenv("SECUREBASE_DATA_DIR", str(form.parent / "data"))

    assert main(["score", "tea", str(answers)]) == 0

    assert capsys.readouterr().out.splitlines()[1].startswith("a,3")
    asked = library.instrument("tea")
    assert asked.wordings["en"].items["1"] == "Is it warm?"
    assert library.may_be_shown(asked)


@pytest.mark.parametrize(
    ("name", "text", "form_name"),
    [
        ("tea.csv", REDCAP, "REDCap"),
        ("tea.osd", json.dumps(OSD), "OSD"),
        ("tea.json", json.dumps(fhir_form()), "FHIR"),
    ],
)
def test_it_tells_the_form_from_the_file(
    name: str, text: str, form_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_text(text)

    assert bring_in(file, "--json") == 0

    shown = json.loads(capsys.readouterr().out)
    assert (shown["format"], shown["kept"], shown["validated"]) == (form_name, None, False)
    assert shown["losses"]


def test_what_is_refused_leaves_nothing(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form.write_text(form.read_text().replace('"choice"', '"date"'))

    assert bring_in(form, "--yes") == 1

    assert "item[0].type: 'date' cannot be kept" in capsys.readouterr().err
    assert not (form.parent / "data").exists()


def test_our_own_form_is_refused_under_a_name_that_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["instruments", "show", "gad-7", "--fhir"]) == 0
    file = tmp_path / "gad.json"
    file.write_text(capsys.readouterr().out)

    assert bring_in(file, "--yes") == 1
    assert "the library has 'gad-7' already" in capsys.readouterr().err
    assert bring_in(file, "--yes", "--slug", "gad-7-again") == 0


def test_a_response_is_shown_with_what_differs_and_never_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [{"linkId": str(n), "answer": [{"valueInteger": 1}]} for n in range(1, 8)]
    total = {"linkId": "score.total", "answer": [{"valueDecimal": 9}]}
    file = tmp_path / "response.json"
    made = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "authored": "2026-11-23T18:30:00Z",
        "item": [*items, total],
    }
    file.write_text(json.dumps(made))

    assert bring_in(file, "--slug", "gad-7") == 0
    assert "DIFFERS: total: 9 came with it; we score 7 (scored)." in capsys.readouterr().out
    assert bring_in(file, "--slug", "gad-7", "--json") == 0
    assert json.loads(capsys.readouterr().out)["given_totals"] == {"total": 9.0}
    assert bring_in(file, "--slug", "gad-7", "--yes") == 1
    assert "belongs in a person's record" in capsys.readouterr().err
