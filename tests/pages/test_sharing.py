"""Sharing, page by page.

The patient chooses whom, what, for what and until when; sees beforehand exactly what
will be seen; agrees; and can stop in one step. The partner sees that and nothing else.
Everything works without a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import propose_partner, withdraw
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.consent.words import offered
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.therapy.actions import plan_session
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from tests import factories as make
from tests.clinic.sharing import a_partner, shares

pytestmark = pytest.mark.django_db

NOW = make.NOW
SCHEDULE, MEASURE, PLAN = Category.SCHEDULE, Category.MEASURE, Category.PLAN


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sam() -> Patient:
    """Return Sam, who has scores, a session ahead and a span of care."""
    make.a_practice()
    jo = make.a_clinician()
    sam = make.a_patient(of=jo, at=NOW - timedelta(weeks=4))
    open_episode(patient=sam, by=jo, at=NOW - timedelta(weeks=4), planned_sessions=16)
    for week in (3, 2, 1):
        at = NOW - timedelta(weeks=week)
        given: dict[str, int | str | None] = {f"phq-9.{n}": 1 for n in range(1, 10)}
        make.send(make.a_checkin(sam, "phq-9", at=at), given, at=at)
    plan_session(patient=sam, clinician=jo, starts_at=NOW + timedelta(days=2), by=jo, at=NOW)
    return sam


@pytest.fixture
def lee(sam: Patient) -> User:
    return a_partner(sam)


def browser(user: User) -> Client:
    client = Client()
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
    client.force_login(user)
    return client


def body(reply: Any) -> str:
    return re.sub(r"\s+", " ", reply.content.decode())


CHOICE = {"kinds": ["sched", "measure"], "purpose": "treatment", "until": "2027-01-31"}


def test_choosing_shares_nothing_yet(sam: Patient, lee: User) -> None:
    me = browser(make.the_account(sam))

    page = body(me.post(reverse("me_sharing_begin"), {**CHOICE, "person": lee.pk}))

    assert "Nothing is shared yet" in page
    assert all(escape(one) in page for one in offered().texts[0].sentences)
    assert "PHQ-9" in page
    assert not Entry.objects.exists()


def test_agreeing_shares_exactly_what_was_chosen(sam: Patient, lee: User) -> None:
    me = browser(make.the_account(sam))
    agreed = {**CHOICE, "person": lee.pk, "agree": "yes", "text": offered().texts[0].version}

    reply = me.post(reverse("me_sharing_begin"), agreed)

    line = Entry.objects.get()
    assert reply["Location"] == reverse("me_sharing")
    assert (line.recipient, line.categories) == (lee, "measure sched")
    assert f"{line.last_moment:%d %B %Y}" == "31 January 2027"


def test_an_older_text_is_shown_anew_instead_of_agreed_to(sam: Patient, lee: User) -> None:
    me = browser(make.the_account(sam))
    old = {**CHOICE, "person": lee.pk, "agree": "yes", "text": "1999-01.1"}

    reply = me.post(reverse("me_sharing_begin"), old)

    assert reply.status_code == 422
    assert "ask again" in body(reply)
    assert not Entry.objects.exists()


def test_change_something_leads_back_with_everything_kept(sam: Patient, lee: User) -> None:
    me = browser(make.the_account(sam))

    page = body(
        me.post(reverse("me_sharing_begin"), {**CHOICE, "person": lee.pk, "change": "yes"})
    )

    assert page.count("checked") == 4
    assert 'value="2027-01-31"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": ""},
        {"kinds": []},
        {"kinds": ["process"]},
        {"kinds": ["sud"]},
        {"purpose": "curiosity"},
        {"until": "2026-11-22"},
        {"until": "2027-11-23"},
        {"until": "soon"},
    ],
    ids=str,
)
def test_a_wrong_choice_is_asked_again(sam: Patient, lee: User, wrong: dict[str, Any]) -> None:
    me = browser(make.the_account(sam))
    sent = {**CHOICE, "person": lee.pk, "agree": "yes", "text": "any", **wrong}

    reply = me.post(reverse("me_sharing_begin"), sent)

    assert reply.status_code == 422
    assert not Entry.objects.exists()


def test_substance_use_has_a_page_and_a_text_of_its_own(sam: Patient, lee: User) -> None:
    me = browser(make.the_account(sam))
    assert 'value="sud"' not in body(me.get(reverse("me_sharing_begin")))
    choice = {**CHOICE, "kinds": ["sud"], "person": lee.pk}

    page = body(me.post(reverse("me_sharing_begin_sud"), choice))

    own = offered().text_for(frozenset({Category.SUBSTANCE}))
    assert all(escape(sentence) in page for sentence in own.sentences)


def test_the_preview_is_what_the_partner_sees(sam: Patient, lee: User) -> None:
    me, they = browser(make.the_account(sam)), browser(lee)
    before = me.post(reverse("me_sharing_begin"), {**CHOICE, "person": lee.pk})
    consent = shares(sam, lee, SCHEDULE, MEASURE)

    after = me.get(reverse("me_sharing_one", args=[consent.pk]))
    seen = they.get(reverse("with_person", args=[sam.pk]))

    pages = [reply.content.decode() for reply in (before, after, seen)]
    charts = [re.findall(r'<svg class="chart-drawing.*?</svg>', page, re.S) for page in pages]
    assert charts[0]
    assert charts[0] == charts[1] == charts[2]
    assert all("Wednesday 25 November, 09:00" in page for page in pages)


def test_a_partner_sees_what_is_shared_its_purpose_and_its_end(sam: Patient, lee: User) -> None:
    shares(sam, lee, SCHEDULE, Category.PROGRESS, until=NOW + timedelta(days=10))
    they = browser(lee)

    page = body(they.get(reverse("with_person", args=[sam.pk])))

    assert "Sam Reed" in page
    assert "Schedule" in page
    assert "Purpose: To work on my care together" in page
    assert "3 December 2026" in page
    assert "Nothing here yet." in page
    assert "Course over time" not in page
    assert "PHQ-9" not in page


def test_what_is_not_shared_is_not_in_the_page(sam: Patient, lee: User) -> None:
    shares(sam, lee, PLAN)

    page = body(browser(lee).get(reverse("with_person", args=[sam.pk])))

    assert "building safety" in page
    assert "PHQ-9" not in page
    assert "25 November" not in page


def test_each_look_is_on_the_trail_with_kinds_and_purpose(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, SCHEDULE, MEASURE)

    browser(lee).get(reverse("with_person", args=[sam.pk]))

    rows = AuditEvent.objects.filter(verb="consent.shared.read")
    assert {(row.actor, row.patient, row.object_id) for row in rows} == {
        (lee.pk, sam.pk, str(consent.pk))
    }
    assert [row.category for row in rows] == ["measure", "sched"]
    assert {row.reason for row in rows} == {"for treatment"}
    assert {row.role for row in rows} == {"partner"}


def test_stopping_shuts_the_partners_open_page_at_the_next_request(
    sam: Patient, lee: User
) -> None:
    consent = shares(sam, lee, MEASURE)
    they, me = browser(lee), browser(make.the_account(sam))
    address = reverse("with_person", args=[sam.pk])
    assert they.get(address).status_code == 200

    me.post(reverse("me_sharing_stop", args=[consent.pk]))

    gone, never = they.get(address), they.get(reverse("with_person", args=[lee.pk]))
    assert gone.status_code == never.status_code == 404
    assert gone.content == never.content
    assert "Nobody shares with you now" in body(they.get(reverse("with_people")))


def test_everything_with_one_person_stops_in_one_step(sam: Patient, lee: User) -> None:
    other = a_partner(sam, name="Kit Vale")
    for category in (MEASURE, SCHEDULE):
        shares(sam, lee, category)
    shares(sam, other, PLAN)
    me = browser(make.the_account(sam))

    me.post(reverse("me_sharing_stop_all", args=[lee.pk]))

    page = body(me.get(reverse("me_sharing")))
    assert Entry.objects.filter(act="withdraw").count() == 2
    assert "Stop all with this person" in page
    assert page.index("They see nothing now") < page.index("Dr Lee Park")


def test_sharing_less_shows_the_smaller_sharing(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, MEASURE, SCHEDULE)
    me = browser(make.the_account(sam))
    smaller = {"kinds": ["sched"], "until": "2026-12-22", "text": offered().texts[0].version}

    reply = me.post(reverse("me_sharing_less", args=[consent.pk]), smaller)

    assert body(me.get(reply["Location"])).count("<svg") < 20
    assert "PHQ-9" not in body(browser(lee).get(reverse("with_person", args=[sam.pk])))


@pytest.mark.parametrize(
    "wrong", [{"kinds": ["net"]}, {"until": "2027-02-01"}, {"text": "1999-01.1"}], ids=str
)
def test_sharing_less_refuses_more(sam: Patient, lee: User, wrong: dict[str, Any]) -> None:
    consent = shares(sam, lee, MEASURE)
    sent = {"kinds": ["measure"], "until": "2026-12-22", "text": offered().texts[0].version}

    reply = browser(make.the_account(sam)).post(
        reverse("me_sharing_less", args=[consent.pk]), {**sent, **wrong}
    )

    assert reply.status_code == 422
    assert Entry.objects.count() == 1


def test_a_sharing_that_is_over_has_no_page(sam: Patient, lee: User) -> None:
    consent = shares(sam, lee, MEASURE)
    withdraw(consent=consent, by=make.the_account(sam), at=NOW)
    me = browser(make.the_account(sam))

    assert me.get(reverse("me_sharing_one", args=[consent.pk])).status_code == 404
    assert me.post(reverse("me_sharing_stop", args=[consent.pk])).status_code == 302
    assert Entry.objects.count() == 2


def test_the_first_page_says_who_sees_what(sam: Patient, lee: User) -> None:
    a_partner(sam, name="Kit Vale")
    shares(sam, lee, MEASURE)

    page = body(browser(make.the_account(sam)).get(reverse("me_sharing")))

    assert "Your therapist. Sees your record" in page
    assert "How I am doing over time" in page
    assert page.index("Dr Lee Park") < page.index("They see nothing now")
    assert page.index("They see nothing now") < page.index("Kit Vale")


def test_a_patient_proposes_and_nothing_is_sent_or_opened(sam: Patient) -> None:
    me = browser(make.the_account(sam))
    sent = {"name": "Ada Moss", "email": "ada@example.org", "profession": "social_worker"}

    me.post(reverse("me_sharing_propose"), sent)

    assert "has not invited them yet" in body(me.get(reverse("me_sharing")))
    assert Proposal.objects.get().account is None
    assert not User.objects.filter(email="ada@example.org").exists()


def test_a_proposal_that_lacks_something_is_asked_again(sam: Patient) -> None:
    me = browser(make.the_account(sam))

    reply = me.post(reverse("me_sharing_propose"), {"name": "Ada", "email": "not one"})

    assert reply.status_code == 422
    assert not Proposal.objects.exists()


def test_with_nobody_on_the_team_there_is_nothing_to_begin(sam: Patient) -> None:
    me = browser(make.the_account(sam))

    assert me.get(reverse("me_sharing_begin"))["Location"] == reverse("me_sharing")


def test_the_history_holds_every_line_and_the_text(sam: Patient, lee: User) -> None:
    jo = sam.bonds.get().clinician
    withdraw(consent=shares(sam, lee, MEASURE), by=make.the_account(sam), at=NOW)
    shares(sam, lee, SCHEDULE, by=jo, method="paper")

    page = body(browser(make.the_account(sam)).get(reverse("me_sharing_history")))

    assert page.count("you began to share") == 2
    assert page.count("you stopped") == 1
    assert "Dr Jo Marsh put it in" in page
    assert all(escape(one) in page for one in offered().texts[0].sentences)


def test_an_empty_history_says_so(sam: Patient) -> None:
    page = body(browser(make.the_account(sam)).get(reverse("me_sharing_history")))

    assert "Nothing yet" in page


def test_a_partner_without_a_second_factor_is_asked_for_one_first(
    sam: Patient, lee: User
) -> None:
    shares(sam, lee, MEASURE)
    client = Client()
    client.force_login(lee)

    assert client.get(reverse("with_people"))["Location"] == reverse("mfa_index")


def test_no_page_of_a_partner_is_kept_in_a_cache(sam: Patient, lee: User) -> None:
    shares(sam, lee, MEASURE)

    reply = browser(lee).get(reverse("with_person", args=[sam.pk]))

    assert reply["Cache-Control"] == "no-store"


def test_a_proposal_can_be_seen_to_wait(sam: Patient) -> None:
    propose_partner(
        patient=sam,
        name="Ada Moss",
        email="ada@example.org",
        profession="nurse",
        by=sam.bonds.get().clinician,
        at=NOW,
    )

    assert "Ada Moss" in body(browser(make.the_account(sam)).get(reverse("me_sharing")))
