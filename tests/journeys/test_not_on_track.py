"""Not on track.

The course falls behind what was expected. The clinician sees why, accepts a way of
working, writes down with the patient what is going on, changes the plan, and later reads
what followed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode, Signal
from tests.factories import a_checkin, a_patient, send

if TYPE_CHECKING:
    from securebase.people.accounts.models import User
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGIN = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
COURSE = (2, 2, 2, 2, 3, 3)
"""Answer to every question but the last, week by week: no better, then worse."""


def answer(patient: Patient, value: int, *, at: datetime) -> None:
    """Let the patient send a check-in in which safety is not marked."""
    sent = a_checkin(patient, "phq-9", at=at)
    given: dict[str, int | str | None] = {f"phq-9.{n}": value for n in range(1, 9)}
    send(sent, given | {"phq-9.9": 0}, at=at)


def test_from_the_signal_to_a_changed_plan_and_what_followed(
    visitor: Callable[..., Visitor], clinician: User, clock: Any
) -> None:
    patient = a_patient(of=clinician, name="Sam Reed", at=BEGIN)
    open_episode(patient=patient, by=clinician, at=BEGIN, planned_sessions=12)
    for week, value in enumerate(COURSE):
        clock.move_to(BEGIN + week * WEEK)
        answer(patient, value, at=datetime.now(UTC))
    assert Signal.objects.filter(kind__in=["NOT", "DET"]).exists()

    desk = visitor(clinician)
    page = desk.go("/desk/")
    row = page.locator(".signal").filter(has_text="S.R.").first
    row.get_by_role("link", name="Why?").click()
    page.locator("#may-help article").first.get_by_role("button", name="Accept").click()
    page.get_by_text("Kept: accepted.").wait_for()

    page = desk.go(f"/desk/people/{patient.pk}/formulation")
    page.get_by_label("What I need").fill("To go slower.")
    page.get_by_label("When it is too much").fill("Everything is loud.")
    page.get_by_role("button", name="Keep this version").click()
    page.get_by_text("Kept as the next version").wait_for()
    desk.picture("formulation")
    assert desk.violations() == []

    page = desk.go(f"/desk/people/{patient.pk}/readiness")
    page.get_by_label("Why you go ahead").fill("She wants to start, and can stop.")
    page.get_by_role("button", name="Proceed, because of this").click()
    page.get_by_text("She wants to start").wait_for()
    desk.picture("readiness")
    assert desk.violations() == []
    page = desk.go(f"/desk/people/{patient.pk}/frame")
    page.get_by_label("working through").check()
    page.get_by_role("button", name="Note this phase").click()
    page.get_by_text("Noted. The charts show it").wait_for()
    assert Episode.objects.get().phase == "process"

    for week in (8, 9):
        clock.move_to(BEGIN + week * WEEK)
        answer(patient, 1, at=datetime.now(UTC))
    desk.sign_in(clinician).go("/desk/")
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type("sr")
    desk.page.get_by_role("option", name="Sam Reed S.R.", exact=True).wait_for()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/desk/people/{patient.pk}/")
    page = desk.go(f"/desk/people/{patient.pk}/tried")
    assert page.get_by_role("row").count() == 2
    assert page.get_by_text("What follows is not what caused it").is_visible()
    desk.picture("what-was-tried")
    assert desk.violations() == []
