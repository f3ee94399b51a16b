"""What the demo shows of needs.

A form from the waiting room names what is in the way, and the person wants help; it goes
through the story a real one would go through, and to somebody of whom nothing else waits.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.episodes.models import Signal
from securebase.stories.demo.needs import name_needs
from tests.factories import NOW, a_checkin, a_clinician, a_patient, a_practice, send

pytestmark = pytest.mark.django_db

MARKED = {f"phq-9.{n}": 1 for n in range(1, 10)}


def test_somebody_of_whom_nothing_waits_names_needs_and_wants_help() -> None:
    a_practice()
    clinician = a_clinician()
    people = [a_patient(of=clinician, at=NOW - timedelta(days=60)) for _ in range(2)]
    send(a_checkin(people[0], "phq-9", at=NOW), MARKED, at=NOW)

    name_needs(people, clinician=clinician, at=NOW)

    told = Signal.objects.get(rule="NEED.HELP")
    assert (told.patient, told.data["named"]) == (people[1], "the home, bills")


def test_where_something_waits_for_everybody_it_is_the_last_of_them() -> None:
    a_practice()
    clinician = a_clinician()
    sam = a_patient(of=clinician, at=NOW - timedelta(days=60))
    send(a_checkin(sam, "phq-9", at=NOW), MARKED, at=NOW)

    name_needs([sam], clinician=clinician, at=NOW)

    assert {one.rule for one in Signal.objects.all()} == {"SAFE1", "NEED.HELP"}
