"""Supporters.

A patient asks somebody close to be there. That person sees nothing at first; then exactly
what the ledger names, until the day it names, and nothing from the next request after it
is taken back. Of a safety plan they see its crisis steps, and never the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.exclusion import keep_out
from securebase.clinic.care.models import Exclusion, Patient
from securebase.clinic.consent.actions import grant, withdraw
from securebase.clinic.consent.models import Entry, Supporter
from securebase.clinic.consent.queries import categories_open_to, patients_sharing_with
from securebase.clinic.consent.supporters import (
    MOST,
    add_supporter,
    asked_by_others,
    can_ask,
    can_see_support,
    check_can_see_support,
    open_to_supporter,
    remove_supporter,
    supporters_visible_to,
)
from securebase.clinic.consent.terms import Terms
from securebase.clinic.consent.words import SUPPORT, offered
from securebase.people.access.words import Category
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.audit.verbs import Verb
from securebase.science.safety_plan import plan_form
from tests import factories as make
from tests.clinic.sharing import a_partner
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

NOW = make.NOW
MONTH = timedelta(days=30)
STEPS, TIMES = Category.PLAN, Category.SCHEDULE


@dataclass(frozen=True)
class Home:
    """Sam lives with Mara; Jo treats Sam."""

    jo: User
    sam: Patient
    mara: User
    asked: Supporter

    @property
    def account(self) -> User:
        """Sam's own account."""
        return make.the_account(self.sam)


@pytest.fixture
def home() -> Home:
    make.a_practice()
    jo = make.a_clinician()
    sam = make.a_patient(of=jo)
    mara = make.an_account(Role.SUPPORTER, name="Mara Reed")
    return Home(jo, sam, mara, ask(sam, mara))


def ask(patient: Patient, account: User, *, by: User | None = None) -> Supporter:
    by = by or make.the_account(patient)
    return add_supporter(
        patient=patient, account=account, name="Mara", called="Sammy", by=by, at=NOW
    )


def show(home: Home, *kinds: Category, to: User | None = None, by: User | None = None) -> Entry:
    scope = frozenset(kinds)
    text = offered().text_for(scope, SUPPORT).version
    terms = Terms(scope, SUPPORT, since=NOW, until=NOW + MONTH, text_version=text)
    by, to = by or home.account, to or home.mara
    return grant(patient=home.sam, recipient=to, terms=terms, by=by, at=NOW)


def seen(home: Home, *, at: object = NOW) -> set[Category]:
    mara = User.objects.get(pk=home.mara.pk)
    return set(open_to_supporter(mara, home.sam, at=at))  # type: ignore[arg-type]


def test_being_asked_opens_nothing(home: Home) -> None:
    assert seen(home) == set()
    assert list(asked_by_others(home.mara, at=NOW)) == []
    assert not can_see_support(home.mara, home.sam, at=NOW)
    with pytest.raises(PermissionDenied):
        check_can_see_support(home.mara, home.sam, at=NOW)


@pytest.mark.parametrize("kinds", [{STEPS}, {TIMES}, {STEPS, TIMES}])
def test_exactly_what_the_ledger_names_is_open(home: Home, kinds: set[Category]) -> None:
    show(home, *kinds)

    assert seen(home) == kinds
    assert list(asked_by_others(home.mara, at=NOW)) == [home.asked]


def test_it_ends_by_itself_on_its_day(home: Home) -> None:
    show(home, STEPS)

    assert seen(home, at=NOW + MONTH - timedelta(seconds=1)) == {STEPS}
    assert seen(home, at=NOW + MONTH) == set()


def test_what_is_taken_back_is_closed_at_once(home: Home) -> None:
    consent = show(home, STEPS)

    withdraw(consent=consent, by=home.account, at=NOW)

    assert seen(home) == set()


def test_removing_somebody_takes_back_all_and_tells_nobody(home: Home) -> None:
    show(home, STEPS)
    show(home, TIMES)

    with added_rows() as rows:
        remove_supporter(supporter=home.asked, by=home.account, at=NOW)

    assert seen(home) == set()
    assert list(supporters_visible_to(home.account, at=NOW)) == []
    verbs = [row.verb for row in rows]
    assert verbs == [Verb.CONSENT_WITHDRAW, Verb.CONSENT_WITHDRAW, Verb.SUPPORTER_REMOVE]


def test_it_ends_with_the_role(home: Home) -> None:
    show(home, STEPS)
    RoleHeld.objects.filter(user=home.mara).update(until=NOW)

    assert seen(home) == set()


def test_it_opens_nothing_that_a_partner_would_see(home: Home) -> None:
    """Not even to somebody who is a partner on the care team as well."""
    RoleHeld.objects.create(user=home.mara, role=Role.PARTNER, since=NOW)
    mara = User.objects.get(pk=home.mara.pk)
    a_partner(home.sam, account=mara)
    show(home, STEPS)

    assert categories_open_to(mara, home.sam, at=NOW) == set()
    assert list(patients_sharing_with(mara, at=NOW)) == []
    assert seen(home) == {STEPS}


@pytest.mark.parametrize(
    "kind", [Category.MEASURE, Category.PROGRESS, Category.PROCESS, Category.SUBSTANCE]
)
def test_nothing_else_can_be_shown_to_somebody_close(home: Home, kind: Category) -> None:
    with pytest.raises(ValidationError):
        show(home, kind)


def test_nothing_is_shown_to_somebody_who_was_not_asked(home: Home) -> None:
    stranger = make.an_account(Role.SUPPORTER)

    with pytest.raises(PermissionDenied):
        show(home, STEPS, to=stranger)
    remove_supporter(supporter=home.asked, by=home.account, at=NOW)
    with pytest.raises(PermissionDenied):
        show(home, STEPS)


def test_only_the_patient_decides_who_is_close(home: Home) -> None:
    assert can_ask(home.account, home.sam)
    for user in (home.jo, home.mara, make.a_host()):
        assert not can_ask(user, home.sam)
        with pytest.raises(PermissionDenied):
            ask(home.sam, home.mara, by=user)
        with pytest.raises(PermissionDenied):
            show(home, STEPS, by=user)
        with pytest.raises(PermissionDenied):
            remove_supporter(supporter=home.asked, by=user, at=NOW)
    assert list(supporters_visible_to(home.jo, at=NOW)) == []


def test_somebody_close_who_also_works_here_can_be_kept_out(home: Home) -> None:
    RoleHeld.objects.create(user=home.mara, role=Role.CLINICIAN, since=NOW)
    show(home, STEPS)

    mara = User.objects.get(pk=home.mara.pk)
    keep_out(patient=home.sam, person=mara, by=home.account, at=NOW)

    assert Exclusion.objects.count() == 1
    assert seen(home) == set()


def test_being_asked_twice_is_one_line(home: Home) -> None:
    assert ask(home.sam, home.mara) == home.asked


def test_the_own_address_and_a_list_too_long_are_refused(home: Home) -> None:
    with pytest.raises(ValidationError, match="your own address"):
        ask(home.sam, home.account)
    for _ in range(MOST - 1):
        ask(home.sam, make.an_account(Role.SUPPORTER))
    with pytest.raises(ValidationError, match="Take somebody off"):
        ask(home.sam, make.an_account(Role.SUPPORTER))


def test_the_crisis_steps_are_parts_of_a_plan_that_names_nobody_else() -> None:
    parts = {part.slug for part in plan_form().parts}

    assert set(offered().support.plan_parts) < parts
    assert not {"people", "safer", "reasons"} & set(offered().support.plan_parts)
