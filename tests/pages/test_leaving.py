"""Leave this page: out at once, and nothing to come back to.

The link works without a script: it leads through the server, which signs out. With its
script the page is covered first; a cookie then ends the visit with whatever is asked
next, even if nothing else arrives.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from tests import factories as make

pytestmark = pytest.mark.django_db

LEAVE, HOME = "/leave", "/me/"


@pytest.fixture
def me(client: Client, sam: Patient) -> Client:
    """Return the patient's browser, which has opened the first page."""
    client.force_login(make.the_account(sam))
    assert client.get(HOME).status_code == 200
    return client


def signed_in(client: Client) -> bool:
    """Whether the browser is still let in."""
    return client.get(HOME).status_code == 200


def test_the_link_alone_signs_out_and_leads_somewhere_neutral(me: Client) -> None:
    answer = me.get(LEAVE, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer["Location"].startswith("https://www.bbc.co.uk/weather")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not signed_in(me)


def test_the_beacon_needs_no_token_and_gets_no_words(sam: Patient) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.the_account(sam))

    answer = strict.post(LEAVE)

    assert (answer.status_code, answer.content) == (204, b"")
    assert not signed_in(strict)


def test_another_site_signs_nobody_out(me: Client) -> None:
    me.get(LEAVE, headers={"Sec-Fetch-Site": "cross-site"})

    assert signed_in(me)


def test_looking_at_the_link_changes_nothing(me: Client) -> None:
    me.head(LEAVE)

    assert signed_in(me)


def test_somebody_who_left_without_a_connection_is_out_at_the_next_request(me: Client) -> None:
    me.cookies["left"] = "yes"

    answer = me.get(HOME)

    assert answer["Location"].startswith(reverse("account_login"))
    assert answer["Clear-Site-Data"] == '"cache"'
    assert me.cookies["left"].value == ""
    assert not signed_in(me)


def test_after_that_one_may_sign_in_again_on_the_same_device(me: Client, sam: Patient) -> None:
    me.cookies["left"] = "yes"
    me.get(HOME)

    me.force_login(make.the_account(sam))

    assert signed_in(me)


def test_the_visit_is_over_in_the_list_of_visits_too(me: Client, sam: Patient) -> None:
    me.cookies["left"] = "yes"
    me.get(HOME)

    assert not make.the_account(sam).visits.filter(ended_at=None).exists()


def test_a_stranger_may_leave_as_well(client: Client) -> None:
    assert client.get(LEAVE).status_code == 302
    assert client.post(LEAVE).status_code == 204


def test_whoever_reads_german_is_led_to_a_page_in_german(client: Client) -> None:
    answer = client.get(LEAVE, headers={"Accept-Language": "de"})

    assert answer["Location"].startswith("https://www.dwd.de/")


@pytest.mark.parametrize("path", [HOME, "/help-now", "/me/steady/"])
def test_the_way_out_stands_on_the_page_twice(me: Client, path: str) -> None:
    page = me.get(path).content.decode()

    assert page.count('href="/leave"') == 2
    assert "Leave now" in page
    assert "Leave this page" in page


def test_pages_of_ones_own_are_kept_nowhere(me: Client) -> None:
    assert me.get(HOME)["Cache-Control"] == "no-store"
