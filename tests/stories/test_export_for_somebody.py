"""The copy of a record for somebody who cannot make it.

One host asks, another confirms, and it can be taken for a week. The person reads each
taking. Their own copy waits for nobody.
"""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.approvals.models import Approval
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.confirm_act import about_of, confirm_act
from securebase.stories.export_subject.for_somebody import ask_to_export, take_copy
from securebase.stories.export_subject.pack import export_subject
from tests.factories import (
    NOW,
    a_clinician,
    a_host,
    a_patient,
    a_practice,
    the_account,
    with_factor,
)

pytestmark = pytest.mark.django_db

WHY = "She asked on paper; she has no account and no computer."
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def hosts() -> tuple[User, User]:
    a_practice()
    return a_host(), a_host("Ada Second")


@pytest.fixture
def patient(hosts: tuple[User, User]) -> Patient:
    return a_patient(of=a_clinician())


@pytest.fixture
def asked(patient: Patient, hosts: tuple[User, User]) -> Approval:
    return ask_to_export(patient=patient, reason=WHY, by=hosts[0], at=NOW)


def test_nothing_is_taken_before_a_second_person_confirms(
    asked: Approval, hosts: tuple[User, User]
) -> None:
    with pytest.raises(PermissionDenied, match="No copy was agreed"):
        take_copy(approval=asked, by=hosts[0], at=LATER)
    with pytest.raises(PermissionDenied, match="another host"):
        confirm_act(approval=asked, by=hosts[0], at=LATER)


def test_once_confirmed_it_is_taken_and_the_person_can_read_that(
    asked: Approval, patient: Patient, hosts: tuple[User, User]
) -> None:
    agreed = confirm_act(approval=asked, by=hosts[1], at=NOW)

    data = take_copy(approval=agreed, by=hosts[0], at=LATER)

    assert "record.json" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    row = AuditEvent.objects.get(verb=Verb.RECORD_EXPORT, patient=patient.pk)
    assert row.actor == hosts[0].pk


def test_after_a_week_it_is_asked_for_anew(asked: Approval, hosts: tuple[User, User]) -> None:
    agreed = confirm_act(approval=asked, by=hosts[1], at=NOW)

    with pytest.raises(PermissionDenied, match="too long ago"):
        take_copy(approval=agreed, by=hosts[0], at=NOW + timedelta(days=7))


def test_a_clinician_asks_for_no_copy(patient: Patient) -> None:
    clinician = patient.bonds.get().clinician

    with pytest.raises(PermissionDenied):
        ask_to_export(patient=patient, reason=WHY, by=clinician, at=NOW)


def test_their_own_copy_waits_for_nobody(patient: Patient) -> None:
    assert export_subject(patient=patient, by=the_account(patient), at=NOW)
    assert not Approval.objects.exists()


def test_the_pages_lead_from_asking_to_the_file(
    asked: Approval, hosts: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    with_factor(hosts[1])
    client, address = Client(), f"/keep/approvals/{asked.pk}/"
    client.force_login(hosts[1])

    before = client.get(address).content.decode()
    client.post(address, {"decision": "confirm"})
    after = client.get(address).content.decode()
    file = client.post(address, {"decision": "copy"})

    assert about_of(asked, at=LATER).who == f"record {str(asked.about)[:8]}"
    assert ("Take the copy" in before, "Take the copy" in after) == (False, True)
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/zip", "no-store")
