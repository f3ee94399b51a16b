"""``securebase fit``.

From a long table of many people's scores to a file of priors that the trajectory command
reads.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

from securebase.cli.fit import describe
from securebase.cli.main import main
from securebase.science.trajectory.fit import FITTED, Fit
from securebase.science.trajectory.prior import load_priors

Ask = Callable[..., tuple[int, str, str]]


def table(measure: str = "phq-9.total", people: int = 40) -> str:
    """Draw people's weekly scores as a long table."""
    rng = np.random.default_rng(11)
    rows = ["person,at,measure,value"]
    for i in range(people):
        level, slope = rng.normal(15, 3), rng.normal(-2, 1)
        for j in range(8):
            value = float(
                np.clip(np.round(level + slope * np.log1p(j) + rng.normal(0, 2)), 0, 21)
            )
            told = "" if rng.random() < 0.1 else f"{value:g}"
            rows.append(f"p{i},{date(2026, 1, 5) + timedelta(weeks=j)},{measure},{told}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command on a text; give exit code, what was printed and what was refused."""

    def ask(text: str, *options: str, command: str = "fit") -> tuple[int, str, str]:
        path = tmp_path / "scores.csv"
        path.write_text(text, encoding="utf-8")
        out = ("--out", str(tmp_path / "own.toml")) if command == "fit" else ()
        code = main([command, str(path), *out, *options])
        printed, err = capsys.readouterr()
        return code, printed, err

    return ask


def test_what_is_fitted_is_printed_and_written(asked: Ask, tmp_path: Path) -> None:
    code, out, _ = asked(table())

    prior = load_priors(tmp_path / "own.toml")["phq-9.total"]
    told = {line.split()[0]: line.split()[1] for line in out.splitlines()[3:]}
    assert code == 0
    assert "log-likelihood  -" in out
    for name, figure in told.items():
        assert getattr(prior, name) == pytest.approx(float(figure), abs=6e-5)
    assert prior.slope_mean == pytest.approx(-2, abs=0.6)


def test_the_rest_is_kept_from_the_known_prior(asked: Ask, tmp_path: Path) -> None:
    asked(table())

    prior = load_priors(tmp_path / "own.toml")["phq-9.total"]
    assert (prior.name, prior.low, prior.high) == ("Depression (PHQ-9)", 0, 27)
    assert prior.reliable_change == 6
    assert prior.version.startswith("fit-2026-02-23-")


def test_the_trajectory_command_takes_them(asked: Ask, tmp_path: Path) -> None:
    asked(table())

    code, out, _ = asked(table(), "--priors", str(tmp_path / "own.toml"), command="trajectory")

    prior = load_priors(tmp_path / "own.toml")["phq-9.total"]
    first = next(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert float(first["predicted"]) == pytest.approx(prior.intercept_mean, abs=1e-5)


def test_what_is_fitted_says_how_old_its_data_are(asked: Ask, tmp_path: Path) -> None:
    asked(table())

    prior = load_priors(tmp_path / "own.toml")["phq-9.total"]
    assert prior.dated is not None
    assert prior.stamp == f"{prior.version} of {prior.dated}"


def test_the_same_data_give_the_same_file(asked: Ask, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    asked(table())
    first = own.read_text()
    asked(table())

    assert own.read_text() == first
    asked(table(people=30))
    assert own.read_text().splitlines()[3] != first.splitlines()[3]


def test_each_measure_is_fitted_for_itself(asked: Ask, tmp_path: Path) -> None:
    other = table("gad-7.total", people=20).split("\n", 1)[1]

    code, out, _ = asked(table() + other)

    assert code == 0
    assert set(load_priors(tmp_path / "own.toml").by_measure) == {"gad-7.total", "phq-9.total"}
    assert "gad-7.total: 20 people" in out


def test_a_measure_of_ones_own_has_no_ends_and_no_reliable_change(
    asked: Ask, tmp_path: Path
) -> None:
    code, _, _ = asked(table("my 'own' \\ scale"), "--better", "higher")

    prior = load_priors(tmp_path / "own.toml")["my 'own' \\ scale"]
    assert code == 0
    assert (prior.low, prior.high, prior.reliable_change) == (-inf, inf, None)
    assert prior.better == "higher"


def test_a_known_error_may_be_held(asked: Ask, tmp_path: Path) -> None:
    _, out, _ = asked(table(), "--hold-error")

    known = load_priors()["phq-9.total"].error_sd
    assert load_priors(tmp_path / "own.toml")["phq-9.total"].error_sd == pytest.approx(known)
    assert "held" in out


def test_few_people_will_do_if_one_may_lean_on_the_priors(asked: Ask, tmp_path: Path) -> None:
    code, _, _ = asked(table(people=2), "--lean")

    known, own = load_priors(), load_priors(tmp_path / "own.toml")
    assert code == 0
    assert own["phq-9.total"].slope_sd == pytest.approx(known["phq-9.total"].slope_sd, rel=0.5)


def test_a_search_that_did_not_end_and_an_unknown_error_are_said() -> None:
    errors = dict.fromkeys(FITTED.__slots__, nan)

    told = describe("x", Fit(-1.0, FITTED, errors, people=9, observations=30, converged=False))

    assert "do not rely on this" in told
    assert "unknown" in told


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("", (), "is empty"),
        ("person,at,measure,value\n", (), "holds no score"),
        (table(people=4), (), "phq-9.total: 4 people have 3 scores or more, at least 5"),
        (table() + "z,2026-01-05,phq-9.total,99\n", (), "99 is outside phq-9.total"),
        (table() + "z,1,phq-9.total,9\n", (), "'1' is not a date"),
        (table() + "z,2026-01-05,phq-9.none,9\n", (), "phq-9 has no score 'none'"),
        (table("own"), ("--hold-error",), "nothing to hold or to lean on"),
    ],
)
def test_bad_input_is_refused_whole(
    asked: Ask, tmp_path: Path, text: str, options: tuple[str, ...], says: str
) -> None:
    code, out, err = asked(text, *options)

    assert (code, out, (tmp_path / "own.toml").exists()) == (1, "", False)
    assert says in err


def test_the_file_that_is_read_is_never_written_over(asked: Ask, tmp_path: Path) -> None:
    code, _, err = asked(table(), "--out", str(tmp_path / "scores.csv"))

    assert (code, "Name another" in err) == (1, True)
    assert (tmp_path / "scores.csv").read_text() == table()
