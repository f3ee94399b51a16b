"""Reminders, on or off.

One button; what it says now is what happens with the next letter.
"""

from __future__ import annotations

from datetime import time

import pytest
import time_machine
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.people.post.queries import wants_reminders, wishes_of
from securebase.people.post.wishes import Wishes
from securebase.stories.reminder_words import reminder_words
from tests import factories as make

pytestmark = pytest.mark.django_db

PATH = "/me/reminders/"


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


def test_times_are_kept_and_shown_again(me: Client, sam: Patient) -> None:
    sent = {"at_time": "18:30", "quiet_from": "13:00", "quiet_until": "15:00"}

    page = me.post(PATH, sent, follow=True).content.decode()

    assert wishes_of(make.the_account(sam)) == Wishes(time(18, 30), time(13), time(15))
    assert 'value="18:30"' in page


def test_a_time_in_the_night_is_refused_in_plain_words(me: Client) -> None:
    answer = me.post(PATH, {"at_time": "03:00"})

    assert answer.status_code == 422
    assert "No mail comes at night. Choose from 08:00 to 22:00." in answer.content.decode()


def test_a_pause_says_when_they_come_again(me: Client) -> None:
    with time_machine.travel(make.NOW, tick=False):
        page = me.post(PATH, {"paused_until": "2026-12-01"}, follow=True).content.decode()

    assert "Reminders are paused" in page
    assert "They come again after Tuesday 1 December." in page


def test_the_page_shows_the_mail_as_it_is_sent(me: Client) -> None:
    page = me.get(PATH).content.decode()
    mail = reminder_words()

    assert mail.subject in page
    assert "Something you agreed on is ready for you:" in page
