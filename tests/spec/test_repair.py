"""Rupture and repair.

A strain in the work together is noticed and stays open until it is mended. The patient
is told of it once it was spoken of, is never pushed, and may raise it themselves.
"""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.actions import note_rupture, repair_rupture, say_mended
from securebase.clinic.therapy.models import Rupture
from securebase.clinic.therapy.queries import strains_told_to
from securebase.clinic.therapy.repairing import raise_strain, say_how_far, say_spoken_of
from securebase.people.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.NOW


@pytest.fixture
def strain(jo: User, sam: Patient) -> Rupture:
    return note_rupture(patient=sam, kind="withdrawal", note="Short answers.", by=jo, at=NOW)


def test_the_patient_sees_it_once_it_was_spoken_of(
    strain: Rupture, jo: User, sam: Patient
) -> None:
    before = strains_told_to(sam).exists()
    say_spoken_of(rupture=strain, by=jo, at=NOW)

    assert (before, strains_told_to(sam).exists()) == (False, True)


def test_the_patient_may_raise_it_unasked(sam: Patient) -> None:
    own = make.the_account(sam)

    raised = raise_strain(patient=sam, words="You looked at the clock.", by=own, at=NOW)

    assert raised.is_open


def test_it_stays_open_however_well_it_is_rated_until_the_patient_says_it_is_mended(
    strain: Rupture, jo: User, sam: Patient
) -> None:
    own = make.the_account(sam)
    say_spoken_of(rupture=strain, by=jo, at=NOW)

    say_how_far(rupture=strain, resolved=5, by=own, at=NOW)
    strain.refresh_from_db()
    still_open = strain.is_open
    mended = say_mended(rupture=strain, by=own, at=NOW)

    assert (still_open, mended.is_open) == (True, False)


def test_a_clinician_who_closes_it_says_why(strain: Rupture, jo: User) -> None:
    with pytest.raises(ValidationError, match="why"):
        repair_rupture(rupture=strain, because=" ", by=jo, at=NOW)


def test_nobody_closes_somebody_elses(strain: Rupture) -> None:
    with pytest.raises(PermissionDenied):
        repair_rupture(rupture=strain, because="It is over.", by=make.a_clinician(), at=NOW)
