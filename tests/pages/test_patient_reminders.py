"""Reminders, on or off.

One button; what it says now is what happens with the next letter.
"""

from __future__ import annotations

import pytest
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.people.post.queries import wants_reminders
from tests import factories as make

pytestmark = pytest.mark.django_db

PATH = "/me/reminders/"


@pytest.fixture
def sam() -> Patient:
    """Return a patient."""
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


@pytest.fixture
def me(client: Client, sam: Patient) -> Client:
    """Return the patient's browser."""
    client.force_login(make.the_account(sam))
    return client


def test_the_page_says_that_they_come_and_where_to(me: Client, sam: Patient) -> None:
    page = me.get(PATH).content.decode()

    assert "Reminders come" in page
    assert make.the_account(sam).email in page


def test_one_button_stops_them_and_one_brings_them_back(me: Client, sam: Patient) -> None:
    stopped = me.post(PATH, {"wanted": "no"}, follow=True).content.decode()
    assert "No reminders come from now on" in stopped
    assert not wants_reminders(make.the_account(sam))

    back = me.post(PATH, {"wanted": "yes"}, follow=True).content.decode()
    assert "Reminders come from now on" in back
    assert wants_reminders(make.the_account(sam))


def test_the_first_page_leads_there(me: Client) -> None:
    assert f'href="{PATH}"' in me.get("/me/").content.decode()
