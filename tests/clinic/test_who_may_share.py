"""Who may share, stop, propose, invite and read what is shared.

The patient decides. The clinician of record invites, and enters what was signed on
paper. A partner reads while a consent holds. Nobody else may do anything, and what
``can_*`` answers, ``check_*`` enforces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.consent import policies
from securebase.clinic.consent.actions import (
    grant,
    join_care_team,
    narrow,
    note_shared_list_read,
    note_shared_read,
    propose_partner,
    withdraw,
)
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.consent.queries import entries_visible_to, proposals_visible_to
from securebase.people.access.words import Category
from securebase.people.accounts.models import Role, User
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.conftest import LATER, World
from tests.clinic.sharing import a_partner, shares, terms
from tests.clinic.trailing import added_rows

OF_RECORD = {"clinician of record"}
OWN = {"patient"}
SHARED = {"partner"}


@pytest.fixture
def everybody(world: World) -> dict[str, User]:
    """Return everybody of the world and three partners: one is shared with, one was."""
    partner, former = a_partner(world.patient), a_partner(world.patient)
    stranger = a_partner(world.other)
    shares(world.patient, partner, Category.MEASURE, at=make.NOW)
    over = shares(world.patient, former, Category.MEASURE, at=make.NOW)
    withdraw(consent=over, by=world["patient"], at=make.NOW)
    made = {
        "partner": partner,
        "partner no more": former,
        "partner of somebody else": stranger,
    }
    fresh = {name: User.objects.get(pk=user.pk) for name, user in made.items()}
    return world.people | fresh


CASES: list[tuple[str, tuple[Any, ...], set[str]]] = [
    # what               further     who may
    ("propose",          (),         OWN | OF_RECORD),
    ("invite_partner",   (),         OF_RECORD),
    ("record",           ("app",),   OWN),
    ("record",           ("paper",), OF_RECORD),
    ("read_shared",      (),         SHARED),
]  # fmt: skip


@pytest.mark.parametrize(("what", "further", "who"), CASES)
def test_only_these_may(
    world: World,
    everybody: dict[str, User],
    what: str,
    further: tuple[Any, ...],
    who: set[str],
) -> None:
    can, check = getattr(policies, f"can_{what}"), getattr(policies, f"check_can_{what}")

    allowed = {n for n, u in everybody.items() if can(u, world.patient, *further, at=LATER)}

    assert allowed == who
    for name in set(everybody) - who:
        with pytest.raises(PermissionDenied):
            check(everybody[name], world.patient, *further, at=LATER)


def test_only_an_invited_partner_can_be_shared_with(
    world: World, everybody: dict[str, User]
) -> None:
    allowed = {n for n, u in everybody.items() if policies.can_receive(u, world.patient)}

    assert allowed == {"partner", "partner no more"}


def test_only_partners_have_a_list_of_who_shares_with_them(everybody: dict[str, User]) -> None:
    allowed = {name for name, user in everybody.items() if policies.can_list_shared(user)}

    assert allowed == {"partner", "partner no more", "partner of somebody else"}


def test_the_ledger_is_seen_by_the_patient_and_who_treats_them(
    world: World, everybody: dict[str, User]
) -> None:
    seeing = {
        name
        for name, user in everybody.items()
        if entries_visible_to(user, at=LATER).filter(patient=world.patient).exists()
        and proposals_visible_to(user, at=LATER).filter(patient=world.patient).exists()
    }

    assert seeing == {"patient", "clinician of record", "covering clinician"}


@pytest.fixture
def acts(world: World, everybody: dict[str, User]) -> dict[Verb, Callable[..., Any]]:
    """Every act, ready to be done by somebody."""
    consent = Entry.objects.get(recipient=everybody["partner"])
    waiting = propose_partner(
        patient=world.patient,
        name="Ada Moss",
        email="ada@example.org",
        profession="nurse",
        by=world["patient"],
        at=make.NOW,
    )
    account = make.an_account(Role.PARTNER, name="Ada Moss")
    small = terms(Category.MEASURE, since=LATER, until=consent.until)
    return {
        Verb.CONSENT_GRANT: lambda **who: grant(
            patient=world.patient, recipient=everybody["partner"], terms=small, **who
        ),
        Verb.CONSENT_WITHDRAW: lambda **who: withdraw(consent=consent, **who),
        Verb.CONSENT_READ: lambda **who: note_shared_read(
            patient=world.patient, consents=[consent], **who
        ),
        Verb.PARTNER_PROPOSE: lambda **who: propose_partner(
            patient=world.patient,
            name="Kit Vale",
            email="kit@example.org",
            profession="nurse",
            **who,
        ),
        Verb.PARTNER_INVITE: lambda **who: join_care_team(
            proposal=waiting, account=account, **who
        ),
    }


WHO = {
    Verb.CONSENT_GRANT: "patient",
    Verb.CONSENT_WITHDRAW: "patient",
    Verb.CONSENT_READ: "partner",
    Verb.PARTNER_PROPOSE: "patient",
    Verb.PARTNER_INVITE: "clinician of record",
}


@pytest.mark.parametrize("verb", WHO)
def test_an_act_leaves_one_row_and_a_refused_one_none(
    world: World,
    everybody: dict[str, User],
    acts: dict[Verb, Callable[..., Any]],
    verb: Verb,
) -> None:
    doer = everybody[WHO[verb]]
    for name in ("host", "another patient", "covering clinician", "partner of somebody else"):
        with added_rows() as none, pytest.raises(PermissionDenied):
            acts[verb](by=everybody[name], at=LATER)
        assert none == []

    with added_rows() as rows:
        acts[verb](by=doer, at=LATER)

    assert [(row.verb, row.actor, row.patient) for row in rows] == [
        (verb.value, doer.pk, world.patient.pk)
    ]
    assert not any("example.org" in str(vars(row)) for row in rows)


def test_sharing_less_leaves_both_rows_or_none(
    world: World, everybody: dict[str, User]
) -> None:
    both = shares(
        world.patient, everybody["partner"], Category.MEASURE, Category.PLAN, at=LATER
    )
    small = terms(Category.PLAN, since=LATER, until=both.until)
    with added_rows() as none, pytest.raises(PermissionDenied):
        narrow(consent=both, terms=small, by=everybody["partner"], at=LATER)

    with added_rows() as rows:
        narrow(consent=both, terms=small, by=world["patient"], at=LATER)

    assert none == []
    assert [row.verb for row in rows] == ["consent.entry.withdraw", "consent.entry.grant"]


def test_looking_at_the_list_leaves_a_row(everybody: dict[str, User]) -> None:
    with added_rows() as rows:
        note_shared_list_read(by=everybody["partner"], at=LATER)

    assert [(row.verb, row.patient) for row in rows] == [("consent.people.list", None)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "name is empty"),
        ({"profession": "astrologer"}, "Choose one of"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_a_proposal_says_who_it_is(world: World, wrong: dict[str, str], words: str) -> None:
    given = {"name": "Ada", "email": "ada@example.org", "profession": "nurse"} | wrong

    with pytest.raises(ValidationError, match=words):
        propose_partner(patient=world.patient, by=world["patient"], at=LATER, **given)
    assert not Proposal.objects.exists()


def test_a_partner_joins_a_care_team_once(
    world: World, everybody: dict[str, User], acts: dict[Verb, Callable[..., Any]]
) -> None:
    jo = world["clinician of record"]
    acts[Verb.PARTNER_INVITE](by=jo, at=LATER)

    with pytest.raises(ValidationError, match="invited already"):
        acts[Verb.PARTNER_INVITE](by=jo, at=LATER)

    again = propose_partner(
        patient=world.patient,
        name="Dr Lee Park",
        email=everybody["partner"].email,
        profession="nurse",
        by=jo,
        at=LATER,
    )
    with pytest.raises(ValidationError, match="care team already"):
        join_care_team(proposal=again, account=everybody["partner"], by=jo, at=LATER)
