"""The outcome report of a service.

Each figure is defined once, in Ibis, and counted by DuckDB or PostgreSQL. What they count
is what plain Python counts person by person.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from securebase.cli.main import main
from securebase.content import content_file
from securebase.exchange.cohort.as_text import as_text
from securebase.exchange.cohort.sources import count
from securebase.exchange.cohort.write_sql import DIALECTS, figures_in, sql_of
from securebase.science.cohort.form import the_form
from securebase.science.cohort.outcomes import Report, report
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.scoring import score
from securebase.science.simulate.cohort import simulate
from tests import postgres
from tests.exchange import reckoned
from tests.exchange.invented_cohort import (
    PHQ,
    Floats,
    Rows,
    as_parquet,
    empty,
    into_postgres,
    with_courses,
)

SNAPSHOTS = Path(__file__).parent / "sql"
NAN = float("nan")


def drawn(seed: int, people: int = 60, times: int = 8) -> Floats:
    """Return courses that fall a little, with gaps, and people who leave."""
    rng = np.random.default_rng(seed)
    level = rng.normal(16, 4, (people, 1)) - 0.7 * np.arange(times)
    courses = np.round(np.clip(level + rng.normal(0, 3, level.shape), 0, 27))
    courses[rng.random(courses.shape) < 0.15] = np.nan
    stays = rng.integers(0, times + 1, people)
    courses[np.arange(times) >= stays[:, None]] = np.nan
    return np.asarray(courses)


def simulated() -> Rows:
    """Return an export of simulated people: their PHQ-9, sessions, signals and strains."""
    rows = empty()
    rng = np.random.default_rng(4)
    for one in simulate(40, 3, start=date(2026, 1, 5), weeks=12).patients:
        rows["people"].append((one.person, "in_care", "stabilize", "en", "12 to 25 weeks"))
        position = 0
        for occasion in one.occasions:
            state = "held" if occasion.session_held else "missed"
            rows["sessions"].append((one.person, occasion.week, state, None, None, False))
            if "phq-9" in occasion.answers:
                position += 1
                total = score(instrument("phq-9"), occasion.answers["phq-9"]).scores[0]
                state = str(total.state)
                told = (one.person, PHQ, position, occasion.week, total.value, state)
                rows["scores"].append(told)
        for number in range(1, int(rng.integers(1, 4)) + 1):
            kind = str(rng.choice(["NOT", "RUP"]))
            rows["signals"].append((one.person, number, 5, kind, f"{kind}.1", "look", None))
            for act in rng.choice(["seen", "closed", "suggestion_accept"], rng.integers(0, 3)):
                rows["acts"].append((one.person, number, 6, str(act), None))
        if one.rupture is not None:
            rows["ruptures"].append((one.person, one.rupture[0], "unclear", one.repaired))
    return rows


def check_agrees(counted: Any, rows: Rows) -> None:
    """Compare what an engine counted with what plain Python counts."""
    changed = {row[1]: row[2] for row in counted["change"] if row[0] == PHQ}
    assert changed == reckoned.change(rows)
    waits = [tuple(map(int, row[1:])) for row in counted["response"] if row[0] == PHQ]
    assert waits == reckoned.response(rows)
    done = {(kind, state): n for kind, state, n, _ in counted["signals"]}
    assert done == reckoned.signals(rows)


def test_what_duckdb_counts_of_simulated_people_is_what_python_counts(tmp_path: Path) -> None:
    rows = simulated()

    counted = count(as_parquet(rows, tmp_path), the_form())

    check_agrees(counted, rows)


values = st.one_of(st.just(NAN), st.integers(min_value=0, max_value=27).map(float))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(courses=st.lists(st.lists(values, min_size=4, max_size=4), min_size=5, max_size=12))
def test_it_does_so_for_any_courses(courses: list[list[float]], tmp_path: Path) -> None:
    rows = with_courses(np.array(courses))

    counted = count(as_parquet(rows, tmp_path / uuid4().hex), the_form())

    check_agrees(counted, rows)


def test_means_and_effect_are_those_of_numpy(tmp_path: Path) -> None:
    rows = with_courses(drawn(2))
    wanted = reckoned.moments(rows)

    one = outcome(as_parquet(rows, tmp_path)).measures[0]

    assert one.points is not None
    assert one.effect is not None
    assert (one.before, one.after) == pytest.approx((wanted["before"], wanted["after"]))
    assert one.points.value == pytest.approx(wanted["after"] - wanted["before"])
    small = 1 - 3 / (4 * (wanted["n"] - 1) - 1)
    assert one.effect.value == pytest.approx(small * one.points.value / wanted["sd_before"])


def outcome(where: str) -> Report:
    """Report on a cohort."""
    return report(count(where, the_form()), the_form())


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Return the address of a PostgreSQL that holds the simulated people."""
    programs = postgres.usable_programs()
    if programs is None:
        give_up = pytest.fail if os.environ.get("REQUIRE") == "all" else pytest.skip
        give_up("no PostgreSQL server here")
    with postgres.server(programs) as where:
        url = f"postgresql://postgres@/postgres?host={where['PGHOST']}"
        with psycopg.connect(url) as connection:
            into_postgres(connection, simulated())
        yield url


