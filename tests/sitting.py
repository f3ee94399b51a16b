"""Who sits where: a clinician at the desk, somebody in their care, and both browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import a_clinician, a_patient, a_practice, the_account
from tests.pages.signed import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User


@pytest.fixture
def clinician() -> User:
    """Return a clinician of a practice that is set up."""
    a_practice()
    return a_clinician()


@pytest.fixture
def sam(clinician: User) -> Patient:
    """Return somebody in the care of this clinician."""
    return a_patient(of=clinician)


@pytest.fixture
def me(client: Client, sam: Patient) -> Client:
    """Return the browser of this patient."""
    client.force_login(the_account(sam))
    return client


@pytest.fixture
def desk(clinician: User) -> Client:
    """Return the browser of this clinician, signed in with a second factor."""
    return signed_in(clinician)
