"""What an estimate is made of, at the desk.

A clinician can add up the best estimate: what is expected of anybody, what this person's
earlier scores add, and what the last one adds. What is known at intake, what counted only
in part and what cannot be assessed is said beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.urls import reverse

from securebase.clinic.episodes.models import Signal, TrajectoryPoint
from securebase.clinic.measurement.actions import keep_scores, record_responses
from securebase.clinic.measurement.sheets import AnswerSheet
from securebase.pages.clinician.made_of import MadeOf, made_of
from securebase.science.signals.rules import load_rules
from securebase.stories.open_record import Course, course_behind, open_record
from tests.factories import (
    NOW,
    a_checkin,
    a_patient,
    send,
    the_account,
)
from tests.pages.signed import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

BEGIN = NOW - timedelta(weeks=8)
ECR = {str(n): 1 for n in range(1, 5)} | {str(n): 6 for n in range(5, 10)}


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician, at=BEGIN)


def answered(patient: Patient, answers: dict[str, int], *, at: datetime) -> None:
    """Send one check-in with all of one instrument answered."""
    slug = next(iter(answers)).partition(".")[0]
    send(a_checkin(patient, slug, at=at), dict(answers), at=at)


def phq(patient: Patient, *each: int) -> None:
    """Send weekly PHQ-9 forms with the same answer to all but the last question."""
    for week, value in enumerate(each):
        answers = {f"phq-9.{n}": value for n in range(1, 9)} | {"phq-9.9": 0}
        answered(patient, answers, at=BEGIN + week * timedelta(weeks=1))


def attachment(patient: Patient, *, at: datetime) -> None:
    """Keep one ECR-RS as it was answered."""
    sheet = AnswerSheet(instrument="ecr-rs", answers=ECR, texts={}, key=uuid4(), answered_at=at)
    keep_scores(
        record_responses(patient=patient, sheets=[sheet], by=the_account(patient), at=at)
    )


def course_of(patient: Patient, clinician: User, measure: str = "phq-9.total") -> Course:
    courses = open_record(user=clinician, patient=patient, at=NOW).courses
    return next(course for course in courses if course.prior.measure == measure)


def shown(patient: Patient, clinician: User) -> MadeOf:
    made = made_of(course_of(patient, clinician))
    assert made is not None
    return made


def points(told: str) -> float:
    return float(told.replace("\N{MINUS SIGN}", "-"))


def test_what_is_shown_adds_up(patient: Patient, clinician: User) -> None:
    phq(patient, 2, 2, 1, 2)

    made = shown(patient, clinician)

    assert [words for words, _ in made.rows] == [
        "Expected of anybody",
        "This person's earlier scores",
        "The last score, 16, counted with 54 %",
    ]
    assert sum(points(told) for _, told in made.rows) == pytest.approx(points(made.total))


def test_a_form_that_was_skipped_adds_nothing(patient: Patient, clinician: User) -> None:
    phq(patient, 2)
    at = BEGIN + timedelta(weeks=1)
    send(a_checkin(patient, "phq-9", at=at), {"phq-9.1": 2}, at=at)

    made = shown(patient, clinician)

    assert made.rows[-1] == ("The last score is missing", "0")


def test_with_everything_known_nothing_is_said_to_be_unknown(
    patient: Patient, clinician: User
) -> None:
    phq(patient, 2)
    course = course_of(patient, clinician)
    known = {one.name: 0.0 for one in course.prior.covariates}

    made = made_of(replace(course, trajectory=replace(course.trajectory, known=known)))

    assert made is not None
    assert not any(note.startswith("Not known at intake") for note in made.notes)


def test_every_kept_point_is_the_sum_of_its_parts(patient: Patient) -> None:
    phq(patient, 2, 1, 2)

    for point in TrajectoryPoint.objects.filter(measure="phq-9.total"):
        assert point.curve is not None
        assert point.past is not None
        assert point.last is not None
        whole = point.curve + point.past + point.last
        assert whole == pytest.approx(point.filtered_mean, abs=1e-12)


def test_attachment_known_at_intake_moves_what_is_expected(
    patient: Patient, clinician: User
) -> None:
    attachment(patient, at=BEGIN)
    phq(patient, 2)

    made = shown(patient, clinician)

    assert made.rows[0][0] == "Expected, given what was known at intake"
    assert made.notes[0].startswith("Known at intake: attachment anxiety (+1.6 standard")
    assert "Not known at intake: distress. The expected band is wider for it." in made.notes
    intake = TrajectoryPoint.objects.get(measure="phq-9.total").intake
    assert set(intake) == {"attachment_anxiety", "attachment_avoidance"}


def test_attachment_asked_long_after_intake_does_not(patient: Patient, clinician: User) -> None:
    phq(patient, 2)
    attachment(patient, at=BEGIN + timedelta(days=29))
    answered(patient, {f"phq-9.{n}": 1 for n in range(1, 10)}, at=BEGIN + timedelta(days=35))

    assert shown(patient, clinician).rows[0][0] == "Expected of anybody"


def test_a_score_far_out_is_said_to_count_in_part(patient: Patient, clinician: User) -> None:
    phq(patient, 0, 0, 0, 3)

    told = "1 score lay more than 3.5 standard deviations from what was expected"
    assert any(note.startswith(told) for note in shown(patient, clinician).notes)


def test_ratings_at_the_floor_are_counted(patient: Patient, clinician: User) -> None:
    phq(patient, 0, 0, 1)

    note = "2 of 3 ratings are the lowest possible; anything lower cannot show."
    assert note in shown(patient, clinician).notes


def test_identical_answers_are_said_and_raise_nothing(
    patient: Patient, clinician: User
) -> None:
    phq(patient, 0, *[3] * 5)
    before = set(Signal.objects.values_list("rule", flat=True))
    assert course_of(patient, clinician).alike == 0

    phq_at = BEGIN + timedelta(weeks=6)
    answered(patient, {f"phq-9.{n}": 3 for n in range(1, 9)} | {"phq-9.9": 0}, at=phq_at)

    note = "Not assessed: answers have been identical six times. No signal is raised on them."
    assert shown(patient, clinician).notes[0] == note
    asking = {"phq-9.total"} & set(
        Signal.objects.filter(raised_at=phq_at).values_list("measure", flat=True)
    )
    assert "NOT.BAND" in before
    assert not asking
    assert load_rules()["DATA.SAME"].thresholds["forms"] == 6


def test_the_person_page_and_why_show_the_table(
    client: Client, patient: Patient, clinician: User
) -> None:
    phq(patient, 0, 1, 2, 3)
    desk = signed_in(clinician, client)
    signal = Signal.objects.filter(measure="phq-9.total").first()
    assert signal is not None

    for page in (
        reverse("desk_person", args=[patient.pk]),
        reverse("desk_signal", args=[signal.pk]),
    ):
        text = desk.get(page).content.decode()
        assert "The last score, 24, counted with" in text or "earlier scores" in text
        assert "Best estimate, likely" in text


def test_why_shows_the_estimate_as_it_stood_when_the_signal_was_raised(
    patient: Patient,
) -> None:
    phq(patient, 0, 1, 2, 3, 0)
    signal = Signal.objects.filter(measure="phq-9.total").order_by("raised_at").first()
    assert signal is not None

    course = course_behind(signal)

    assert course is not None
    assert course.trajectory.points[-1].at == signal.raised_at


def test_a_signal_of_no_measure_has_no_estimate(patient: Patient) -> None:
    assert course_behind(Signal(measure="c-ssrs-screener.3")) is None
    phq(patient, 1)
    unseen = Signal(measure="phq-9.total", raised_at=BEGIN - timedelta(days=1))
    unseen.episode = patient.episodes.get()

    assert course_behind(unseen) is None


def test_an_estimate_kept_before_its_parts_were_has_no_table(
    patient: Patient, clinician: User
) -> None:
    phq(patient, 1)
    TrajectoryPoint.objects.update(curve=None)

    assert made_of(course_of(patient, clinician)) is None


def test_every_signal_keeps_version_and_day_of_its_parameters(patient: Patient) -> None:
    phq(patient, 0, 1, 2, 3)

    versions = set(
        Signal.objects.filter(measure="phq-9.total").values_list(
            "parameters_version", flat=True
        )
    )
    assert versions == {"2026.11-design of 2026-11-23"}
