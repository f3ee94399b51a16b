"""The consent ledger.

A line is written once. What holds is worked out from the lines each time it is asked, so
that a withdrawal is in force for the very next question. Neither this program nor
anybody at the database's prompt changes a line or takes one out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import grant, narrow, withdraw
from securebase.clinic.consent.models import Entry, LedgerIsAppendOnly
from securebase.clinic.consent.queries import (
    categories_open_to,
    consents_in_force,
    patients_sharing_with,
)
from securebase.clinic.consent.terms import latest_end
from securebase.people.access.words import Category
from securebase.people.accounts.models import RoleHeld, User
from tests import factories as make
from tests.clinic.sharing import a_partner, shares, terms

pytestmark = pytest.mark.django_db

NOW = make.NOW
A_DAY = timedelta(days=1)
MEASURE, SCHEDULE = Category.MEASURE, Category.SCHEDULE


@pytest.fixture
def sam() -> Patient:
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


@pytest.fixture
def lee(sam: Patient) -> User:
    return a_partner(sam)


def sees(user: User, patient: Patient, at: datetime = NOW) -> set[str]:
    return {c.value for c in categories_open_to(User.objects.get(pk=user.pk), patient, at=at)}


def test_nothing_is_shared_until_the_patient_shares_it(sam: Patient, lee: User) -> None:
    assert sees(lee, sam) == set()
    assert not patients_sharing_with(lee, at=NOW).exists()


def test_what_is_shared_is_seen_and_nothing_else(sam: Patient, lee: User) -> None:
    shares(sam, lee, MEASURE, SCHEDULE)

    assert sees(lee, sam) == {"measure", "sched"}
    assert list(patients_sharing_with(lee, at=NOW)) == [sam]


def test_it_is_shared_with_that_partner_alone(sam: Patient, lee: User) -> None:
    shares(sam, lee, MEASURE)

    assert sees(a_partner(sam), sam) == set()
    assert sees(lee, make.a_patient(of=make.a_clinician())) == set()


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        (-timedelta(seconds=1), False),  # before it begins
        (timedelta(0), True),
        (30 * A_DAY - timedelta(seconds=1), True),
        (30 * A_DAY, False),  # the end is not part of it
    ],
)
def test_it_holds_from_its_beginning_until_its_end(
    sam: Patient, lee: User, moment: timedelta, open_then: bool
) -> None:
    shares(sam, lee, MEASURE, until=NOW + 30 * A_DAY)

    assert bool(sees(lee, sam, at=NOW + moment)) is open_then


def test_a_withdrawal_ends_it_at_once_even_if_the_clock_is_set_back(
    sam: Patient, lee: User
) -> None:
    consent = shares(sam, lee, MEASURE)

    withdraw(consent=consent, by=make.the_account(sam), at=NOW + A_DAY)

    assert sees(lee, sam, at=NOW + A_DAY) == set()
    assert sees(lee, sam, at=NOW + timedelta(hours=1)) == set()


def test_withdrawing_twice_is_the_same_withdrawal(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, MEASURE)
    by = make.the_account(sam)

    first = withdraw(consent=consent, by=by, at=NOW)

    assert withdraw(consent=consent, by=by, at=NOW + A_DAY) == first
    assert Entry.objects.count() == 2


def test_sharing_less_is_a_withdrawal_and_a_smaller_consent(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, MEASURE, SCHEDULE)

    smaller = narrow(consent=consent, terms=terms(SCHEDULE), by=make.the_account(sam), at=NOW)

    assert sees(lee, sam) == {"sched"}
    assert list(consents_in_force(at=NOW, patient=sam)) == [smaller]
    assert [e.act for e in Entry.objects.order_by("act")] == ["grant", "grant", "withdraw"]


@pytest.mark.parametrize(
    "more",
    [
        terms(MEASURE, SCHEDULE),
        terms(MEASURE, until=NOW + 60 * A_DAY),
        terms(MEASURE, purpose="referral"),
    ],
    ids=["another kind", "longer", "another purpose"],
)
def test_sharing_less_cannot_share_more(sam: Patient, lee: User, more: object) -> None:
    consent = shares(sam, lee, MEASURE)

    with pytest.raises(ValidationError, match="only share less"):
        narrow(consent=consent, terms=more, by=make.the_account(sam), at=NOW)  # type: ignore[arg-type]
    assert Entry.objects.count() == 1


def test_a_sharing_that_is_over_cannot_be_made_smaller(sam: Patient, lee: User) -> None:
    by, consent = make.the_account(sam), shares(sam, lee, MEASURE)
    later = consent.until + A_DAY
    small = terms(MEASURE, since=later, until=later + A_DAY)

    with pytest.raises(ValidationError, match="over already"):
        narrow(consent=consent, terms=small, by=by, at=later)


def test_it_can_be_shared_again(sam: Patient, lee: User) -> None:
    withdraw(consent=shares(sam, lee, MEASURE), by=make.the_account(sam), at=NOW)

    shares(sam, lee, MEASURE)

    assert sees(lee, sam) == {"measure"}


def test_a_partner_who_left_sees_nothing(sam: Patient, lee: User) -> None:
    shares(sam, lee, MEASURE)
    RoleHeld.objects.filter(user=lee).update(until=NOW)

    assert sees(lee, sam) == set()
    assert not patients_sharing_with(User.objects.get(pk=lee.pk), at=NOW).exists()


def test_a_closed_account_sees_nothing(sam: Patient, lee: User) -> None:
    shares(sam, lee, MEASURE)
    User.objects.filter(pk=lee.pk).update(is_active=False)

    assert sees(lee, sam) == set()


WRONG = [
    # what is wrong with the terms, and how it is said
    (terms(), "at least one"),
    (terms(Category.PROCESS), "cannot be shared by consent"),
    (terms(Category.AUDIT), "cannot be shared by consent"),
    (terms(Category.SUBSTANCE, MEASURE), "stand alone"),
    (terms(MEASURE, purpose="curiosity"), "Choose one of"),
    (terms(MEASURE, since=NOW - A_DAY), "in the past"),
    (terms(MEASURE, until=NOW), "before it begins"),
    (terms(MEASURE, until=latest_end(NOW) + timedelta(seconds=1)), "12 months at most"),
    (terms(MEASURE, text_version="1999-01.1"), "Show the new text"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=[words for _, words in WRONG])
def test_terms_that_nobody_may_agree_to(
    sam: Patient, lee: User, wrong: object, words: str
) -> None:
    by = make.the_account(sam)

    with pytest.raises(ValidationError, match=words):
        grant(patient=sam, recipient=lee, terms=wrong, by=by, at=NOW)  # type: ignore[arg-type]
    assert not Entry.objects.exists()


def test_twelve_months_to_the_day_is_not_too_long(sam: Patient, lee: User) -> None:
    assert shares(sam, lee, MEASURE, until=latest_end(NOW)).until == NOW.replace(year=2027)
    assert latest_end(datetime.fromisoformat("2028-02-29T12:00Z")).day == 28


def test_substance_use_opens_by_its_own_consent_alone(sam: Patient, lee: User) -> None:
    everything = [c for c in Category if c.value in "sched measure plan progress social net"]
    shares(sam, lee, *everything)
    assert "sud" not in sees(lee, sam)

    own = shares(sam, lee, Category.SUBSTANCE)

    assert "sud" in sees(lee, sam)
    assert own.text.kind == "sud"


def test_the_line_keeps_which_text_was_shown(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, MEASURE)

    assert consent.text.version == consent.text_version
    assert consent.text.digest == consent.text_digest
    assert len(consent.text_digest) == 64


def test_nothing_is_shared_with_somebody_who_was_not_invited(sam: Patient) -> None:
    stranger = a_partner(make.a_patient(of=make.a_clinician()))

    with pytest.raises(PermissionDenied, match="not on the care team"):
        shares(sam, stranger, MEASURE)


def test_what_was_signed_on_paper_is_entered_by_the_clinician_of_record(
    sam: Patient, lee: User
) -> None:
    jo = sam.bonds.get().clinician

    consent = shares(sam, lee, MEASURE, by=jo, method="paper")

    assert (consent.method, consent.by) == ("paper", jo)


def test_the_program_refuses_to_change_or_remove_a_line(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, MEASURE)
    consent.categories = "measure sched"

    with pytest.raises(LedgerIsAppendOnly, match="written already"):
        consent.save()
    with pytest.raises(LedgerIsAppendOnly, match="cannot be removed"):
        consent.delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_entry SET until = '2030-01-01 00:00:00'",
        "UPDATE consent_entry SET categories = 'measure net'",
        "DELETE FROM consent_entry",
    ],
)
def test_the_database_refuses_too(sam: Patient, lee: User, statement: str) -> None:
    shares(sam, lee, MEASURE)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert sees(lee, sam) == {"measure"}


@pytest.mark.parametrize("scope", ["process", "measure process", "measure sud", "sud sud2", ""])
def test_the_database_refuses_a_line_that_no_consent_may_hold(
    sam: Patient, lee: User, scope: str
) -> None:
    line = shares(sam, lee, MEASURE)
    kept = {f.attname: getattr(line, f.attname) for f in Entry._meta.concrete_fields}
    del kept["id"]

    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(**kept | {"categories": scope})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["once", "and again"])
def test_the_ledger_is_guarded_in_every_database_that_tests_leave_behind(turn: str) -> None:
    make.a_practice()
    sam = make.a_patient(of=make.a_clinician())
    shares(sam, a_partner(sam), MEASURE)

    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.all().delete()
    assert Entry.objects.count() == 1
