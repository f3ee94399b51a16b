"""Sharing with a care-team partner: the invitation, and what consent opens to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.queries import next_checkin
from securebase.clinic.consent.actions import (
    join_care_team,
    note_shared_list_read,
    note_shared_read,
    propose_partner,
)
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.consent.policies import (
    check_can_invite_partner,
    check_can_read_shared,
    kinds_open_to,
)
from securebase.clinic.consent.queries import consents_in_force, patients_sharing_with
from securebase.clinic.episodes.models import Episode, PhaseChange
from securebase.clinic.therapy.models import TherapySession
from securebase.people.access.words import Category
from securebase.people.accounts.actions import invite, make_account
from securebase.people.accounts.models import Role, User
from securebase.stories.open_record import Course, courses_of
from securebase.stories.send_invitation import invitation_link, send_invitation

NOT_A_PARTNERS = (
    "This address belongs to an account that is not a partner's. Use the address this "
    "person works with, or ask the host to add the role."
)


@dataclass(frozen=True, slots=True)
class Invited:
    """A partner on the care team, and the link that opens their account once.

    ``link`` is empty for a partner who signs in here already.
    """

    proposal: Proposal
    link: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Which part of the work somebody is in, and how much is planned."""

    phase: str
    since: datetime
    planned_sessions: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What consent to some kinds of content opens; what is not open is not even fetched."""

    patient: Patient
    categories: frozenset[Category]
    sessions: tuple[datetime, ...] = ()
    next_checkin: datetime | None = None
    courses: tuple[Course, ...] = ()
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """One person as they show themselves to one partner now."""

    consents: tuple[Entry, ...]
    seen: Seen


@transaction.atomic
def add_partner(
    *, patient: Patient, name: str, email: str, profession: str, by: User, at: datetime
) -> Invited:
    """Propose somebody and invite them, in one step: for the clinician of record."""
    check_can_invite_partner(by, patient, at=at)
    proposal = propose_partner(
        patient=patient, name=name, email=email, profession=profession, by=by, at=at
    )
    return invite_partner(proposal=proposal, by=by, at=at)


@transaction.atomic
def invite_partner(*, proposal: Proposal, by: User, at: datetime) -> Invited:
    """Put a proposed partner on the care team and send them a link; nothing is shared."""
    check_can_invite_partner(by, proposal.patient, at=at)
    account = User.objects.filter(email=proposal.email, is_active=True).first()
    if account is not None and not account.holds(Role.PARTNER):
        raise ValidationError(NOT_A_PARTNERS)
    if account is None:
        account = make_account(
            email=proposal.email, name=proposal.name, roles=[Role.PARTNER], by=by, at=at
        )
    joined = join_care_team(proposal=proposal, account=account, by=by, at=at)
    if account.has_usable_password():
        return Invited(proposal=joined, link="")
    invitation, token = invite(account=account, by=by, at=at)
    send_invitation(invitation, token)
    return Invited(proposal=joined, link=invitation_link(token))


@transaction.atomic
def open_shared(*, patient: Patient, by: User, at: datetime) -> Shared:
    """Open what a person shares with a partner now; the trail says which kinds, and why."""
    check_can_read_shared(by, patient, at=at)

    consents = list(consents_in_force(at=at, patient=patient, recipient=by))
    note_shared_read(patient=patient, consents=consents, by=by, at=at)
    open_now = kinds_open_to(by, patient, at=at)
    return Shared(consents=tuple(consents), seen=see(patient, open_now, at=at))


@transaction.atomic
def list_shared(*, by: User, at: datetime) -> list[tuple[Patient, list[Entry]]]:
    """Return who shares with this partner now, each with the consents that hold."""
    note_shared_list_read(by=by, at=at)
    consents = list(consents_in_force(at=at, recipient=by).order_by("until"))
    return [
        (patient, [one for one in consents if one.patient_id == patient.pk])
        for patient in patients_sharing_with(by, at=at)
    ]


def see(patient: Patient, categories: frozenset[Category], *, at: datetime) -> Seen:
    """Return what somebody sees to whom these kinds are open; also the "view as" preview."""
    timed, measured = Category.SCHEDULE in categories, Category.MEASURE in categories
    return Seen(
        patient=patient,
        categories=categories,
        sessions=_coming(patient, at=at) if timed else (),
        next_checkin=next_checkin(patient, at=at) if timed else None,
        courses=courses_of(patient) if measured else (),
        plan=_plan(patient) if Category.PLAN in categories else None,
    )


def _coming(patient: Patient, *, at: datetime) -> tuple[datetime, ...]:
    planned = TherapySession.objects.filter(
        patient=patient, state=TherapySession.State.PLANNED, starts_at__gt=at
    )
    return tuple(planned.order_by("starts_at").values_list("starts_at", flat=True))


def _plan(patient: Patient) -> Plan | None:
    episode = Episode.objects.filter(patient=patient, closed_at__isnull=True).first()
    if episode is None:
        return None
    moved = PhaseChange.objects.filter(episode=episode).order_by("-at").first()
    return Plan(
        phase=episode.get_phase_display(),
        since=moved.at if moved else episode.opened_at,
        planned_sessions=episode.planned_sessions,
    )
