"""The trajectory charts.

The expected band goes on to the planned end, so that a clinician sees where this person
was expected to be by then; without a plan, or past it, the chart ends with today.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from securebase.clinic.episodes.actions import open_episode
from securebase.pages.clinician.courses import charts
from securebase.stories.open_record import open_record
from tests.factories import NOW, a_checkin, a_patient, send

if TYPE_CHECKING:
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

BEGIN = NOW - timedelta(weeks=4)


def chart_of_somebody(clinician: User, *, planned: int | None) -> str:
    """Return the chart of a patient with three weekly scores and a plan."""
    patient = a_patient(of=clinician, at=BEGIN)
    patient.episodes.all().delete()
    open_episode(patient=patient, by=clinician, at=BEGIN, planned_sessions=planned)
    for week in range(3):
        at = BEGIN + timedelta(weeks=week)
        given: dict[str, int | str | None] = {f"phq-9.{n}": 1 for n in range(1, 9)}
        send(a_checkin(patient, "phq-9", at=at), given, at=at)
    (chart,) = charts(open_record(user=clinician, patient=patient, at=NOW))
    return str(chart)


def test_the_band_goes_on_to_the_planned_end(clinician: User) -> None:
    ahead = chart_of_somebody(clinician, planned=16)
    ended = chart_of_somebody(clinician, planned=None)

    assert "2027" in ahead
    assert "2027" not in ended


def test_it_goes_no_further_than_half_a_year(clinician: User) -> None:
    assert "2028" not in chart_of_somebody(clinician, planned=200)
