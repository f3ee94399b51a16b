"""Consent.

What a patient shares with another professional, and how it ends. Nothing is shared until
the patient shares it; whatever is shared ends on a day they chose, or when they say so.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_visible_to
from securebase.clinic.consent.actions import grant, narrow, withdraw
from securebase.clinic.consent.models import Entry, LedgerIsAppendOnly
from securebase.clinic.consent.queries import categories_open_to
from securebase.clinic.consent.terms import latest_end
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.stories.share_with_partner import open_shared
from tests import factories as make
from tests.clinic.sharing import a_partner, shares, terms

pytestmark = pytest.mark.django_db

NOW = make.NOW
TOMORROW = NOW + timedelta(days=1)
TIMES, COURSE = Category.SCHEDULE, Category.MEASURE


@pytest.fixture
def sam() -> Patient:
    """Return Sam, in Jo's care."""
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


@pytest.fixture
def lee(sam: Patient) -> User:
    """Return Lee, a psychiatrist whom Jo invited to Sam's care team."""
    return a_partner(sam)


def test_an_invitation_opens_nothing(sam: Patient, lee: User) -> None:
    assert categories_open_to(lee, sam, at=NOW) == set()
    with pytest.raises(PermissionDenied, match="Nothing is shared"):
        open_shared(patient=sam, by=lee, at=NOW)


def test_a_partner_sees_the_kinds_that_were_named_and_no_others(
    sam: Patient, lee: User
) -> None:
    shares(sam, lee, COURSE)

    assert categories_open_to(lee, sam, at=NOW) == {COURSE}


def test_sharing_does_not_open_the_record_itself(sam: Patient, lee: User) -> None:
    shares(sam, lee, COURSE, TIMES)

    assert not patients_visible_to(lee, at=NOW).exists()


def test_only_the_patient_decides(sam: Patient, lee: User) -> None:
    jo = sam.bonds.get().clinician

    for somebody in (lee, jo):
        with pytest.raises(PermissionDenied, match="Only the patient"):
            grant(patient=sam, recipient=lee, terms=terms(COURSE), by=somebody, at=NOW)


def test_it_ends_by_itself_within_twelve_months(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, COURSE, until=latest_end(NOW))

    assert categories_open_to(lee, sam, at=consent.until) == set()
    with pytest.raises(ValidationError, match="12 months at most"):
        shares(sam, lee, COURSE, until=latest_end(NOW) + timedelta(days=1))


def test_a_withdrawal_holds_at_once(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, COURSE)

    withdraw(consent=consent, by=make.the_account(sam), at=TOMORROW)

    assert categories_open_to(lee, sam, at=TOMORROW) == set()


def test_sharing_less_is_one_step_and_never_shares_more(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, COURSE, TIMES)

    narrow(consent=consent, terms=terms(TIMES), by=make.the_account(sam), at=NOW)

    assert categories_open_to(lee, sam, at=NOW) == {TIMES}


def test_substance_use_is_shared_alone_and_by_its_own_text(sam: Patient, lee: User) -> None:
    with pytest.raises(ValidationError, match="stand alone"):
        shares(sam, lee, Category.SUBSTANCE, COURSE)

    assert shares(sam, lee, Category.SUBSTANCE).text.kind == "sud"


def test_process_notes_cannot_be_shared(sam: Patient, lee: User) -> None:
    with pytest.raises(ValidationError, match="cannot be shared"):
        shares(sam, lee, Category.PROCESS)


def test_a_line_of_the_ledger_is_never_changed(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, COURSE)
    consent.until = TOMORROW

    with pytest.raises(LedgerIsAppendOnly):
        consent.save()
    assert Entry.objects.get().until != TOMORROW
