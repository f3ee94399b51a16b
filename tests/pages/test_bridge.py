"""The plan for a break, at the desk and on the patient's page.

The desk asks for days and four parts; the patient reads them at once, with the people to
turn to, and the first page says that a break comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.models import Patient
from tests import factories as make
from tests.pages.signed import signed_in

pytestmark = pytest.mark.django_db

SENT = {
    "kind": "break",
    "first_day": "2026-12-19",
    "last_day": "2027-01-04",
    "contact_on": "2027-01-05",
    "contact": "We meet at ten.",
    "expect": "We do not meet. Evenings may be hard.",
    "turn_to": "Dr Lane, 020 7946 0000",
    "note": "I think of our work.",
}


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def desk(sam: Patient) -> Client:
    """Return the browser of the clinician of record."""
    return signed_in(sam.bonds.get(part="of_record").clinician)


@pytest.fixture
def me(sam: Patient) -> Client:
    """Return the patient's browser."""
    client = Client()
    client.force_login(make.the_account(sam))
    return client


def path(sam: Patient) -> str:
    """Return the desk's address."""
    return f"/desk/people/{sam.pk}/bridge"


def test_what_the_desk_keeps_the_patient_reads(desk: Client, me: Client, sam: Patient) -> None:
    kept = desk.post(path(sam), SENT)
    assert kept.status_code == 302

    page = me.get("/me/bridge/").content.decode()

    assert "Away from Saturday 19 December to Monday 4 January" in page
    for words in ("Evenings may be hard.", "020 7946 0000", "I think of our work.", "at ten"):
        assert words in page


def test_the_first_page_says_that_a_break_comes(desk: Client, me: Client, sam: Patient) -> None:
    assert "Away from" not in me.get("/me/").content.decode()

    desk.post(path(sam), SENT)

    page = me.get("/me/").content.decode()
    assert "Away from Saturday 19 December" in page
    assert 'href="/me/bridge/"' in page


def test_a_cover_without_a_plan_is_told_and_that_no_plan_is_written(
    me: Client, sam: Patient
) -> None:
    jo = sam.bonds.get(part="of_record").clinician
    days = Days(make.NOW.date(), make.NOW.date() + timedelta(days=5), "Europe/London")
    colleague = make.a_clinician("Dr Kit Lowe")
    arrange_cover(patients=[sam], colleague=colleague, days=days, by=jo, at=make.NOW)

    page = me.get("/me/bridge/").content.decode()

    assert "Dr Kit Lowe reads your check-ins" in page
    assert "No plan is written yet" in page
    assert "No break is planned" not in page


def test_home_does_not_say_that_nothing_is_planned_beside_a_plan(
    desk: Client, me: Client, sam: Patient
) -> None:
    assert "Nothing is planned now." in me.get("/me/").content.decode()

    desk.post(path(sam), SENT)

    assert "Nothing is planned now." not in me.get("/me/").content.decode()


def test_an_ending_says_that_it_is_one(desk: Client, me: Client, sam: Patient) -> None:
    desk.post(path(sam), SENT | {"kind": "ending", "last_day": "", "contact_on": ""})

    assert "Our work ends on Saturday 19 December" in me.get("/me/bridge/").content.decode()


def test_the_next_version_starts_from_the_last_one(desk: Client, sam: Patient) -> None:
    desk.post(path(sam), SENT)
    plan = BridgePlan.objects.get()

    page = desk.get(f"{path(sam)}?plan={plan.plan}").content.decode()
    assert "Evenings may be hard.</textarea>" in page

    again = {"plan": str(plan.plan), "number": "1"}
    desk.post(path(sam), SENT | again | {"expect": "Anew."})
    stale = desk.post(path(sam), SENT | again)

    assert BridgePlan.objects.filter(plan=plan.plan).count() == 2
    assert stale.status_code == 422
    assert "Version 2 was kept while you wrote" in stale.content.decode()
    assert "Evenings may be hard." in stale.content.decode()
    assert "An earlier version" in desk.get(f"{path(sam)}?plan={plan.plan}").content.decode()


def test_what_is_missing_is_said_beside_its_field(desk: Client, sam: Patient) -> None:
    answer = desk.post(path(sam), SENT | {"last_day": ""})

    assert answer.status_code == 422
    assert "A break has a last day; choose it." in answer.content.decode()


def test_a_plan_called_off_is_gone_from_the_patients_page(
    desk: Client, me: Client, sam: Patient
) -> None:
    desk.post(path(sam), SENT)

    desk.post(path(sam), {"call_off": str(BridgePlan.objects.get().plan)})

    assert "No break is planned" in me.get("/me/bridge/").content.decode()
    assert "Called off on" in desk.get(path(sam)).content.decode()


def test_a_plan_that_is_not_there_cannot_be_called_off(desk: Client, sam: Patient) -> None:
    assert desk.post(path(sam), {"call_off": "nothing"}).status_code == 404


def test_the_page_of_the_person_leads_there(desk: Client, sam: Patient) -> None:
    assert path(sam) in desk.get(f"/desk/people/{sam.pk}/").content.decode()
