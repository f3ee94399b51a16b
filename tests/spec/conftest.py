"""Jo, a clinician, and Sam, whom Jo treats, where a chapter does not say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories as make

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User


@pytest.fixture
def jo() -> User:
    """Return a clinician of a practice that is set up."""
    make.a_practice()
    return make.a_clinician("Dr Jo Marsh")


@pytest.fixture
def sam(jo: User) -> Patient:
    """Return somebody in Jo's care."""
    return make.a_patient(of=jo)
