"""A form that is sent twice.

The answer got lost, or the button was pressed again: the form is taken once, and its
sender is led where the first time led. Every form of every page is tried; one that was
refused, or that is opened again and meant a second time, is taken.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.clinic.formulation.models import Goal
from securebase.clinic.practice.models import KitEntry
from securebase.people.accounts.models import Sending
from securebase.people.accounts.tidy import tidy
from tests import factories as make
from tests.faults.forms import Forms
from tests.faults.sent_again import sent_twice
from tests.matrix.world import a_world

GOALS, KIT = "/me/goals", "/me/kit/add/words/"
FEWEST = 40
"""Forms that write something; the pages had 78 when this was counted."""


@pytest.fixture
def sam(db: None) -> Patient:
    """Return a patient of a practice that is set up."""
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


@pytest.fixture
def me(sam: Patient) -> Client:
    """Return the patient's browser."""
    return browser(sam)


def browser(sam: Patient) -> Client:
    """Return a browser in which the patient has signed in."""
    client = Client()
    client.force_login(make.the_account(sam))
    return client


def opened(me: Client, page: str = "/me/together/", to: str = GOALS) -> dict[str, list[str]]:
    """Open a page, and return what one of its forms would send."""
    forms = Forms(page, me.get(page).content.decode()).found
    return next(form.fields for form in forms if form.action == to)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_form_of_any_page_is_taken_twice() -> None:
    with time_machine.travel(make.NOW, tick=False), transaction.atomic():
        sent = list(sent_twice(a_world()))
        transaction.set_rollback(True)

    doubled = [f"{one.who}: {one.form.name} {dict(one.again)}" for one in sent if one.again]
    assert doubled == []
    assert [one.form.name for one in sent if max(one.statuses) >= 500] == []
    assert sum(bool(one.first) for one in sent) >= FEWEST


def test_the_second_answer_leads_where_the_first_did(me: Client) -> None:
    form = opened(me)
    first = me.post(GOALS, form)

    again = me.post(GOALS, form)

    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Goal.objects.count() == 1


def test_whoever_opens_the_page_again_may_mean_it_twice(me: Client) -> None:
    me.post(GOALS, opened(me))

    me.post(GOALS, opened(me))

    assert Goal.objects.count() == 2


def test_other_words_from_the_same_page_are_another_sending(me: Client) -> None:
    form = opened(me)
    me.post(GOALS, form)

    me.post(GOALS, form | {"words": ["To sleep through a night."]})

    assert Goal.objects.count() == 2


def test_what_was_refused_may_be_sent_again(me: Client) -> None:
    form = opened(me, KIT, KIT) | {"title": [""]}
    assert me.post(KIT, form).status_code == 422

    assert me.post(KIT, form).status_code == 422
    assert Sending.objects.count() == 0


def test_another_file_is_another_sending(me: Client) -> None:
    page = "/me/kit/add/picture/"
    form = opened(me, page, page) | {"title": ["Sea"]}

    for data in (b"no picture", b"none either"):
        answer = me.post(page, form | {"file": SimpleUploadedFile("sea.png", data)})
        assert answer.status_code == 422

    assert KitEntry.objects.count() == 0


def test_the_note_of_it_holds_none_of_the_words(me: Client) -> None:
    me.post(GOALS, opened(me) | {"words": ["To sleep through a night."]})

    (row,) = Sending.objects.values_list()
    assert "sleep" not in str(row)


def test_what_no_page_can_send_any_more_is_forgotten(me: Client) -> None:
    me.post(GOALS, opened(me))
    sent_at = Sending.objects.get().sent_at
    long = timedelta(seconds=settings.SESSION_COOKIE_AGE)

    tidy(at=sent_at + long)
    assert Sending.objects.count() == 1
    tidy(at=sent_at + long + timedelta(seconds=1))

    assert Sending.objects.count() == 0
