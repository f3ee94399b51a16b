"""A long gap between sessions.

How often you meet is agreed; when the last session is one and a half times as long ago,
that is a reason to reach out: once for each gap.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.episodes.actions import act_on_signal, open_episode
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.therapy.actions import agree_interval, close_session, plan_session
from securebase.clinic.therapy.queries import interval_agreed
from securebase.people.accounts.models import User
from securebase.stories.notice_silence import notice_silence
from tests import factories as make

NOW, DAY = make.NOW, timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW)
    return patient


def seen(patient: Patient, at: datetime, state: str = "held") -> None:
    by = patient.bonds.get().clinician
    session = plan_session(patient=patient, clinician=by, starts_at=at, by=by, at=at)
    close_session(session=session, state=state, by=by, at=at)


def agreed(patient: Patient, days: int, at: datetime = NOW) -> None:
    agree_interval(patient=patient, days=days, by=patient.bonds.get().clinician, at=at)


@pytest.mark.parametrize(("days", "rules"), [(10.5, []), (10.6, ["ENG.GAP"])])
def test_one_and_a_half_times_the_agreed_days_is_long(
    patient: Patient, days: float, rules: list[str]
) -> None:
    agreed(patient, 7)
    seen(patient, NOW)

    assert [signal.rule for signal in notice_silence(at=NOW + days * DAY)] == rules


def test_it_opens_a_next_step_and_says_what_was_agreed(patient: Patient) -> None:
    agreed(patient, 14)
    seen(patient, NOW)

    (signal,) = notice_silence(at=NOW + 22 * DAY)

    assert (signal.statistic, signal.threshold, signal.data["rhythm"]) == (22, 21, 14)
    assert signal.suggestions.exists()


def test_without_an_agreement_or_a_session_nothing_is_said(patient: Patient) -> None:
    seen(patient, NOW)
    other = make.a_patient(of=patient.bonds.get().clinician)
    agreed(other, 7)

    assert notice_silence(at=NOW + 99 * DAY) == []


def test_the_newest_agreement_counts(patient: Patient, clinician: User) -> None:
    seen(patient, NOW)
    agreed(patient, 7)
    agreed(patient, 28, at=NOW + DAY)

    assert notice_silence(at=NOW + 40 * DAY) == []
    assert str(interval_agreed(patient)) == "every 28 days from 24 Nov 2026"


def test_a_missed_session_ends_no_gap(patient: Patient) -> None:
    agreed(patient, 7)
    seen(patient, NOW)
    seen(patient, NOW + 7 * DAY, "missed")

    (signal,) = notice_silence(at=NOW + 12 * DAY)

    assert signal.rule == "ENG.GAP"


def test_each_gap_is_told_of_once(patient: Patient, clinician: User) -> None:
    agreed(patient, 7)
    seen(patient, NOW)
    (signal,) = notice_silence(at=NOW + 11 * DAY)
    act_on_signal(signal=signal, act="closed", by=clinician, at=NOW + 12 * DAY)

    assert notice_silence(at=NOW + 60 * DAY) == []
    for week in range(9, 13):
        seen(patient, NOW + week * 7 * DAY)
    assert len(notice_silence(at=NOW + 97 * DAY)) == 1


@pytest.mark.parametrize("off", ["signals", "care"])
def test_nothing_is_said_where_signals_are_off_or_care_has_ended(
    patient: Patient, off: str
) -> None:
    agreed(patient, 7)
    seen(patient, NOW)
    if off == "signals":
        Practice.objects.update(signals_on=False)
    else:
        Episode.objects.update(closed_at=NOW)

    assert notice_silence(at=NOW + 30 * DAY) == []
    assert not Signal.objects.exists()


@pytest.mark.parametrize("days", [0, 366])
def test_an_interval_that_is_none_is_refused(
    patient: Patient, clinician: User, days: int
) -> None:
    with pytest.raises(ValidationError, match="choose 1 to 365"):
        agree_interval(patient=patient, days=days, by=clinician, at=NOW)


def test_nobody_else_agrees_it(patient: Patient) -> None:
    with pytest.raises(PermissionDenied):
        agree_interval(patient=patient, days=7, by=make.a_clinician("Dr Else"), at=NOW)