@pytest.mark.postgres
def test_postgresql_counts_the_same_as_duckdb(database: str, tmp_path: Path) -> None:
    folder = as_parquet(simulated(), tmp_path)

    here, there = count(folder, the_form()), count(database, the_form())

    assert {name: list(map(tuple, rows)) for name, rows in there.items()} == here
    check_agrees(there, simulated())


@pytest.mark.postgres
def test_a_database_without_the_tables_is_refused_in_words(database: str) -> None:
    with pytest.raises(BadInput, match="lacks a table"):
        count(f"{database}&options=-csearch_path%3Dnowhere", the_form())


def test_a_database_that_is_not_there_is_refused_without_its_address() -> None:
    with pytest.raises(BadInput, match="cannot be reached") as refused:
        count("postgresql://u:secret@/x?host=/nowhere", the_form())

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_of_each_dialect_is_the_one_looked_at(dialect: str) -> None:
    """``python -m tests.exchange.write_snapshots`` writes it after a change on purpose."""
    kept = SNAPSHOTS / f"{dialect}.sql"
    shipped = content_file("cohort", f"{dialect}.sql")
    wanted = shipped if shipped.is_file() else kept

    assert sql_of(dialect, the_form()) == wanted.read_text()


def test_every_figure_is_in_the_sql_by_its_name() -> None:
    assert list(figures_in(sql_of("trino", the_form()))) == [
        *("care", "change", "moments", "response", "ruptures"),
        *("signals", "answered", "checkins", "sessions"),
    ]


def test_a_dialect_nobody_wrote_is_refused() -> None:
    with pytest.raises(BadInput, match="there are bigquery, duckdb"):
        sql_of("klingon", the_form())


def test_people_who_left_stay_in_the_denominator(tmp_path: Path) -> None:
    courses = np.full((40, 4), NAN)
    courses[:, 0] = 20
    courses[:10] = [20, 15, 10, 5]

    shown = outcome(as_parquet(with_courses(courses), tmp_path)).measures[0].change

    assert shown.shown.parts["dropped_out"] == 30
    assert shown.shares["recovered"].value == 10 / 40


def test_where_everybody_left_nothing_is_said_of_change(tmp_path: Path) -> None:
    courses = np.full((12, 4), NAN)
    courses[:, 0] = 20

    one = outcome(as_parquet(with_courses(courses), tmp_path)).measures[0]

    assert one.change.shown.parts["dropped_out"] == 12
    assert (one.points, one.effect, one.median) == (None, None, None)


def test_a_number_of_few_people_is_held_back_with_another_that_would_tell_it(
    tmp_path: Path,
) -> None:
    courses = np.full((40, 2), 20.0)
    courses[:2, 1] = 27
    courses[2:20, 1] = 5

    one = outcome(as_parquet(with_courses(courses), tmp_path)).measures[0]

    parts = one.change.shown.parts
    assert (parts["deteriorated"], parts["recovered"], parts["unchanged"]) == (None, None, 20)


def test_how_many_have_two_scores_is_not_said_where_it_tells_who_left(tmp_path: Path) -> None:
    courses = np.full((40, 2), 20.0)
    courses[:3, 1] = NAN

    one = outcome(as_parquet(with_courses(courses), tmp_path)).measures[0]

    assert one.both is None
    assert one.points is not None


