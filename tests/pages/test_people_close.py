"""People close to me, page by page.

The patient asks somebody, chooses what to show, looks at it first, and agrees. The one who
was asked finds exactly that, under the name they use, and nothing once it is taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.models import Entry, Supporter
from securebase.clinic.safety.actions import Lines, write_plan
from securebase.clinic.therapy.actions import plan_session
from securebase.people.accounts.models import Role, User
from securebase.people.audit.models import AuditEvent
from securebase.people.post.models import Letter
from securebase.stories.send_invitation import KIND
from tests import factories as make
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences

pytestmark = pytest.mark.django_db

NOW = make.NOW
HOME, ASK = reverse("me_people"), reverse("me_people_ask")
MARA = {"name": "Mara", "email": "mara@example.org", "called": "Sammy"}
STEP, PRIVATE = "I stop answering my phone", "Noor keeps my tablets"
Window = Callable[[User], Client]


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sam() -> Patient:
    make.a_practice()
    jo = make.a_clinician()
    sam = make.a_patient(of=jo)
    lines = Lines({"signs": [STEP], "safer": [PRIVATE], "people": ["Noor 020 7946 0123"]})
    day = make.TODAY + timedelta(days=90)
    by = make.the_account(sam)
    write_plan(patient=sam, lines=lines, review_on=day, seen=0, by=by, at=NOW)
    plan_session(patient=sam, clinician=jo, starts_at=NOW + timedelta(days=2), by=jo, at=NOW)
    return sam


@pytest.fixture
def window(client: Client) -> Window:
    """One browser, handed from person to person."""

    def of(user: User) -> Client:
        client.force_login(user)
        return client

    return of


@pytest.fixture
def mara(sam: Patient, window: Window) -> User:
    """Mara, whom Sam asked."""
    window(make.the_account(sam)).post(ASK, MARA)
    return User.objects.get(email="mara@example.org")


def show(sam: Patient, window: Window, *kinds: str) -> None:
    """Let Sam show something to whom they asked, as the pages lead them."""
    page = reverse("me_people_show", args=[Supporter.objects.get().pk])
    day = f"{make.TODAY + timedelta(days=30):%Y-%m-%d}"
    chosen = {"kinds": list(kinds), "until": day}
    client = window(make.the_account(sam))
    look = client.post(page, chosen).content.decode()
    version = re.search(r'name="text" value="([^"]+)"', look)
    assert version is not None
    assert not Entry.objects.exists()
    client.post(page, {**chosen, "text": version[1], "agree": "1"})


def seen(mara: User, window: Window) -> str:
    """Return what Mara finds on the page about Sam."""
    page = reverse("with_support_one", args=[Supporter.objects.get().pk])
    return window(mara).get(page).content.decode()


def test_whoever_is_asked_gets_a_link_that_names_nobody(mara: User) -> None:
    letter = Letter.objects.get(kind=KIND)

    assert letter.account == mara
    assert mara.roles == {Role.SUPPORTER}
    assert not mara.needs_second_factor


def test_at_first_they_are_shown_nothing(sam: Patient, mara: User, window: Window) -> None:
    page = window(mara).get(reverse("with_support"))

    assert "Nothing is shown to you now" in page.content.decode()
    assert "Sammy" not in page.content.decode()
    assert page.wsgi_request.path == window(mara).get("/").headers["Location"]


def test_they_see_the_steps_and_never_the_plan(
    sam: Patient, mara: User, window: Window
) -> None:
    show(sam, window, "plan")

    found = seen(mara, window)
    assert "Sammy" in found
    assert STEP in found
    for kept in (PRIVATE, "Noor", "Sam Reed", "Wednesday"):
        assert kept not in found


def test_times_alone_show_no_step(sam: Patient, mara: User, window: Window) -> None:
    show(sam, window, "sched")

    found = seen(mara, window)
    assert "Wednesday 25 November, 09:00" in found
    assert STEP not in found


def test_what_is_taken_back_is_gone_at_the_next_request(
    sam: Patient, mara: User, window: Window
) -> None:
    show(sam, window, "plan")
    page = reverse("with_support_one", args=[Supporter.objects.get().pk])
    assert window(mara).get(page).status_code == 200

    stop = reverse("me_sharing_stop", args=[Entry.objects.get().pk])
    assert window(make.the_account(sam)).post(stop).headers["Location"] == HOME

    assert window(mara).get(page).status_code == 404


def test_somebody_taken_off_finds_no_page_of_theirs(
    sam: Patient, mara: User, window: Window
) -> None:
    show(sam, window, "plan", "sched")

    remove = reverse("me_people_remove", args=[Supporter.objects.get().pk])
    window(make.the_account(sam)).post(remove)

    assert window(mara).get(reverse("with_support")).status_code == 404
    assert "Mara" not in window(make.the_account(sam)).get(HOME).content.decode()


def test_each_look_is_on_the_trail_by_kind(sam: Patient, mara: User, window: Window) -> None:
    show(sam, window, "plan", "sched")
    seen(mara, window)

    rows = AuditEvent.objects.filter(actor=mara.pk, patient=sam.pk)
    told = [(row.role, row.category, row.reason) for row in rows]
    assert told == [
        ("supporter", "plan", "for support"),
        ("supporter", "sched", "for support"),
    ]


@pytest.mark.parametrize("role", [Role.PATIENT, Role.PARTNER, Role.CLINICIAN])
def test_asking_tells_nothing_about_an_address(
    sam: Patient, window: Window, role: Role
) -> None:
    known = make.an_account(role)

    asked = window(make.the_account(sam)).post(ASK, {**MARA, "email": known.email})
    new = window(make.the_account(sam)).post(ASK, {**MARA, "email": "new@example.org"})

    assert (asked.status_code, asked.headers["Location"]) == (302, HOME)
    assert (new.status_code, new.headers["Location"]) == (302, HOME)
    assert User.objects.get(pk=known.pk).roles == {role, Role.SUPPORTER}
    assert [letter.account.email for letter in Letter.objects.filter(kind=KIND)] == [  # type: ignore[union-attr]
        "new@example.org"
    ]


def test_nobody_else_finds_these_pages(sam: Patient, mara: User, window: Window) -> None:
    show(sam, window, "plan")
    theirs = reverse("with_support_one", args=[Supporter.objects.get().pk])
    other = make.an_account(Role.SUPPORTER)

    assert window(other).get(theirs).status_code == 404
    assert window(make.the_account(sam)).get(theirs).status_code == 404
    assert window(mara).get("/with/").status_code == 404
    assert window(mara).get(reverse("me_plan")).status_code == 404


def test_a_closed_or_own_address_is_refused_kindly(sam: Patient, window: Window) -> None:
    closed, own = make.an_account(), make.the_account(sam)
    User.objects.filter(pk=closed.pk).update(is_active=False)

    for email in (closed.email, own.email):
        reply = window(own).post(ASK, {**MARA, "email": email})
        assert reply.status_code == 422
    assert not Supporter.objects.exists()


def test_the_pages_are_in_plain_words(sam: Patient, mara: User, window: Window) -> None:
    show(sam, window, "plan", "sched")
    page = reverse("me_people_show", args=[Supporter.objects.get().pk])
    client = window(make.the_account(sam))
    chosen = {"kinds": ["plan", "sched"], "until": "2026-12-20"}
    pages = [client.get(HOME), client.get(ASK), client.get(page), client.post(page, chosen)]

    for said in [words(one.content.decode()) for one in pages]:
        assert grade(said) <= 6
        assert max(len(one) for one in sentences(said)) <= 20
        assert [w for w in UNSAID if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)] == []
