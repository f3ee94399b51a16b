"""Who sits at the desk in a journey, and the clock the journey goes by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.factories import a_clinician, a_practice

if TYPE_CHECKING:
    from securebase.people.accounts.models import User


@pytest.fixture
def clinician() -> User:
    """Return a clinician with a second factor, of a practice that is set up."""
    a_practice()
    user = a_clinician("Dr Jo Marsh")
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """Begin where the journey begins, and let it move on."""
    with time_machine.travel(request.module.BEGIN, tick=True) as traveller:
        yield traveller