@pytest.mark.parametrize(("people", "said"), [(0, "nobody"), (1, "fewer than 5")])
def test_a_cohort_of_nobody_or_one_is_refused(people: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        outcome(as_parquet(with_courses(drawn(1, people=people)), tmp_path))


def test_a_folder_with_a_table_missing_is_refused_by_its_name(tmp_path: Path) -> None:
    folder = Path(as_parquet(with_courses(drawn(1)), tmp_path))
    (folder / "acts.parquet").unlink()

    with pytest.raises(BadInput, match=r"lacks acts\.parquet"):
        outcome(str(folder))


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    folder = Path(as_parquet(with_courses(drawn(1)), tmp_path))
    (folder / "scores.parquet").write_bytes(b"PAR1 and no more")

    with pytest.raises(BadInput, match="cannot be read"):
        outcome(str(folder))


def test_another_form_is_refused(tmp_path: Path) -> None:
    rows = with_courses(drawn(1)) | {"about": [(99, "later", 5)]}

    with pytest.raises(BadInput, match="is of form 99; this program reads form 1"):
        outcome(as_parquet(rows, tmp_path))


def test_figures_by_clinician_are_refused(tmp_path: Path) -> None:
    import duckdb

    folder = as_parquet(with_courses(drawn(1)), tmp_path)
    people = f"{folder}/people.parquet"
    with duckdb.connect() as connection:
        table = connection.read_parquet(people)
        table.project("*, 'x' AS clinician").create("wider")
        connection.table("wider").write_parquet(people)

    with pytest.raises(BadInput, match="clinician"):
        outcome(folder)


@pytest.mark.parametrize("where", ["/nowhere/at/all", "snowflake://account/db"])
def test_a_place_that_cannot_be_read_is_refused(where: str) -> None:
    with pytest.raises(BadInput, match=r"no folder|--sql"):
        count(where, the_form())


def test_the_command_line_says_the_same_as_securebase_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = with_courses(drawn(7, people=200))
    folder = as_parquet(rows, tmp_path / "export")
    table = ["person,before,after"]
    for person, one in reckoned.courses(rows).items():
        first = f"{one[0][1]:g}" if one else ""
        last = f"{one[-1][1]:g}" if len(one) > 1 else ""
        table.append(f"{person},{first},{last}")
    (tmp_path / "wide.csv").write_text("\n".join(table))
    asked = ["--measure", PHQ, "--cutoff", "9", "--json"]

    assert main(["change", str(tmp_path / "wide.csv"), *asked]) == 0
    change = json.loads(capsys.readouterr().out)
    assert main(["cohort", folder, "--json"]) == 0
    cohort = json.loads(capsys.readouterr().out)

    counts = cohort["measures"][0]["change"]["counts"]
    told = {key: n for key, n in counts.items() if n is not None and key != "unknown"}
    assert len(told) > 3
    assert {key: change["counts"][key] for key in told} == told


def test_the_page_needs_nothing_from_outside_and_says_what_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, page = as_parquet(with_courses(drawn(7)), tmp_path / "e"), tmp_path / "out.html"

    assert main(["cohort", folder, "--html", str(page)]) == 0
    assert main(["cohort", folder, "--html", str(page)]) == 1

    said = page.read_text()
    assert "already there" in capsys.readouterr().err
    assert "<script" not in said
    assert "http" not in said
    assert "not a difference in how good they are" in said


def test_the_words_say_what_is_held_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    courses = np.full((40, 2), 20.0)
    courses[:2, 1] = 27

    assert main(["cohort", as_parquet(with_courses(courses), tmp_path)]) == 0

    said = capsys.readouterr().out
    assert "held back" in said
    assert "no figures by clinician" in said


@pytest.mark.parametrize(
    ("missing", "words", "extra"),
    [
        ("duckdb", ["cohort", "."], "analytics"),
        ("ibis", ["cohort", "--sql", "trino"], "cluster"),
    ],
)
def test_what_is_not_installed_is_named(
    missing: str,
    words: list[str],
    extra: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    assert main(words) == 1

    assert f"securebase[{extra}]" in capsys.readouterr().err


@pytest.mark.postgres
def test_a_table_of_another_kind_is_refused_in_words(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA odd")
        connection.execute("SET search_path TO odd")
        into_postgres(connection, empty())
        connection.execute("ALTER TABLE scores ALTER value TYPE text")
        connection.execute("UPDATE about SET format = 1")

    with pytest.raises(BadInput, match="cannot be read"):
        count(f"{database}&options=-csearch_path%3Dodd", the_form())


def test_waiting_that_half_never_ended_is_said_in_words(tmp_path: Path) -> None:
    courses = np.full((60, 3), 20.0)
    courses[:10, 2] = 5

    said = as_text(outcome(as_parquet(with_courses(courses), tmp_path)), the_form())

    assert "Half had not been reached" in said


def test_the_command_line_prints_sql_and_asks_for_a_cohort(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cohort", "--sql", "snowflake"]) == 0
    assert "-- figure: change" in capsys.readouterr().out
    assert main(["cohort"]) == 1
    assert "Name a folder" in capsys.readouterr().err
