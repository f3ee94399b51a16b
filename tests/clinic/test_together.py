"""More than one clinician.

The clinician of record may let a colleague treat the same person: from now on, until one
of the two ends it. The colleague does what a clinician of record does in the record, and
opens it to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.cover import can_arrange_cover
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.policies import can_treat
from securebase.clinic.care.queries import bond_of_record, patients_visible_to
from securebase.clinic.care.together import (
    can_end_treating,
    check_can_end_treating,
    end_treating,
    let_treat_too,
)
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.trailing import added_rows

if TYPE_CHECKING:
    from django.test import Client

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

NOW = make.NOW
LATER = NOW + timedelta(days=3)


@dataclass(frozen=True)
class Two:
    """Jo treats Sam; Kit is a colleague."""

    jo: User
    kit: User
    sam: Patient


@pytest.fixture
def two() -> Two:
    make.a_practice()
    jo, kit = make.a_clinician("Dr Jo Marsh"), make.a_clinician("Dr Kit Lowe")
    for user in (jo, kit):
        make.with_factor(user)
    return Two(jo, kit, make.a_patient(of=jo))


def join(two: Two) -> Care:
    return let_treat_too(patient=two.sam, colleague=two.kit, by=two.jo, at=NOW)


def test_the_colleague_treats_and_the_clinician_of_record_stays(two: Two) -> None:
    with added_rows() as rows:
        join(two)

    of_record = bond_of_record(two.sam, at=NOW)
    assert can_treat(two.kit, two.sam, at=LATER)
    assert of_record is not None
    assert of_record.clinician == two.jo
    assert [(row.verb, row.patient) for row in rows] == [(Verb.CARE_JOIN.value, two.sam.pk)]


def test_the_colleague_opens_the_record_to_nobody_else(two: Two) -> None:
    join(two)
    third = make.a_clinician()

    assert not can_arrange_cover(two.kit, two.sam, at=NOW)
    with pytest.raises(PermissionDenied):
        begin_care(patient=two.sam, clinician=third, by=two.kit, at=NOW)
    with pytest.raises(PermissionDenied):
        let_treat_too(patient=two.sam, colleague=third, by=two.kit, at=NOW)


def test_whoever_covers_opens_the_record_to_nobody_else(two: Two) -> None:
    begin_care(patient=two.sam, clinician=two.kit, by=two.jo, at=NOW, until=LATER)

    with pytest.raises(PermissionDenied):
        begin_care(patient=two.sam, clinician=make.a_clinician(), by=two.kit, at=NOW)


@pytest.mark.parametrize("who", ["jo", "kit"])
def test_either_ends_it_and_the_record_closes_at_once(two: Two, who: str) -> None:
    bond = join(two)

    end_treating(bond=bond, by=getattr(two, who), at=LATER)

    assert not patients_visible_to(two.kit, at=LATER).exists()
    assert patients_visible_to(two.jo, at=LATER).exists()


def test_nobody_else_ends_it_and_a_bond_of_record_is_not_ended_so(two: Two) -> None:
    bond = join(two)
    of_record = two.sam.bonds.get(part="of_record")

    for user in (make.a_clinician(), make.a_host(), make.the_account(two.sam)):
        assert not can_end_treating(user, bond, at=NOW)
    with pytest.raises(PermissionDenied):
        check_can_end_treating(two.jo, of_record, at=NOW)


def test_asking_twice_or_for_somebody_who_cannot_is_refused(two: Two) -> None:
    join(two)

    for colleague in (two.kit, two.jo, make.a_host()):
        with pytest.raises(ValidationError) as refused:
            let_treat_too(patient=two.sam, colleague=colleague, by=two.jo, at=NOW)
        assert list(refused.value.message_dict) == ["colleague"]


def test_the_page_opens_and_ends_it(two: Two, client: Client) -> None:
    page = reverse("desk_together", args=[two.sam.pk])
    client.force_login(two.jo)
    said = client.post(page, {"colleague": str(two.kit.pk)}, follow=True)
    assert b"Dr Kit Lowe" in said.content

    client.force_login(two.kit)
    person = reverse("desk_person", args=[two.sam.pk])
    assert client.get(person).status_code == 200
    assert client.get(page).status_code == 404
    bond = two.sam.bonds.get(part="also")
    client.post(reverse("desk_together_end", args=[bond.pk]))
    assert client.get(person).status_code == 404
