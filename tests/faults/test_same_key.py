"""The key a sending carries.

Sending again under the same key is the same sending. Other content under a key that was
used is refused in words, because one of the two would be lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.actions import record_responses
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.sheets import AnswerSheet
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    send,
    the_account,
)

pytestmark = pytest.mark.django_db

NEXT_WEEK = NOW + timedelta(weeks=1)


@pytest.fixture
def patient() -> Patient:
    """Return a patient of a practice that is set up."""
    a_practice()
    return a_patient(of=a_clinician())


def a_sheet(answers: dict[str, int | None]) -> AnswerSheet:
    """Return answers under a new key."""
    return AnswerSheet(instrument="phq-9", answers=answers, key=uuid4(), answered_at=NOW)


def test_the_key_of_one_check_in_sends_no_other(patient: Patient) -> None:
    key = uuid4()
    send(a_checkin(patient), {"phq-9.1": 1}, at=NOW, key=key)
    other = a_checkin(patient, at=NEXT_WEEK)

    with pytest.raises(PermissionDenied, match="new"):
        send(other, {"phq-9.1": 2}, at=NEXT_WEEK, key=key)

    assert [one.answers["1"] for one in Response.objects.all()] == [1]


@pytest.mark.parametrize("other", [{"1": 2}, {"1": None}, {"1": 1, "2": 1}])
def test_other_answers_under_a_key_that_was_used_are_refused(
    patient: Patient, other: dict[str, int | None]
) -> None:
    first = a_sheet({"1": 1})
    again = replace(first, answers=other)
    by = the_account(patient)
    record_responses(patient=patient, sheets=[first], by=by, at=NOW)

    with pytest.raises(PermissionDenied, match="Other answers"):
        record_responses(patient=patient, sheets=[again], by=by, at=NOW)

    assert [one.answers for one in Response.objects.all()] == [{"1": 1}]


def test_a_key_of_another_patient_is_refused_like_other_answers(patient: Patient) -> None:
    first = a_sheet({"1": 1})
    someone = a_patient(of=a_clinician(), name="Kim Lee")
    record_responses(patient=patient, sheets=[first], by=the_account(patient), at=NOW)

    with pytest.raises(PermissionDenied, match="Other answers"):
        record_responses(patient=someone, sheets=[first], by=the_account(someone), at=NOW)

    assert Response.objects.filter(patient=someone).count() == 0
