"""An emergency.

One night a colleague without a tie opens a record: they show once more that it is them,
give a reason, read under a banner. The patient reads of it in plain words, the clinician
of record finds it on Today and says what was found, and the patient reads that too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from securebase.people.accounts.models import User
from tests.factories import a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSPHRASE = "four calm birds at dusk"
WHY = "Rang and said goodbye; Dr Marsh cannot be reached."


def with_second_factor(name: str) -> User:
    user = a_clinician(name)
    TOTP.activate(user, generate_totp_secret())
    user.set_password(PASSPHRASE)
    user.save()
    return user


def test_a_record_is_opened_told_of_and_looked_at(visitor: Callable[..., Visitor]) -> None:
    a_practice()
    jo, kit = with_second_factor("Dr Jo Marsh"), with_second_factor("Dr Kit Lowe")
    sam = a_patient(of=jo, name="Sam Reed")

    night = visitor(kit, size="phone")
    page = night.go("/desk/emergency/")
    page.get_by_label(re.compile("pass", re.I)).fill(PASSPHRASE)
    page.get_by_role("button", name="Confirm").click()
    assert night.violations() == []
    page.get_by_label("Name, e-mail address or record number").fill("sam reed")
    page.get_by_label("danger to life").check()
    page.get_by_label("In a sentence or two").fill(WHY)
    page.get_by_role("button", name="Open the record").click()
    assert page.get_by_role("heading", name="Sam Reed", level=1).is_visible()
    assert page.get_by_text("A record is open to you in an emergency").is_visible()
    assert night.violations() == []

    me = visitor(the_account(sam), size="phone")
    assert me.go("/me/").get_by_text("Dr Kit Lowe opened your record").is_visible()

    desk = visitor(jo)
    page = desk.go("/desk/")
    page.get_by_role("link", name="Review the access to S.R.").click()
    assert page.get_by_text(WHY).is_visible()
    page.get_by_label("It was needed").check()
    page.get_by_role("button", name="Keep the review").click()
    assert page.get_by_text("Kept. The patient reads what you found.").is_visible()
    assert me.go("/me/").get_by_text("The answer: it was needed.").is_visible()

    page = night.go("/desk/")
    page.get_by_role("link", name="S.R.").click()
    page.get_by_role("button", name="Close the record now").click()
    assert page.get_by_text("A record is open to you").count() == 0
