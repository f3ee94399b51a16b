"""The partners of a care team, on the clinician's side.

The clinician of record invites; what is shared is read there and not decided there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import propose_partner
from securebase.clinic.consent.models import Entry, Proposal
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from tests import factories as make
from tests.clinic.sharing import a_partner, shares
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Moss", "email": "ada@example.org", "profession": "social_worker"}


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def sam() -> Patient:
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


def browser(user: User) -> Client:
    client = Client()
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
    client.force_login(user)
    return client


@pytest.fixture
def desk(sam: Patient) -> Client:
    return browser(sam.bonds.get().clinician)


def test_the_person_page_says_what_is_shared_and_with_whom(sam: Patient, desk: Client) -> None:
    shares(sam, a_partner(sam), Category.MEASURE, Category.SCHEDULE)
    a_partner(sam, name="Kit Vale")

    page = desk.get(reverse("desk_person", args=[sam.pk])).content.decode()
    card = page[page.index("What this person shares and with whom") :]

    assert "Schedule, Course over time" in card
    assert "To work on my care together" in card
    assert card.index("Dr Lee Park") < card.index("Kit Vale")
    assert "nothing is shared now" in card


def test_inviting_sends_a_link_shows_it_once_and_shares_nothing(
    sam: Patient, desk: Client
) -> None:
    shown = desk.post(reverse("desk_partners", args=[sam.pk]), ADA).content.decode()

    assert "/welcome/" in shown
    assert len(letters_sent()) == 1
    assert not Entry.objects.exists()
    assert "/welcome/" not in desk.get(reverse("desk_partners", args=[sam.pk])).content.decode()


def test_a_wrong_address_is_asked_again_and_nothing_is_kept(sam: Patient, desk: Client) -> None:
    reply = desk.post(
        reverse("desk_partners", args=[sam.pk]), {**ADA, "email": make.the_account(sam).email}
    )

    assert reply.status_code == 422
    assert "not a partner" in reply.content.decode()
    assert not Proposal.objects.exists()


def test_a_partner_the_patient_proposed_is_invited_from_the_list(
    sam: Patient, desk: Client
) -> None:
    proposal = propose_partner(patient=sam, by=make.the_account(sam), at=make.NOW, **ADA)
    assert "Ada Moss" in desk.get(reverse("desk_partners", args=[sam.pk])).content.decode()

    desk.post(reverse("desk_partner_invite", args=[proposal.pk]))

    proposal.refresh_from_db()
    assert proposal.account is not None
    assert proposal.account.email == ADA["email"]


def test_inviting_twice_says_so(sam: Patient, desk: Client) -> None:
    a_partner(sam)
    proposal = Proposal.objects.get()

    reply = desk.post(reverse("desk_partner_invite", args=[proposal.pk]), follow=True)

    assert "invited already" in reply.content.decode()


def test_a_partner_known_here_joins_without_a_link(sam: Patient, desk: Client) -> None:
    lee = a_partner(make.a_patient(of=make.a_clinician()))
    lee.set_password("a long enough pass phrase")
    lee.save()

    reply = desk.post(
        reverse("desk_partners", args=[sam.pk]), {**ADA, "email": lee.email}, follow=True
    )

    assert "They have an account here" in reply.content.decode()
    assert letters_sent() == []


def test_a_covering_clinician_reads_and_does_not_invite(sam: Patient) -> None:
    cover, jo = make.a_clinician(), sam.bonds.get().clinician
    week = make.NOW + timedelta(days=7)
    begin_care(patient=sam, clinician=cover, by=jo, at=make.NOW, until=week)
    window = browser(cover)

    page = window.get(reverse("desk_partners", args=[sam.pk])).content.decode()

    assert "The clinician of record invites partners" in page
    assert window.post(reverse("desk_partners", args=[sam.pk]), ADA).status_code == 403
    assert not Proposal.objects.exists()


def test_a_stranger_finds_nothing(sam: Patient) -> None:
    window = browser(make.a_clinician())
    a_partner(sam)

    assert window.get(reverse("desk_partners", args=[sam.pk])).status_code == 404
    invite = reverse("desk_partner_invite", args=[Proposal.objects.get().pk])
    assert window.post(invite).status_code == 404


PAPER = {"kinds": ["measure"], "purpose": "treatment", "until": "2027-01-31", "signed": "on"}


def test_what_was_signed_on_paper_is_entered_and_says_so(sam: Patient, desk: Client) -> None:
    lee = a_partner(sam)
    address = reverse("desk_consent_paper", args=[sam.pk])
    assert "I can stop it at any time" in desk.get(address).content.decode()

    desk.post(address, {**PAPER, "partner": lee.pk})

    line = Entry.objects.get()
    assert (line.method, line.recipient, line.categories) == ("paper", lee, "measure")
    assert f"{line.last_moment:%d %B %Y}" == "31 January 2027"


@pytest.mark.parametrize(
    "wrong",
    [{"signed": ""}, {"kinds": ["sud", "measure"]}, {"until": "2027-12-01"}, {"partner": ""}],
    ids=str,
)
def test_a_paper_that_lacks_something_is_not_entered(
    sam: Patient, desk: Client, wrong: dict[str, object]
) -> None:
    lee = a_partner(sam)

    reply = desk.post(
        reverse("desk_consent_paper", args=[sam.pk]), {**PAPER, "partner": lee.pk, **wrong}
    )

    assert reply.status_code == 422
    assert not Entry.objects.exists()


def test_what_the_patient_took_back_in_the_room_is_stopped_at_once(
    sam: Patient, desk: Client
) -> None:
    lee = a_partner(sam)
    consent = shares(sam, lee, Category.MEASURE)
    assert "Taken back: Dr Lee Park, Course over time" in (
        desk.get(reverse("desk_partners", args=[sam.pk])).content.decode()
    )

    desk.post(reverse("desk_consent_stop", args=[consent.pk]))

    assert Entry.objects.get(act="withdraw").method == "paper"
    assert browser(lee).get(reverse("with_person", args=[sam.pk])).status_code == 404


def test_paper_is_for_the_clinician_of_record(sam: Patient) -> None:
    cover, jo = make.a_clinician(), sam.bonds.get().clinician
    week = make.NOW + timedelta(days=7)
    begin_care(patient=sam, clinician=cover, by=jo, at=make.NOW, until=week)
    consent = shares(sam, a_partner(sam), Category.MEASURE)
    window = browser(cover)

    assert window.get(reverse("desk_consent_paper", args=[sam.pk])).status_code == 403
    assert window.post(reverse("desk_consent_stop", args=[consent.pk])).status_code == 403
    assert Entry.objects.count() == 1
