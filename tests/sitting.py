"""Who sits where: a clinician of a practice that is set up, and the browser at their desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import a_clinician, a_practice
from tests.pages.signed import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from securebase.people.accounts.models import User


@pytest.fixture
def clinician() -> User:
    """Return a clinician of a practice that is set up."""
    a_practice()
    return a_clinician()


@pytest.fixture
def desk(clinician: User) -> Client:
    """Return the browser of this clinician, signed in with a second factor."""
    return signed_in(clinician)
