"""The host's pages about people, at every width and in both lights.

One host asks, another confirms; a patient is found, planned for and gone. Nothing sticks
out, axe finds nothing, and no page needs a script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.people.accounts.models import Role, User
from securebase.people.approvals.models import Approval
from securebase.people.vault.models import ErasedOwner
from securebase.stories.erase_subject.erase import ask_to_erase
from securebase.stories.keep_people import ask_for_role
from tests.factories import a_checkin, a_clinician, a_host, a_patient, a_practice, the_account
from tests.journeys.test_every_page import faults

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

WHY = "They asked for it in writing; the letter is in the safe."


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )
    a_practice()
    user = a_host()
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def kim() -> User:
    return a_clinician("Dr Kim Lowe")


@pytest.fixture
def sam(host: User, kim: User) -> Patient:
    patient = a_patient(of=kim, name="Sam Reed")
    a_checkin(patient, "phq-9", at=timezone.now().replace(microsecond=0))
    return patient


def find(one: Visitor, patient: Patient) -> None:
    """Look for a patient by the exact address."""
    page = one.go("/keep/subjects/")
    page.get_by_label("Their exact e-mail address").fill(the_account(patient).email)
    page.get_by_label("They asked to be erased").check()
    page.get_by_role("button", name="Look").click()
    page.get_by_role("heading", name="Sam Reed").wait_for()


def test_the_pages_about_people_are_whole(
    visitor: Callable[..., Visitor], host: User, kim: User, sam: Patient
) -> None:
    now, other = timezone.now(), a_host("Noor Vale")
    ask_for_role(account=kim, role=Role.HOST, reason=WHY, by=other, at=now)
    erasing = ask_to_erase(patient=sam, reason=WHY, by=other, at=now)
    one = visitor(host)
    find(one, sam)
    paths = [
        "people/",
        "people/new",
        f"people/{kim.pk}/",
        f"people/{kim.pk}/role",
        f"people/{kim.pk}/close",
        "approvals/",
        f"approvals/{erasing.pk}/",
        "subjects/",
        "subjects/found/",
        "subjects/found/erase",
        "subjects/found/let-in",
        "retention/",
        "evidence/",
    ]

    assert [fault for path in paths for fault in faults(one, f"/keep/{path}")] == []
    patient = visitor(the_account(sam))
    assert faults(patient, "/me/record/copy/") == []


def test_a_person_is_erased_by_two(
    visitor: Callable[..., Visitor], host: User, kim: User, sam: Patient
) -> None:
    other = a_host("Noor Vale")
    TOTP.activate(other, generate_totp_secret())
    one = visitor(host)
    find(one, sam)
    one.page.get_by_role("link", name="Plan an erasure").click()
    one.picture("erasure-plan")
    one.page.get_by_label("Why").fill(WHY)
    one.page.get_by_role("button", name="Ask for the erasure").click()
    one.page.get_by_text("Nothing is erased before it is confirmed").wait_for()
    two = visitor(other)
    two.go("/keep/people/")
    two.picture("host-people")
    page = two.go("/keep/approvals/")
    page.get_by_role("link", name=re.compile("Erase a person, record")).click()
    two.picture("approval")
    page.get_by_role("button", name="Confirm and do it").click()
    page.get_by_text("Confirmed and done.").wait_for()
    for path in ("retention/", "evidence/", "subjects/"):
        two.go(f"/keep/{path}")
        two.picture(path.strip("/"))

    assert ErasedOwner.objects.filter(owner=sam.pk).exists()
    assert Approval.objects.get().confirmed_by == other
