"""A rupture and its repair.

A rating drops; the clinician asks, notes the strain, and over four sessions the two of
them mend it. The patient is told nothing until it was spoken of, and says alone when it
is mended.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.therapy.actions import close_session, plan_session
from securebase.clinic.therapy.models import Rupture
from securebase.science.library import instrument
from tests.factories import a_checkin, a_patient, send, the_account

if TYPE_CHECKING:
    from securebase.people.accounts.models import User
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEGIN = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
USUAL, STRAINED = (8, 8, 8, 7, 0), (4, 2, 3, 3, 3)


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody who rated six weeks as usual and the seventh as strained."""
    patient = a_patient(of=clinician, name="Sam Reed", at=BEGIN)
    open_episode(patient=patient, by=clinician, at=BEGIN, planned_sessions=16)
    return patient


def rate(patient: Patient, values: tuple[int, ...], *, at: datetime) -> None:
    """Let the patient send a session check-in."""
    sent = a_checkin(patient, "session-check-in", at=at)
    send(sent, tension_last(values), at=at)


def tension_last(values: tuple[int, ...]) -> dict[str, int | str | None]:
    """Return the answers by item, in the order in which they are asked."""
    items = [one.id for one in instrument("session-check-in").items if one.kind != "text"]
    return {f"session-check-in.{item}": v for item, v in zip(items, values, strict=False)}


def meet(patient: Patient, clinician: User, *, at: datetime) -> None:
    """Hold a session."""
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=at, by=clinician, at=at
    )
    close_session(session=session, state="held", by=clinician, at=at + timedelta(hours=1))


def test_from_the_rating_to_the_patients_own_word(
    visitor: Callable[..., Visitor], clinician: User, patient: Patient, clock: Any
) -> None:
    for week in range(7):
        clock.move_to(BEGIN + week * WEEK)
        rate(patient, STRAINED if week == 6 else USUAL, at=datetime.now(UTC))
    desk = visitor(clinician)
    page = desk.go("/desk/")
    row = page.locator(".signal").filter(has_text="S.R.").first
    row.get_by_role("link", name="Why?").click()
    page.get_by_text("Note a strain in the work together").click()
    page.get_by_label("moving away").check()
    page.get_by_label("What you saw, if you can say").select_option("short-answers")
    page.get_by_role("button", name="Note it").click()
    page.get_by_text("Noted. It stays open").wait_for()
    log = f"/desk/ruptures/{Rupture.objects.get().pk}/"
    assert Rupture.objects.get().source == "rating"

    said: tuple[dict[str, str], ...] = (
        {"marker": "I said that the last time felt different."},
        {"wish": "To be asked before we change the time."},
        {"action": "I apologised and we agreed how to change times."},
        {},
    )
    for number, words in enumerate(said, start=7):
        clock.move_to(BEGIN + number * WEEK)
        meet(patient, clinician, at=datetime.now(UTC))
        clock.move_to(BEGIN + number * WEEK + timedelta(hours=2))
        page = desk.sign_in(clinician).go(log)
        for step, text in words.items():
            page.locator(f"textarea[name={step}]").fill(text)
        page.get_by_label("How far it is resolved").select_option(str(number - 5))
        page.get_by_label("In which session").select_option(index=1)
        page.get_by_role("button", name="Keep this").click()
        page.get_by_text("Kept. Earlier lines stay").wait_for()
        if number == 8:
            page.get_by_role("button", name="We have spoken of it").click()
            page.get_by_text("The patient can now say").wait_for()
    desk.picture("repair-log")
    assert desk.violations() == []

    me = visitor(the_account(patient), size="phone")
    page = me.go("/me/between-us/")
    me.picture("between-us")
    assert me.violations() == []
    page.get_by_role("button", name="It is mended for me").click()
    page.get_by_text("Noted: it is mended").wait_for()

    page = desk.go(log)
    assert page.get_by_text("own word").is_visible()
    assert Rupture.objects.get().repaired_by == the_account(patient)
    assert Rupture.objects.get().entries.filter(session__isnull=False).count() == 7
