"""What the demo shows of attachment.

Past scores from a file and papers about people, each through the story a real one would
go through; so that the plane is seen with a path, an ellipse and this therapist.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.episodes.models import Signal
from securebase.stories.attachment_places import attachment_places
from securebase.stories.demo.attachment import measure_attachment
from tests.factories import NOW, a_clinician, a_patient, a_practice

pytestmark = pytest.mark.django_db


def test_the_first_person_has_paths_in_general_and_for_this_therapist() -> None:
    a_practice()
    clinician = a_clinician()
    people = [a_patient(of=clinician, at=NOW - timedelta(days=300)) for _ in range(4)]

    measure_attachment(people, clinician=clinician, at=NOW)

    planes = [attachment_places(user=clinician, patient=one, at=NOW) for one in people]
    general, by_person = planes[0]
    assert len(general.abouts[0].places) == 3
    assert [(one.whom, len(one.places)) for one in by_person.abouts] == [
        ("this therapist", 2),
        ("Mum", 2),
    ]
    assert [len(found) for found in planes] == [2, 1, 1, 0]
    assert not Signal.objects.exists()
