"""The pictures of the manual.

A person reading the first page sees the program as it is: the pictures are taken from an
invented practice by this test. ``make pictures`` puts them into ``docs/images``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from securebase.people.accounts.models import Role, RoleHeld
from securebase.stories.demo.build import build_demo
from tests import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

FOR_THE_MANUAL = os.environ.get("PICTURES") == "manual"
PATIENTS = 24 if FOR_THE_MANUAL else 6


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    settings.SECUREBASE_DEMO = True
    if FOR_THE_MANUAL:
        monkeypatch.setattr(chromium, "PICTURES", chromium.MANUAL)
    return chromium.PICTURES


def test_the_invented_practice_looks_as_the_manual_shows_it(
    visitor: Callable[..., Visitor], pictures: Path
) -> None:
    now = timezone.now()
    invented = build_demo(PATIENTS, 7, now=now, say=lambda _: None)
    clinician = next(one.user for one in invented if one.role == "clinician")
    desk = visitor(clinician)

    page = desk.go("/desk/")
    taken = [desk.picture("today")]
    dip = (
        page.locator(".signal").filter(has_text=re.compile("lower than usual|tension|%")).first
    )
    person = dip.get_by_role("link", name=re.compile("Open")).get_attribute("href")
    dip.get_by_role("link", name=re.compile("Why")).click()
    page.get_by_role("heading", name="How it was worked out").wait_for()
    taken.append(desk.picture("why", whole=False))
    desk.go(str(person))
    top = page.locator("figure").first.bounding_box()
    assert top is not None
    page.mouse.wheel(0, top["y"] - 140)
    page.locator("figure").first.hover()
    taken.append(desk.picture("person", whole=False))

    taken += attachment_and_library(desk)

    page = desk.go("/desk/sessions/")
    page.get_by_role("link", name="Brief").or_(page.locator("a[href$='/before']")).first.click()
    page.get_by_role("heading", level=1).wait_for()
    taken.append(desk.picture("brief", whole=False))

    waiting = RoleHeld.objects.filter(
        role=Role.PATIENT, user__patient__checkins__state="open"
    ).first()
    assert waiting is not None
    me = visitor(waiting.user, size="phone")
    me.go("/me/")
    taken.append(me.picture("home", whole=False))
    me.go("/me/steady/")
    taken.append(me.picture("steady", whole=False))
    page = me.go("/me/check-in/")
    page.get_by_role("link", name=re.compile("Begin|Go on")).click()
    page.locator("button[name=answer]").first.wait_for()
    taken.append(me.picture("check-in", whole=False))

    host = visitor(RoleHeld.objects.filter(role=Role.HOST).latest("since").user)
    host.go("/keep/style/")
    taken.append(host.picture("style", whole=False))

    assert [path.stem for path in taken if path.stat().st_size < 5_000] == []


def attachment_and_library(desk: Visitor) -> list[Path]:
    """Take the plane of somebody who has one, and the library of what can be asked."""
    page = desk.go("/desk/people/")
    people = page.locator("main a[href^='/desk/people/']").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    plane = page.locator("figure.plane")
    for person in people:
        desk.go(person)
        if plane.count():
            break
    top = plane.first.bounding_box()
    assert top is not None
    page.mouse.wheel(0, top["y"] - 100)
    plane.first.hover()
    taken = [desk.picture("plane", whole=False)]
    desk.go("/desk/library/")
    return [*taken, desk.picture("library", whole=False)]
