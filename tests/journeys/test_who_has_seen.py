"""Who has seen my record, from look to answer.

A clinician opens a record. The patient sees it on the next page, does not recognise it and
asks. The clinician answers from Today, and the patient reads the answer with a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.people.accounts.models import Role, RoleHeld
from securebase.people.audit.anchors import drop_anchor
from tests.factories import a_clinician, a_patient, a_practice, the_account

if TYPE_CHECKING:
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def looks_right(visitor: Visitor, name: str) -> None:
    """Keep a picture; axe finds nothing and nothing sticks out sideways."""
    visitor.picture(f"record-{name}")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert visitor.violations() == []
    assert not visitor.page.evaluate(wide)


def test_a_look_is_seen_asked_about_and_answered(visitor: Callable[..., Visitor]) -> None:
    a_practice()
    jo = a_clinician("Dr Jo Marsh")
    RoleHeld.objects.create(user=jo, role=Role.HOST, since=timezone.now())
    TOTP.activate(jo, generate_totp_secret())
    sam = a_patient(of=jo, name="Sam Reed", at=timezone.now())
    desk, phone = visitor(jo), visitor(the_account(sam), size="phone", scheme="dark")

    desk.go(f"/desk/people/{sam.pk}/")
    page = phone.go("/me/")
    page.get_by_role("link", name="Your record").click()
    looks_right(phone, "hub")
    page.get_by_role("link", name="Who has seen it").click()
    looks_right(phone, "seen")
    page.get_by_role("link", name=re.compile("recognise this.*opened your")).click()
    looks_right(phone, "ask")
    page.get_by_label("What do you want us to know?").fill("I was not there that day.")
    page.get_by_role("button", name="Ask about it").click()
    assert "You get an answer here by" in page.inner_text("main")

    page = desk.go("/desk/")
    page.get_by_role("link", name="Answer what S.R. did not recognise").click()
    looks_right(desk, "answer")
    page.get_by_label("Your answer").fill("I opened it to write my note.")
    page.get_by_role("button", name="Send the answer").click()
    page.goto(f"{desk.base}/desk/people/{sam.pk}/")
    page.get_by_text("More in this record").click()
    page.get_by_role("link", name="Who opened this record").click()
    looks_right(desk, "who-opened")
    drop_anchor(at=timezone.now())
    for address in ("concerns", "anchors"):
        desk.go(f"/keep/{address}/")
        looks_right(desk, address)

    page = phone.go("/me/record/")
    looks_right(phone, "answered")
    said = page.inner_text("main")
    assert "I opened it to write my note." in said
    assert "Dr Jo Marsh" in said
