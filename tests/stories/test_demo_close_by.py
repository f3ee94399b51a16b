"""Who is close in the demo, and who is kept out.

Somebody close sees what the first person shows them; the second keeps a colleague out who
was to cover, so that the pages about both show something real.
"""

from __future__ import annotations

from datetime import date

import pytest

from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.exclusion import is_kept_out, parts_ended
from securebase.people.accounts.models import Role
from securebase.stories.be_there import list_support
from securebase.stories.demo.close_by import bring_in_a_supporter, keep_a_colleague_out
from securebase.stories.demo.play import Person
from tests.factories import NOW, TODAY, a_clinician, a_patient, a_practice, the_account

pytestmark = pytest.mark.django_db


def two_people() -> list[Person]:
    """Return two people in care with one clinician."""
    a_practice()
    clinician = a_clinician()
    patients = [a_patient(of=clinician) for _ in range(2)]
    return [Person(patient, the_account(patient)) for patient in patients]


def test_somebody_close_can_sign_in_and_is_shown_what_was_chosen() -> None:
    people = two_people()

    supporter = bring_in_a_supporter(people, at=NOW)

    assert supporter is not None
    assert supporter.has_usable_password()
    assert supporter.roles == {Role.SUPPORTER.value}
    (asked,) = list_support(by=supporter, at=NOW)
    assert asked.patient == people[0].patient


def test_the_second_person_keeps_out_who_was_to_cover() -> None:
    people, colleague = two_people(), a_clinician()
    jo = people[1].patient.bonds.get().clinician
    days = Days(TODAY, date(2026, 11, 30), "Europe/London")
    covered = [person.patient for person in people]
    arrange_cover(patients=covered, colleague=colleague, days=days, by=jo, at=NOW)

    keep_a_colleague_out(people, colleague=colleague, at=NOW)

    assert [is_kept_out(colleague, person.patient) for person in people] == [False, True]
    assert [part.patient for part in parts_ended(jo, at=NOW)] == [people[1].patient]


def test_a_demo_of_one_has_nobody_who_keeps_anybody_out_and_of_none_nobody_close() -> None:
    people, colleague = two_people()[:1], a_clinician()

    keep_a_colleague_out(people, colleague=colleague, at=NOW)

    assert not is_kept_out(colleague, people[0].patient)
    assert bring_in_a_supporter([], at=NOW) is None
