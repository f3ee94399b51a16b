"""Welcoming a patient.

Record, bond, span of care and, where an address is given, an account with a link that
opens it once: together or not at all.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.queries import bond_of_record
from securebase.clinic.episodes.models import Episode
from securebase.people.accounts.actions import open_invitation
from securebase.people.accounts.models import User
from securebase.stories.welcome_patient import Home, Welcome, welcome_patient
from tests.factories import NOW, a_clinician, a_host, a_patient, the_account, try_the_sheet

pytestmark = pytest.mark.django_db


def welcome(by: User, **changed: Any) -> Welcome:
    """Welcome Sam Reed, or somebody a little different."""
    try_the_sheet()
    usual = {"name": "Sam Reed", "pronouns": "they/them", "email": "sam@example.org"}
    return welcome_patient(**{**usual, **changed}, by=by, at=NOW)


def test_whoever_welcomes_is_the_clinician_of_record() -> None:
    clinician = a_clinician()

    patient = welcome(clinician, planned_sessions=20).patient

    bond = bond_of_record(patient, at=NOW)
    assert bond is not None
    assert bond.clinician == clinician
    assert bond.reading_days == [0, 1, 2, 3, 4]
    assert Episode.objects.get().planned_sessions == 20


def test_the_link_opens_the_account_of_the_patient() -> None:
    welcomed = welcome(a_clinician())

    invitation = open_invitation(token=welcomed.link.rstrip("/").rsplit("/", 1)[-1], at=NOW)

    assert invitation is not None
    assert invitation.account == the_account(welcomed.patient)
    assert invitation.account.roles == {"patient"}


def test_a_record_needs_no_account() -> None:
    welcomed = welcome(a_clinician(), email=" ")

    assert (welcomed.patient.account, welcomed.link) == (None, "")


def test_the_name_opens_again_and_gives_initials() -> None:
    welcome(a_clinician(), name=" Sam van der Reed ")

    patient = Patient.objects.get()

    assert (patient.name, patient.initials) == ("Sam van der Reed", "S.R.")


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "  "},
        {"email": "nobody"},
        {"email": "taken@example.org"},
        {"home": Home("Mars/Olympus")},
        {"home": Home(language="tlh")},
        {"planned_sessions": 0},
        {"planned_sessions": 401},
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(changed: dict[str, Any]) -> None:
    clinician = a_clinician()
    User.objects.create_user("taken@example.org", name="Somebody")
    accounts = User.objects.count()

    with pytest.raises(ValidationError):
        welcome(clinician, **changed)

    assert User.objects.count() == accounts
    assert not Patient.objects.exists()
    assert not Care.objects.exists()


def test_nobody_but_a_clinician_welcomes_patients() -> None:
    for user in (a_host(), the_account(a_patient(of=a_clinician()))):
        with pytest.raises(PermissionDenied):
            welcome(user)


def test_nobody_is_welcomed_before_the_recovery_sheet_was_tried() -> None:
    with pytest.raises(ValidationError, match="sheet was not tried"):
        welcome_patient(name="Sam Reed", pronouns="", email="", by=a_clinician(), at=NOW)

    assert not Patient.objects.exists()
