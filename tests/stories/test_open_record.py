"""Opening a record.

One person whole: sessions, strains, signals with what was offered, every measure over
time, and what came back in the last check-ins. Only for somebody who treats them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.episodes.actions import act_on_signal
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.actions import decide
from securebase.clinic.therapy.actions import (
    close_session,
    note_rupture,
    plan_session,
    repair_rupture,
)
from securebase.people.audit.models import AuditEvent
from securebase.stories.open_record import (
    Record,
    open_record,
    read_checkin,
    read_signal,
    whole_measures,
)
from securebase.stories.submit_checkin import submit_checkin
from tests.factories import (
    NOW,
    TALKED,
    a_checkin,
    a_clinician,
    a_patient,
    answer,
    the_account,
)

if TYPE_CHECKING:
    from datetime import datetime

    from securebase.clinic.care.models import Patient
    from securebase.clinic.checkins.models import CheckIn
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

TENSE = {"safe": 2, "understood": 2, "agreed": 3, "said": 2, "tension": 2}


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in this clinician's care for three weeks."""
    return a_patient(of=clinician, at=NOW - timedelta(weeks=3))


def sent(patient: Patient, *, at: datetime, words: str = "") -> CheckIn:
    """Return a check-in after a tense session, answered and sent."""
    checkin = a_checkin(patient, "session-check-in", at=at)
    given = {f"session-check-in.{item}": value for item, value in TENSE.items()}
    answer(checkin, given | {"session-check-in.matters": words}, at=at)
    account = the_account(patient)
    return submit_checkin(checkin=checkin, key=uuid4(), by=account, at=at).checkin


def opened(patient: Patient, by: User) -> Record:
    """Return the record as this clinician opens it now."""
    return open_record(user=by, patient=patient, at=NOW)


def test_what_came_back_is_there_with_its_words(patient: Patient, clinician: User) -> None:
    sent(patient, at=NOW - timedelta(weeks=2))
    sent(patient, at=NOW - timedelta(weeks=1), words="Last week felt rushed.")

    newest, before = opened(patient, clinician).answered

    assert [text for _, _, text in newest.texts] == ["Last week felt rushed."]
    assert before.texts == ()
    assert {score.measure: score.value for score in newest.scores} == {
        "session-check-in.alliance": 2.25,
        "session-check-in.mended": None,
        "session-check-in.tension": 2.0,
    }


def test_opening_a_check_in_is_what_counts_as_read(patient: Patient, clinician: User) -> None:
    checkin = sent(patient, at=NOW - timedelta(weeks=1))

    before = opened(patient, clinician).answered[0].read
    read_checkin(checkin=checkin, by=clinician, at=NOW)
    after = opened(patient, clinician).answered[0].read

    assert (before, after) == (False, True)


def test_each_measure_is_there_over_time(patient: Patient, clinician: User) -> None:
    sent(patient, at=NOW - timedelta(weeks=2))
    sent(patient, at=NOW - timedelta(weeks=1))

    (course,) = opened(patient, clinician).courses

    assert course.prior.measure == "session-check-in.alliance"
    assert course.trajectory.values == [2.25, 2.25]


def test_a_short_form_is_left_out_where_the_long_one_is_there() -> None:
    measures = {"phq-9.total", "phq-9.phq2", "gad-7.gad2", "session-check-in.alliance"}

    assert whole_measures(measures) == measures - {"phq-9.phq2"}


def test_a_signal_is_there_with_what_was_offered_and_decided(
    patient: Patient, clinician: User
) -> None:
    sent(patient, at=NOW - timedelta(weeks=1))
    first = opened(patient, clinician).noticed[0].offers[0]

    decide(suggestion=first.suggestion, choice="accept", by=clinician, at=NOW)
    (noticed,) = opened(patient, clinician).noticed

    assert noticed.signal.rule == "RUP.R2"
    assert noticed.offers[0].card.title == first.card.title
    assert noticed.offers[0].decision is not None
    assert noticed.offers[1].decision is None


def test_a_closed_signal_is_told_apart(patient: Patient, clinician: User) -> None:
    sent(patient, at=NOW - timedelta(weeks=1))
    signal = opened(patient, clinician).noticed[0].signal

    act_on_signal(signal=signal, act="closed", by=clinician, at=NOW, reason_code="talked")
    record = opened(patient, clinician)

    assert (record.noticed, record.closed) == ((), (signal,))


def test_good_news_is_told_apart_from_reasons_to_look(
    patient: Patient, clinician: User
) -> None:
    sent(patient, at=NOW - timedelta(weeks=1))
    Signal.objects.update(kind="GAIN", rule="GAIN", tier="info")

    record = opened(patient, clinician)

    assert (record.noticed, len(record.told)) == ((), 1)


def test_sessions_are_held_wait_to_be_noted_or_lie_ahead(
    patient: Patient, clinician: User
) -> None:
    held, over, ahead = (
        plan_session(
            patient=patient,
            clinician=clinician,
            starts_at=NOW + timedelta(days=days),
            by=clinician,
            at=NOW - timedelta(weeks=2),
        )
        for days in (-7, -1, 6)
    )
    close_session(session=held, state="held", by=clinician, at=NOW)

    record = opened(patient, clinician)

    assert (record.held, record.to_close, record.next_session) == ((held,), (over,), ahead)


def test_a_strain_is_open_until_its_repair_is_noted(patient: Patient, clinician: User) -> None:
    strain = note_rupture(
        patient=patient, kind="withdrawal", note="Went quiet.", by=clinician, at=NOW
    )

    before = opened(patient, clinician).open_ruptures
    repair_rupture(rupture=strain, because=TALKED, by=clinician, at=NOW)
    after = opened(patient, clinician).open_ruptures

    assert (before, after) == ((strain,), ())


def test_a_new_record_is_empty_and_still_opens(patient: Patient, clinician: User) -> None:
    record = opened(patient, clinician)

    assert (record.episode, record.courses, record.answered) == (None, (), ())
    assert record.next_session is None


def test_looking_behind_a_signal_is_on_the_trail(patient: Patient, clinician: User) -> None:
    sent(patient, at=NOW - timedelta(weeks=1))
    signal = opened(patient, clinician).noticed[0].signal

    read_signal(signal=signal, by=clinician, at=NOW)

    last = AuditEvent.objects.latest("number")
    assert (last.verb, last.object_id) == ("episodes.signal.read", str(signal.pk))


def test_somebody_elses_record_stays_shut(patient: Patient, clinician: User) -> None:
    stranger = a_clinician()
    checkin = sent(patient, at=NOW - timedelta(weeks=1))
    signal = opened(patient, clinician).noticed[0].signal

    with pytest.raises(PermissionDenied, match="not in your care"):
        open_record(user=stranger, patient=patient, at=NOW)
    with pytest.raises(PermissionDenied, match="not in your care"):
        read_checkin(checkin=checkin, by=stranger, at=NOW)
    with pytest.raises(PermissionDenied, match="not in your care"):
        read_signal(signal=signal, by=stranger, at=NOW)
