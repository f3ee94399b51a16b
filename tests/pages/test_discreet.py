"""Who else may see: what a device shows less of, and what nothing here can hide.

What is chosen stays on the device. The page promises no more than the program does.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.people.accounts.actions import invite
from tests import factories as make

pytestmark = pytest.mark.django_db

PATH, HOME, FIRST = "/me/discreet/", "/me/", "/me/discreet/first/"
PASSPHRASE = "four quiet herons stand"


def page(client: Client, path: str = HOME) -> str:
    """Return what the browser gets."""
    return client.get(path).content.decode()


def button(html: str) -> str:
    """Return the element of the button to leave."""
    return html.split("button-leave")[1].partition(">")[0]


def test_at_first_a_tab_has_a_neutral_name_and_the_button_is_there(me: Client) -> None:
    html = page(me)

    assert "<title>My page</title>" in html
    assert "mark.svg" in html
    assert "hidden" not in button(html)


def test_a_plain_tab_says_one_word_on_every_page(me: Client) -> None:
    me.post(PATH, {"plain": "on"})

    for path in (HOME, "/me/sharing/", "/help-now"):
        assert "<title>Notes</title>" in page(me, path)
        assert "plain.svg" in page(me, path)


def test_the_button_can_be_hidden_and_its_keys_stay(me: Client) -> None:
    me.post(PATH, {"hidden": "on"})

    html = page(me)

    assert "hidden" in button(html)
    assert 'data-times="3"' in html


def test_what_is_chosen_can_be_taken_back(me: Client) -> None:
    me.post(PATH, {"plain": "on", "hidden": "on", "shared": "on"})
    me.post(PATH, {})

    assert "<title>My page</title>" in page(me)
    assert me.cookies["page"].value == ""


def test_the_page_shows_what_is_chosen(me: Client) -> None:
    me.post(PATH, {"shared": "on"})

    html = page(me, PATH)

    assert html.count(" checked") == 1


@pytest.mark.parametrize(("shared", "locked"), [({}, False), ({"shared": "on"}, True)])
def test_a_shared_device_locks_after_five_minutes(
    me: Client, shared: dict[str, str], locked: bool
) -> None:
    with time_machine.travel(make.NOW, tick=False) as clock:
        me.post(PATH, shared)
        clock.shift(timedelta(minutes=5))
        answer = me.get(HOME)

    assert (answer.status_code == 302) is locked


def test_on_a_shared_device_the_visit_ends_with_the_browser(me: Client) -> None:
    me.post(PATH, {"shared": "on"})

    assert me.session.get_expire_at_browser_close()


def test_signing_in_later_on_a_shared_device_ends_with_the_browser_too(
    me: Client, sam: Patient
) -> None:
    me.post(PATH, {"shared": "on"})
    me.get("/leave")
    me.force_login(make.the_account(sam))
    me.get(HOME)

    assert me.session.get_expire_at_browser_close()


def test_the_way_out_is_explained_before_the_first_page_is_seen(client: Client) -> None:
    make.a_practice()
    jo = make.a_clinician()
    account = make.the_account(make.a_patient(of=jo))
    with time_machine.travel(make.NOW, tick=False):
        _, token = invite(account=account, by=jo, at=make.NOW)
        led = client.post(f"/welcome/{token}/", {"password": PASSPHRASE, "again": PASSPHRASE})

        assert led["Location"] == FIRST
        assert "Leave this page" in page(client, FIRST)
        assert f'href="{HOME}"' in page(client, FIRST)


def test_the_page_says_what_it_cannot_hide(me: Client) -> None:
    html = page(me, PATH)

    for words in ("Your browser keeps a list", "watched by a program", "network at home"):
        assert words in html


def test_the_page_says_how_long_it_waits_before_it_locks(me: Client) -> None:
    assert "locks after 60 minutes. On a shared device it takes 5 minutes." in page(me, PATH)


def test_the_first_page_leads_there(me: Client) -> None:
    assert f'href="{PATH}"' in page(me)
