"""Scores from before.

A file is looked at first: what it would add, or why it is refused. Then all of it is
kept, or none. Loading it again adds nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Signal, TrajectoryPoint
from securebase.clinic.measurement.models import Response, Score
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.science.errors import BadInput
from securebase.stories.import_history import (
    MOST_BYTES,
    MOST_ROWS,
    Preview,
    import_history,
    preview_history,
)
from tests import factories as make

NOW = make.NOW
HISTORY = b"""at,measure,value
2026-09-14,phq-9.total,9
2026-10-05,phq-9.total,8
2026-10-26T18:30+00:00,phq-9.total,15
2026-11-16,phq-9.total,21
2026-11-16,gad-7.total,
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> User:
    """Return a clinician in a practice with signals on."""
    make.a_practice()
    return make.a_clinician()


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return a patient in an open episode."""
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW, planned_sessions=16)
    return patient


def look(raw: bytes, patient: Patient) -> Preview:
    """Preview a file as the clinician of the patient."""
    clinician = patient.bonds.get().clinician
    return preview_history(raw=raw, patient=patient, by=clinician, at=NOW)


def load(raw: bytes, patient: Patient) -> int:
    """Preview and keep a file as the clinician of the patient."""
    clinician = patient.bonds.get().clinician
    return import_history(patient=patient, preview=look(raw, patient), by=clinician, at=NOW)


def test_a_preview_says_what_the_file_would_add_and_keeps_nothing(patient: Patient) -> None:
    preview = look(HISTORY, patient)

    (course,) = preview.courses
    assert (course.measure, course.scores) == ("phq-9.total", 4)
    assert (course.first.value, course.last.value) == (9, 21)
    assert (preview.problems, preview.blank) == ((), 1)
    assert not Response.objects.exists()


def test_scores_are_kept_with_who_added_them(patient: Patient, clinician: User) -> None:
    assert load(HISTORY, patient) == 4

    response = Response.objects.order_by("answered_at")[0]
    score = Score.objects.order_by("at")[0]
    assert (response.source, response.recorded_by, response.recorded_at) == (
        "import",
        clinician,
        NOW,
    )
    assert (response.answers, score.value, score.band, score.answered) == ({}, 9.0, "mild", 0)


def test_a_day_without_an_hour_is_noon_where_the_patient_lives(patient: Patient) -> None:
    patient.time_zone = "Pacific/Auckland"

    preview = look(HISTORY, patient)

    assert preview.scores[0].at == datetime(2026, 9, 14, 0, 0, tzinfo=UTC)
    assert preview.scores[2].at == datetime(2026, 10, 26, 18, 30, tzinfo=UTC)


def test_they_make_a_trajectory_from_the_first_score_on(patient: Patient) -> None:
    load(HISTORY, patient)

    points = TrajectoryPoint.objects.all()

    assert [point.value for point in points] == [9, 8, 15, 21]
    assert points[3].band_high < 21


def test_what_they_show_now_is_noticed_with_a_next_step(patient: Patient) -> None:
    load(HISTORY, patient)

    signal = Signal.objects.get()

    assert (signal.kind, signal.measure) == ("DET", "phq-9.total")
    assert signal.suggestions.exists()


def test_what_they_showed_long_ago_is_only_drawn(patient: Patient) -> None:
    load(HISTORY.replace(b"2026-", b"2025-"), patient)

    assert TrajectoryPoint.objects.count() == 4
    assert not Signal.objects.exists()


def test_nothing_is_noticed_where_signals_are_off(patient: Patient) -> None:
    Practice.objects.update(signals_on=False)

    load(HISTORY, patient)

    assert not Signal.objects.exists()


def test_loading_a_file_again_adds_nothing(patient: Patient) -> None:
    load(HISTORY, patient)
    longer = HISTORY + b"2026-11-20,phq-9.total,14\n"

    assert load(HISTORY, patient) == 0
    assert load(longer, patient) == 1
    assert Score.objects.count() == TrajectoryPoint.objects.count() == 5


def test_two_scores_of_one_moment_share_a_response(patient: Patient) -> None:
    load(b"at,measure,value\n2026-11-16,phq-9.total,9\n2026-11-16,phq-9.phq2,2\n", patient)

    assert Response.objects.get().scores.count() == 2


def test_a_value_that_differs_from_the_one_kept_is_refused_whole(patient: Patient) -> None:
    load(HISTORY, patient)
    other = b"at,measure,value\n2026-11-17,phq-9.total,5\n2026-11-16,phq-9.total,20\n"

    with pytest.raises(BadInput, match="20, and 21 is already there"):
        load(other, patient)

    assert Score.objects.count() == 4


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"at,measure,value\n", "holds no score"),
        (b"at,measure\n2026-11-16,phq-9.total\n", "no column 'value'"),
        ("José".encode("latin-1"), "not UTF-8"),
        (b"\xff\xfeabc", "not UTF-16"),
        (b"at,measure,value\n16.11.2026,phq-9.total,9\n", "row 2, column at"),
        (b"at,measure,value\n2026-11-24,phq-9.total,9\n", "still to come"),
        (b"at,measure,value\n2026-11-16,phq-9.total,28\n", "row 2: phq-9.total is 28"),
        (b"at,measure,value\n2026-11-16,phq-9.total,-1\n", "runs from 0 to 27"),
        (b"at,measure,value\n2026-11-16,phq-9.total,nine\n", "not a number"),
        (b"at,measure,value\n2026-11-16,phq-9.mood,9\n", "has no score 'mood'"),
        (b"at,measure,value\n2026-11-16,phq-99.total,9\n", "Did you mean phq-9"),
        (b"at,measure,value\n2026-11-16,phq-9.total,9,\n", "4 cells"),
        (b"at,measure,value\n" + b"2026-11-16,phq-9.total,9\n2026-11-16,phq-9.total,8\n",
         "two values for one time"),
        (b"person,at,measure,value\nA,2026-11-16,phq-9.total,9\nB,2026-11-17,phq-9.total,9\n",
         "more than one person"),
        (b"at,measure,value\n" + b"2026-11-16,phq-9.total,9\n" * (MOST_ROWS + 1), "5,000"),
        (b"x" * (MOST_BYTES + 1), "1,000,000 are allowed"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_named_and_refused(patient: Patient, raw: bytes, says: str) -> None:
    preview = look(raw, patient)

    assert says in preview.problems[0]
    with pytest.raises(BadInput, match="Nothing was kept"):
        load(raw, patient)
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbfat,measure,value\r\n2026-11-16,phq-9.total,9\r\n",
        b"at;measure;value\n2026-11-16;phq-9.total;9,0\n",
        b"value\tat\tmeasure\n9\t2026-11-16\tphq-9.total\n",
        b"person,at,measure,value\nA,2026-11-16,phq-9.total,9\nA,2026-11-17,phq-9.total,9\n",
    ],
)
def test_tables_as_spreadsheets_write_them_are_understood(patient: Patient, raw: bytes) -> None:
    preview = look(raw, patient)

    assert preview.problems == ()
    assert {score.value for score in preview.scores} == {9.0}


def test_a_column_for_each_measure_is_understood_as_well(patient: Patient) -> None:
    raw = b"at,phq-9.total,gad-7.total\n2026-11-16,9,\n2026-11-17,8,7\n"

    preview = look(raw, patient)

    assert [(course.measure, course.scores) for course in preview.courses] == [
        ("gad-7.total", 1),
        ("phq-9.total", 2),
    ]
    assert (preview.blank, preview.problems) == (1, ())


def test_a_wrong_cell_is_named_by_its_own_column(patient: Patient) -> None:
    preview = look(b"at,phq-9.total\n2026-11-16,nine\n", patient)

    assert "row 2, column phq-9.total" in preview.problems[0]


def test_every_problem_of_a_file_is_named_up_to_twenty(patient: Patient) -> None:
    raw = b"at,measure,value\n" + b"never,phq-9.total,9\n" * 30

    assert len(look(raw, patient).problems) == 20


def test_nobody_but_a_treating_clinician_adds_scores(patient: Patient) -> None:
    preview = look(HISTORY, patient)

    for user in (make.the_account(patient), make.a_clinician(), make.a_host()):
        with pytest.raises(PermissionDenied):
            preview_history(raw=HISTORY, patient=patient, by=user, at=NOW)
        with pytest.raises(PermissionDenied):
            import_history(patient=patient, preview=preview, by=user, at=NOW)
    assert not Response.objects.exists()


def test_the_trail_says_who_added_scores(patient: Patient, clinician: User) -> None:
    load(HISTORY, patient)

    rows = AuditEvent.objects.filter(verb=Verb.RESPONSE_IMPORT.value)
    assert [(row.actor, row.patient) for row in rows] == [(clinician.pk, patient.pk)]


def test_what_came_before_and_what_comes_now_are_one_line(patient: Patient) -> None:
    load(HISTORY, patient)
    later = NOW + timedelta(days=7)
    make.send(
        make.a_checkin(patient, at=later), {f"phq-9.{n}": 1 for n in range(1, 9)}, at=later
    )

    last = TrajectoryPoint.objects.filter(measure="phq-9.total").last()

    assert last is not None
    assert last.value == 9
    assert last.predicted_mean > 10
