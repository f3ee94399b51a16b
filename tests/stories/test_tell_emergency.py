"""Telling of an emergency access.

The clinician of record gets one letter, at the next turn of the clock, in words that give
nothing away.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.care.emergency import Ground, review_emergency
from securebase.clinic.care.models import Emergency
from securebase.stories.open_in_emergency import open_in_emergency
from tests import factories as make
from tests.jobs.test_tick import GIVEAWAYS
from tests.mailing import letters_sent

SOON = make.NOW + timedelta(seconds=30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened() -> Emergency:
    """Return an access of Kit's to the record of Sam, whom Jo treats."""
    make.a_practice()
    patient = make.a_patient(of=make.a_clinician("Dr Jo Marsh"))
    ground = Ground("danger", "Rang and said goodbye; Dr Marsh cannot be reached.")
    kit = make.a_clinician("Dr Kit Lowe")
    found = open_in_emergency(said=patient.name, ground=ground, by=kit, at=make.NOW)
    assert found is not None
    assert open_in_emergency(said=patient.name, ground=ground, by=kit, at=make.NOW) == found
    return found


def test_the_clinician_of_record_is_told_once(opened: Emergency) -> None:
    letters_sent(at=SOON)

    (letter,) = letters_sent(at=SOON + timedelta(minutes=1))
    assert letter.to == [opened.patient.bonds.get().clinician.email]


def test_the_letter_gives_nothing_away(opened: Emergency) -> None:
    (letter,) = letters_sent(at=SOON)

    words = f"{letter.subject} {letter.body}".lower()
    giveaways = [*GIVEAWAYS, "emergency", "record", "lowe", "sam"]
    assert [word for word in giveaways if word in words] == []


def test_it_goes_at_any_hour(opened: Emergency) -> None:
    assert len(letters_sent(at=make.NOW + timedelta(hours=15))) == 1


def test_nothing_is_sent_about_what_was_reviewed_already(opened: Emergency) -> None:
    by = opened.patient.bonds.get().clinician
    review_emergency(emergency=opened, outcome="needed", by=by, at=SOON)

    assert letters_sent(at=SOON) == []
