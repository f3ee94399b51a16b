"""``securebase fit --covariates``: what is known at intake enters what is fitted.

Sixty invented people, and the figures that nlme finds for them.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from securebase.cli.main import main
from securebase.science.trajectory.prior import Prior, load_priors

ORACLES = Path(__file__).parents[1] / "science" / "oracles"
NAMES = ("core-10.total", "ecr-r.anxiety")


def rows(name: str) -> list[dict[str, str]]:
    """Read one file of the oracle."""
    with (ORACLES / f"{name}.csv").open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def scores() -> str:
    """Return the invented scores as a long table."""
    begun = date(2026, 1, 5)
    told = [
        f"{one['person']},{begun + timedelta(int(one['day']))},mood.total,{one['value']}"
        for one in rows("intake_scores")
    ]
    return "\n".join(["person,at,measure,value", *told])


def fitted(folder: Path, known: str) -> int:
    """Fit with what is known at intake; the prior goes to ``own.toml``."""
    (folder / "scores.csv").write_text(scores(), encoding="utf-8")
    (folder / "known.csv").write_text(known, encoding="utf-8")
    files = (str(folder / "scores.csv"), "--covariates", str(folder / "known.csv"))
    return main(["fit", *files, "--out", str(folder / "own.toml")])


@pytest.fixture(scope="module")
def of_nlme() -> dict[str, float]:
    """Return the figures of nlme by name."""
    return {one["figure"]: float(one["value"]) for one in rows("intake")}


@pytest.fixture(scope="module")
def prior(tmp_path_factory: pytest.TempPathFactory) -> Prior:
    """Return what the command wrote of the invented people."""
    folder = tmp_path_factory.mktemp("fit")
    fitted(folder, known=(ORACLES / "intake_known.csv").read_text())
    return load_priors(folder / "own.toml")["mood.total"]


def test_the_effects_are_those_of_nlme(prior: Prior, of_nlme: dict[str, float]) -> None:
    found = {one.name: one for one in prior.covariates}

    assert tuple(found) == NAMES
    for name, one in found.items():
        assert one.level == pytest.approx(of_nlme[f"{name}.level"], abs=2e-3)
        assert one.slope == pytest.approx(of_nlme[f"{name}.slope"], abs=2e-3)
    assert prior.intercept_mean == pytest.approx(of_nlme["intercept_mean"], abs=2e-3)
    assert prior.slope_mean == pytest.approx(of_nlme["slope_mean"], abs=2e-3)


def test_what_is_printed_has_the_likelihood_and_the_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], of_nlme: dict[str, float]
) -> None:
    fitted(tmp_path, known=(ORACLES / "intake_known.csv").read_text())

    told = capsys.readouterr().out.splitlines()
    loglik = float(told[1].split()[-1])
    at = told.index("one sd of ecr-r.anxiety adds")
    # The search of nlme ends a little below the top.
    assert 0 <= loglik - of_nlme["loglik"] < 5e-3
    errors = [float(line.split()[-1]) for line in told[at + 1 : at + 3]]
    expected = [of_nlme[f"ecr-r.anxiety.{one}.se"] for one in ("level", "slope")]
    assert errors == pytest.approx(expected, rel=0.05)


def test_a_score_at_intake_is_measured_by_the_people_fitted_to(prior: Prior) -> None:
    distress = [float(one["core-10.total"]) for one in rows("intake_known")]

    told = prior.told_by({"core-10.total": sum(distress) / len(distress)})

    assert told == {"core-10.total": pytest.approx(0.0)}
    assert prior.given({"core-10.total": 1.0}).intercept_sd < prior.intercept_sd


def test_no_instrument_tells_itself(tmp_path: Path) -> None:
    known = (ORACLES / "intake_known.csv").read_text()

    fitted(tmp_path, known=known.replace("core-10.total", "mood.start"))

    found = load_priors(tmp_path / "own.toml")["mood.total"]
    assert [one.name for one in found.covariates] == ["ecr-r.anxiety"]


def test_people_of_whom_one_is_not_known_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (ORACLES / "intake_known.csv").read_text().splitlines()

    fitted(tmp_path, known="\n".join([lines[0], "1,20,", *lines[3:], "somebody,20,3"]))

    assert capsys.readouterr().out.startswith("mood.total: 58 people")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("person\n1\n", "there is no column but person"),
        ("who,core-10.total\n1,3\n", "there is no column 'person'"),
        ("person,core-10.total\n1,3\n1,4\n", "row 3, column person: '1' is there twice"),
        ("person,core-10.total\n,3\n", "row 2, column person: empty"),
        ("person,core-10.total\n1,high\n", "row 2, column core-10.total"),
        ("person,core-10.total\n1,3\n2,3\n", "the 2 people with a score"),
        ("person,core-10.total\nx,3\ny,4\n", "the 0 people with a score"),
        ("person,core-10.total\n1,3\n2,4\n", "at least 5 are needed"),
    ],
)
def test_what_is_unclear_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], known: str, said: str
) -> None:
    code = fitted(tmp_path, known=known)

    assert code == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "own.toml").exists()
