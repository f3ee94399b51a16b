"""Scores from before are added from a file: looked at first, then kept, all or none.

The file is a table with columns ``at``, ``measure`` and ``value``, one score a row; or
with ``at`` and a column for each measure. A ``person`` column may name one person only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import the_practice
from securebase.clinic.care.wall_time import moment_of
from securebase.clinic.episodes.actions import episode_at_hand
from securebase.clinic.episodes.following import dose_of, extend_trajectories, raise_signals
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.actions import keep_past_scores
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.policies import check_can_record
from securebase.clinic.measurement.queries import instruments_answered
from securebase.clinic.measurement.sheets import PastScore
from securebase.people.accounts.models import User
from securebase.science.errors import BadInput, ScienceError
from securebase.science.signals.assess import Situation
from securebase.science.tables import Table, moment, number, read_table

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
MOST_PROBLEMS = 20
NOON = time(12)
"""A score known by its day only counts as given at noon where the patient lives."""
STILL_NEW = timedelta(days=28)
"""How old the newest score of a file may be to raise a signal today."""
FILE = "this file"


@dataclass(frozen=True, slots=True)
class Course:
    """One measure of the file: how many scores, from when to when."""

    measure: str
    scores: int
    first: PastScore
    last: PastScore


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would add, or why it is refused; nothing is kept yet."""

    scores: tuple[PastScore, ...]
    problems: tuple[str, ...]
    blank: int = 0
    """Rows without a value, left out."""

    @property
    def courses(self) -> tuple[Course, ...]:
        """The measures of the file in alphabetical order."""
        found: dict[str, list[PastScore]] = defaultdict(list)
        for score in sorted(self.scores, key=lambda score: score.at):
            found[score.measure].append(score)
        return tuple(
            Course(measure, len(all_), all_[0], all_[-1])
            for measure, all_ in sorted(found.items())
        )


def preview_history(*, raw: bytes, patient: Patient, by: User, at: datetime) -> Preview:
    """Read a file of past scores of one patient; what is unclear becomes a problem."""
    check_can_record(by, patient, Response.Source.IMPORT, at=at)
    try:
        table = _table(raw)
    except BadInput as refused:
        return Preview(scores=(), problems=(str(refused),))
    scores: dict[tuple[str, datetime], PastScore] = {}
    problems: list[str] = []
    blank = 0
    for row, cells in table.rows:
        try:
            score = _score(dict(zip(table.columns, cells, strict=True)), row, patient, at)
            if score is None:
                blank += 1
            elif scores.setdefault((score.measure, score.at), score) != score:
                raise BadInput(
                    f"{FILE}, row {row}: {score.measure} has two values for one time. Keep one."
                )
        except ScienceError as refused:
            problems.append(str(refused))
    if not scores and not problems:
        problems.append(f"{FILE} holds no score. Give at least one row with a value.")
    return Preview(tuple(scores.values()), tuple(problems[:MOST_PROBLEMS]), blank)


@transaction.atomic
def import_history(*, patient: Patient, preview: Preview, by: User, at: datetime) -> int:
    """Keep the scores of a file that was looked at; return how many were new.

    Loading the same file again adds nothing. A file with problems is refused whole.
    """
    if preview.problems:
        raise BadInput(f"{preview.problems[0]} Nothing was kept.")
    new = keep_past_scores(patient=patient, past=preview.scores, by=by, at=at)
    if not new:
        return 0
    episode = episode_at_hand(patient=patient, at=at)
    dose = dose_of(episode, at=at)
    dose = replace(dose, start=min(dose.start, new[0].at))
    trajectories = extend_trajectories(episode=episode, scores=new, dose=dose)
    practice = the_practice()
    if practice is not None and practice.signals_on:
        fresh = [t for t in trajectories if t.points[-1].at > at - STILL_NEW]
        signals = raise_signals(
            episode=episode,
            situation=Situation(at=at, session=0.0, trajectories=tuple(fresh)),
            dose=dose,
        )
        suggest_for(signals=signals, measured=instruments_answered(patient, at=at), at=at)
    return len(new)


def _table(raw: bytes) -> Table:
    if len(raw) > MOST_BYTES:
        raise BadInput(
            f"{FILE} has {len(raw):,} bytes; {MOST_BYTES:,} are allowed. Split it by year."
        )
    table = read_table(raw, FILE)
    if not {"measure", "value"} & set(table.columns):
        table = _one_score_a_row(table)
    table.need("at", "measure", "value")
    if len(table.rows) > MOST_ROWS:
        raise BadInput(
            f"{FILE} has {len(table.rows):,} rows; {MOST_ROWS:,} are allowed. Split it by year."
        )
    if "person" in table.columns and len({cell for _, cell in table.column("person")}) > 1:
        raise BadInput(f"{FILE} is about more than one person. Give one file for each.")
    return table


def _one_score_a_row(table: Table) -> Table:
    """Turn a table with a column for each measure; cells keep their row and column."""
    about = [name for name in table.columns if name in ("at", "person")]
    rows = []
    for row, cells in table.rows:
        given = dict(zip(table.columns, cells, strict=True))
        kept = tuple(given[name] for name in about)
        rows += [(row, (*kept, n, v, n)) for n, v in given.items() if n not in about]
    columns = (*about, "measure", "value", "column")
    return replace(table, columns=columns, rows=tuple(rows))


def _score(cells: dict[str, str], row: int, patient: Patient, at: datetime) -> PastScore | None:
    column = cells.get("column", "value")
    value = number(cells["value"].strip(), where=FILE, row=row, column=column)
    if value is None:
        return None
    told = cells["at"].strip()
    given = moment(told, where=FILE, row=row, column="at")
    if len(told) == len("2026-03-01"):
        given = moment_of(given.date(), NOON, patient.time_zone)
    if given > at:
        raise BadInput(f"{FILE}, row {row}, column at: {told} is still to come. Correct it.")
    try:
        return PastScore(cells["measure"].strip(), given, value)
    except ScienceError as refused:
        raise BadInput(f"{FILE}, row {row}: {refused}") from None
