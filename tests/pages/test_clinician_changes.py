"""What changed since we met.

Three sentences built from data: how the person is, the work together, and contact. Each
number comes with its uncertainty, and nothing is said that was not measured.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from securebase.clinic.checkins.clock import close_missed
from securebase.clinic.episodes.actions import change_phase, open_episode
from securebase.clinic.therapy.actions import (
    close_session,
    note_rupture,
    plan_session,
    repair_rupture,
)
from securebase.pages.clinician.changes import changes, since_words
from securebase.pages.clinician.timeline import timeline
from securebase.pages.clinician.wording import today_row
from securebase.stories.open_record import Record, open_record
from securebase.stories.open_today import open_today
from securebase.stories.submit_checkin import submit_checkin
from tests.factories import (
    NOW,
    TALKED,
    a_checkin,
    a_patient,
    answer,
    the_account,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

A_WEEK = timedelta(weeks=1)
TOGETHER = ("safe", "understood", "agreed", "said")


@pytest.fixture(autouse=True)
def in_london() -> Iterator[None]:
    with timezone.override("Europe/London"):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in this clinician's care for eight weeks."""
    return a_patient(of=clinician, at=NOW - 8 * A_WEEK)


def mood(patient: Patient, value: int, *, at: datetime) -> None:
    """Let the patient answer every question of the PHQ-9 but the safety one like this."""
    checkin = a_checkin(patient, "phq-9", at=at)
    answer(checkin, {f"phq-9.{n}": value if n < 9 else 0 for n in range(1, 10)}, at=at)
    submit_checkin(checkin=checkin, key=uuid4(), by=the_account(patient), at=at)


def together(patient: Patient, value: int, *, at: datetime) -> None:
    """Let the patient rate the work together like this."""
    checkin = a_checkin(patient, "session-check-in", at=at)
    answer(checkin, {f"session-check-in.{item}": value for item in TOGETHER}, at=at)
    submit_checkin(checkin=checkin, key=uuid4(), by=the_account(patient), at=at)


def met(patient: Patient, clinician: User, *, at: datetime) -> None:
    """Note that a session was held."""
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=at, by=clinician, at=at - A_WEEK
    )
    close_session(session=session, state="held", by=clinician, at=at)


def opened(patient: Patient, by: User) -> Record:
    """Return the record as this clinician opens it now."""
    return open_record(user=by, patient=patient, at=NOW)


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (2, 1, "more than what measurement noise alone can make (under 6 points)."),
        (2, 2, "within what measurement noise alone can make (under 6 points)."),
    ],
)
def test_a_change_is_told_against_what_noise_can_make(
    patient: Patient, clinician: User, before: int, now: int, verdict: str
) -> None:
    mood(patient, before, at=NOW - 3 * A_WEEK)
    met(patient, clinician, at=NOW - 2 * A_WEEK)
    mood(patient, now, at=NOW - A_WEEK)

    record = opened(patient, clinician)

    assert since_words(record) == "Since the session of Monday 9 November"
    distress = changes(record)[0]
    assert distress.startswith(f"Depression (PHQ-9) went from {8 * before} to {8 * now} (best")
    assert distress.endswith(verdict)


def test_a_first_score_is_told_without_comparing(patient: Patient, clinician: User) -> None:
    mood(patient, 2, at=NOW - A_WEEK)

    record = opened(patient, clinician)

    assert since_words(record).startswith("Since the welcome on")
    assert "nothing before to compare" in changes(record)[0]


def test_without_anything_earlier_the_first_new_score_is_what_now_is_compared_with(
    patient: Patient, clinician: User
) -> None:
    mood(patient, 2, at=NOW - 3 * A_WEEK)
    mood(patient, 1, at=NOW - A_WEEK)

    distress = changes(opened(patient, clinician))[0]

    assert distress.startswith("Depression (PHQ-9) went from 16 to 8")


def test_the_work_together_is_told_against_what_was_expected(
    patient: Patient, clinician: User
) -> None:
    together(patient, 8, at=NOW - 2 * A_WEEK)
    together(patient, 5, at=NOW - A_WEEK)
    note_rupture(patient=patient, kind="withdrawal", note="", by=clinician, at=NOW)

    bond = changes(opened(patient, clinician))[1]

    assert bond.startswith("Alliance was last rated 5 on Monday 16 November; ")
    assert " ± " in bond
    assert bond.endswith("A strain noticed on Monday 23 November is still open.")


def test_one_check_in_is_not_counted_but_named(patient: Patient, clinician: User) -> None:
    a_checkin(patient, at=NOW - 3 * A_WEEK)
    close_missed(at=NOW - 2 * A_WEEK)

    assert changes(opened(patient, clinician))[2] == "The one check-in was not answered."


def test_contact_counts_what_was_due_and_what_waits_to_be_read(
    patient: Patient, clinician: User
) -> None:
    a_checkin(patient, at=NOW - 3 * A_WEEK)
    close_missed(at=NOW - 2 * A_WEEK)
    mood(patient, 1, at=NOW - A_WEEK)

    record = opened(patient, clinician)

    assert changes(record)[2] == (
        "1 of 2 check-ins were answered. 1 of the last ones waits to be read."
    )
    assert "Check-in not answered" in [entry.title for entry in timeline(record)]


def test_an_early_improvement_is_on_the_timeline_and_nowhere_else(
    patient: Patient, clinician: User
) -> None:
    for week, value in enumerate([3, 2, 2, 1]):
        mood(patient, value, at=NOW - (4 - week) * A_WEEK)

    record = opened(patient, clinician)

    (entry,) = [one for one in timeline(record) if one.title == "Worth knowing"]
    assert "better by session 3" in entry.text
    assert record.noticed == ()


def test_what_happened_is_told_newest_first(patient: Patient, clinician: User) -> None:
    episode = open_episode(patient=patient, by=clinician, at=NOW - 5 * A_WEEK)
    met(patient, clinician, at=NOW - 3 * A_WEEK)
    strain = note_rupture(
        patient=patient, kind="withdrawal", note="Quiet.", by=clinician, at=NOW - 2 * A_WEEK
    )
    repair_rupture(rupture=strain, because=TALKED, by=clinician, at=NOW - A_WEEK)
    change_phase(episode=episode, phase="process", by=clinician, at=NOW)

    told = [entry.title for entry in timeline(opened(patient, clinician))]

    assert told == [
        "Phase of care: working through",
        "Repair noted",
        "Strain noticed: moving away",
        "Session held",
        "Phase of care: building safety",
        "Welcomed",
    ]


def test_the_line_of_today_says_its_change_for_those_who_listen(
    patient: Patient, clinician: User
) -> None:
    for weeks, value in ((6, 8), (5, 8), (4, 8), (3, 8), (1, 1)):
        together(patient, value, at=NOW - weeks * A_WEEK)

    row = today_row(open_today(user=clinician, at=NOW).look_first[0])

    assert "Alliance lower than usual" in row.says
    assert "Alliance, last 5 scores: from 8 to 1" in str(row.spark)
    assert row.later_url
