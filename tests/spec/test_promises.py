"""Promises.

What the care side promises has a day. It is kept by what is done, late or in time, or
released by the patient; what is counted is counted for whoever promised.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.models import Promise
from securebase.clinic.notes.promising import keep_promise, promise, release_promise
from securebase.people.accounts.models import User
from securebase.stories.keep_promises import promises_tallied
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.NOW
A_DAY = timedelta(days=1)


@pytest.fixture
def sam(jo: User) -> Patient:
    return make.a_patient(of=jo, at=NOW - 30 * A_DAY)


def promised(patient: Patient, jo: User) -> Promise:
    """Return the promise of a call, made three days ago and due the day after."""
    return promise(
        patient=patient,
        kind="contact",
        text="A call.",
        due_at=NOW - 2 * A_DAY,
        by=jo,
        at=NOW - 3 * A_DAY,
    )


@pytest.mark.parametrize(
    ("kept_days_ago", "in_time", "late", "open_"),
    [
        (2.5, 1, 0, 0),
        (1.0, 0, 1, 0),
        (None, 0, 0, 1),
    ],
)
def test_a_promise_is_kept_in_time_or_late_or_is_open(
    jo: User, sam: Patient, kept_days_ago: float | None, in_time: int, late: int, open_: int
) -> None:
    made = promised(sam, jo)
    if kept_days_ago is not None:
        keep_promise(promise=made, by=jo, at=NOW - kept_days_ago * A_DAY)

    tally = promises_tallied(user=jo, at=NOW)

    assert (tally.in_time, tally.late, tally.open) == (in_time, late, open_)


def test_one_that_is_not_needed_any_more_counts_neither_way(jo: User, sam: Patient) -> None:
    release_promise(promise=promised(sam, jo), by=jo, at=NOW)

    assert promises_tallied(user=jo, at=NOW).due == 0


def test_the_day_of_a_promise_lies_ahead(jo: User, sam: Patient) -> None:
    with pytest.raises(ValidationError, match="lies ahead"):
        promise(patient=sam, kind="reply", text="An answer.", due_at=NOW, by=jo, at=NOW)


def test_what_became_of_it_is_noted_once(jo: User, sam: Patient) -> None:
    made = promised(sam, jo)
    keep_promise(promise=made, by=jo, at=NOW)

    with pytest.raises(PermissionDenied, match="noted already"):
        release_promise(promise=made, by=jo, at=NOW)
