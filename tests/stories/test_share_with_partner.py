"""Sharing with a partner, from the invitation to the last look.

An invitation opens nothing. A consent opens what it names, is read with its purpose on
the trail, and closes everything the moment it is over.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import propose_partner
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.episodes.actions import change_phase, open_episode
from securebase.clinic.therapy.actions import plan_session
from securebase.people.access.words import Category
from securebase.people.accounts.actions import accept_invitation
from securebase.people.accounts.models import Role, User
from securebase.stories.revoke_consent import revoke_everything
from securebase.stories.share_with_partner import (
    add_partner,
    invite_partner,
    list_shared,
    open_shared,
    see,
)
from securebase.stories.who_sees import who_sees
from tests import factories as make
from tests.clinic.sharing import a_partner, shares
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

NOW = make.NOW
ADA = {"name": "Ada Moss", "email": "ada@example.org", "profession": "social_worker"}


@pytest.fixture
def sam() -> Patient:
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


@pytest.fixture
def jo(sam: Patient) -> User:
    return sam.bonds.get().clinician


def test_the_patient_proposes_and_the_clinician_invites(sam: Patient, jo: User) -> None:
    by = make.the_account(sam)
    proposal = propose_partner(patient=sam, by=by, at=NOW, **ADA)
    with pytest.raises(PermissionDenied):
        invite_partner(proposal=proposal, by=by, at=NOW)

    invited = invite_partner(proposal=proposal, by=jo, at=NOW)

    account = invited.proposal.account
    assert account
    assert account.roles == {Role.PARTNER.value}
    [letter] = letters_sent(at=NOW)
    assert invited.link in str(letter.body)
    assert "Sam" not in letter.body
    assert not Entry.objects.exists()


def test_a_partner_who_signs_in_here_already_needs_no_link(sam: Patient, jo: User) -> None:
    first = add_partner(patient=sam, by=jo, at=NOW, **ADA)
    token = first.link.rstrip("/").rpartition("/")[2]
    accept_invitation(token=token, password="a long enough pass phrase", at=NOW)
    alex = make.a_patient(of=jo)

    again = add_partner(patient=alex, by=jo, at=NOW, **ADA)

    assert again.link == ""
    assert again.proposal.account == first.proposal.account


def test_one_who_never_opened_the_first_link_gets_another(sam: Patient, jo: User) -> None:
    first = add_partner(patient=sam, by=jo, at=NOW, **ADA)

    again = add_partner(patient=make.a_patient(of=jo), by=jo, at=NOW, **ADA)

    assert again.link not in ("", first.link)


def test_the_address_of_somebody_else_is_refused_whole(sam: Patient, jo: User) -> None:
    alex = make.the_account(make.a_patient(of=jo))

    with pytest.raises(ValidationError, match="not a partner's"):
        add_partner(patient=sam, by=jo, at=NOW, **{**ADA, "email": alex.email})
    assert not Proposal.objects.exists()


def test_only_what_is_open_is_fetched(sam: Patient, jo: User) -> None:
    episode = open_episode(patient=sam, by=jo, at=NOW, planned_sessions=12)
    change_phase(episode=episode, phase="process", by=jo, at=NOW)
    plan_session(patient=sam, clinician=jo, starts_at=NOW + timedelta(1), by=jo, at=NOW)
    make.send(make.a_checkin(sam), {f"phq-9.{n}": 1 for n in range(1, 10)}, at=NOW)

    nothing, times, course, plan = (
        see(sam, frozenset(kinds), at=NOW)
        for kinds in ((), {Category.SCHEDULE}, {Category.MEASURE}, {Category.PLAN})
    )

    assert (nothing.sessions, nothing.next_checkin, nothing.courses, nothing.plan) == (
        (), None, (), None,
    )  # fmt: skip
    assert times.sessions == (NOW + timedelta(1),)
    assert times.next_checkin
    assert (times.courses, times.plan) == ((), None)
    assert [one.prior.measure for one in course.courses] == ["phq-9.total"]
    assert (course.sessions, course.plan) == ((), None)
    assert plan.plan
    assert (plan.plan.phase, plan.plan.since) == ("working through", NOW)


def test_without_a_span_of_care_there_is_no_plan(sam: Patient) -> None:
    assert see(sam, frozenset({Category.PLAN}), at=NOW).plan is None


def test_several_consents_open_what_all_of_them_name(sam: Patient) -> None:
    lee = a_partner(sam)
    shares(sam, lee, Category.MEASURE)
    shares(sam, lee, Category.SCHEDULE)

    shared = open_shared(patient=sam, by=lee, at=NOW)

    assert shared.seen.categories == {Category.MEASURE, Category.SCHEDULE}
    assert len(shared.consents) == 2


def test_what_is_over_does_not_open(sam: Patient) -> None:
    lee = a_partner(sam)
    consent = shares(sam, lee, Category.MEASURE)

    with pytest.raises(PermissionDenied, match="Nothing is shared"):
        open_shared(patient=sam, by=lee, at=consent.until)
    assert list_shared(by=lee, at=consent.until) == []


def test_everything_with_one_partner_ends_what_has_not_begun_too(sam: Patient) -> None:
    lee, kit = a_partner(sam), a_partner(sam, name="Kit Vale")
    by = make.the_account(sam)
    shares(sam, lee, Category.MEASURE)
    shares(sam, lee, Category.PLAN, at=NOW + timedelta(days=3))
    shares(sam, kit, Category.PLAN)

    ended = revoke_everything(patient=sam, recipient=lee, by=by, at=NOW)

    assert len(ended) == 2
    later = NOW + timedelta(days=4)
    assert list_shared(by=lee, at=later) == []
    assert [patient for patient, _ in list_shared(by=kit, at=later)] == [sam]


def test_nobody_else_ends_it(sam: Patient, jo: User) -> None:
    lee = a_partner(sam)
    shares(sam, lee, Category.MEASURE)

    with pytest.raises(PermissionDenied):
        revoke_everything(patient=sam, recipient=lee, by=jo, at=NOW)


def test_who_sees_tells_apart_who_shares_who_waits_and_who_treats(
    sam: Patient, jo: User
) -> None:
    lee, kit = a_partner(sam), a_partner(sam, name="Kit Vale")
    consent = shares(sam, lee, Category.MEASURE)
    waiting = propose_partner(patient=sam, by=make.the_account(sam), at=NOW, **ADA)

    who = who_sees(patient=sam, user=make.the_account(sam), at=NOW)

    assert [bond.clinician for bond in who.clinicians] == [jo]
    assert [(one.account, one.consents) for one in who.sharing] == [(lee, (consent,))]
    assert [one.account for one in who.seeing_nothing] == [kit]
    assert who.waiting == (waiting,)
