"""Why?: how often such a signal is wrong, among invented people.

The figures are those of ``content/operating.toml``. The page names the worlds and the
number of sessions, and where nothing was measured it says that it is not known yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from securebase.clinic.episodes.models import Signal
from securebase.science.calibrate.telling import told_of
from tests.factories import NOW, a_checkin, a_clinician, a_patient, a_practice, send
from tests.pages.signed import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def tense(client: Client) -> Client:
    """Return the desk of a clinician whose patient marked tension."""
    a_practice()
    clinician = a_clinician()
    patient = a_patient(of=clinician)
    checkin = a_checkin(patient, "session-check-in", at=NOW)
    send(checkin, {"session-check-in.tension": 2}, at=NOW)
    return signed_in(clinician, client)


def why(desk: Client, rule: str, **data: float) -> str:
    signal = Signal.objects.get()
    Signal.objects.filter(pk=signal.pk).update(rule=rule, data={**signal.data, **data})
    page = desk.get(reverse("desk_signal", args=[signal.pk])).content.decode()
    return " ".join(page.split())


def test_why_names_the_worlds_and_the_sessions_it_was_measured_in(tense: Client) -> None:
    page = why(tense, "RUP.R1", session=9)

    own, hardest = told_of("RUP.R1", sessions=9)
    assert "In invented people who rate the alliance, over 10 sessions:" in page
    for one in (own, hardest):
        assert f"{one.world.name[1:]}." in page.replace("&#x27;", "'")
        assert one.noise in page
        assert one.noticed in page


def test_a_planned_end_decides_which_length_is_told(tense: Client) -> None:
    page = why(tense, "DET.P", session=4, planned=24)

    assert "like those of a PHQ-9, over 25 sessions:" in page


def test_what_was_not_measured_is_not_known_yet(tense: Client) -> None:
    assert "In invented people:</strong> not known yet." in why(tense, "RUP.R2")
