"""The letter that invites a partner.

Before it leaves it is looked at once more: whoever everybody stopped sharing with in the
meantime gets no link.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import withdraw
from securebase.people.access.words import Category
from securebase.people.accounts.actions import invite
from securebase.people.accounts.models import User
from securebase.people.post.models import Letter
from securebase.stories.send_invitation import send_invitation, write_invitation
from tests.clinic.sharing import a_partner, shares
from tests.factories import NOW, a_clinician, a_patient, a_practice, the_account

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def patient() -> Patient:
    a_practice()
    return a_patient(of=a_clinician())


def the_letter(patient: Patient, partner: User) -> Letter:
    """Return the letter with a link to this partner, entered and not sent."""
    Letter.objects.all().delete()
    clinician = patient.bonds.get().clinician
    send_invitation(*invite(account=partner, by=clinician, at=NOW))
    return Letter.objects.get()


def test_it_goes_out_while_nothing_is_shared_yet(patient: Patient) -> None:
    letter = the_letter(patient, a_partner(patient))

    assert write_invitation(letter, LATER) is not None


def test_it_stays_here_once_all_sharing_was_taken_back(patient: Patient) -> None:
    partner = a_partner(patient)
    letter = the_letter(patient, partner)
    consent = shares(patient, partner, Category.SCHEDULE)
    withdraw(consent=consent, by=the_account(patient), at=LATER)

    assert write_invitation(letter, LATER) is None


def test_it_goes_out_while_somebody_else_still_shares(patient: Patient) -> None:
    partner = a_partner(patient)
    letter = the_letter(patient, partner)
    other = a_patient(of=patient.bonds.get().clinician, name="Alex Vale")
    a_partner(other, account=partner)
    shares(other, partner, Category.SCHEDULE)
    consent = shares(patient, partner, Category.SCHEDULE)
    withdraw(consent=consent, by=the_account(patient), at=LATER)

    assert write_invitation(letter, LATER) is not None
