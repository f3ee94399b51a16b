"""Who can open a record, with dates: everybody whom a tie lets in, now or soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from securebase.clinic.care.days import last_day
from securebase.clinic.care.emergency import emergencies_open
from securebase.clinic.care.models import Care, Patient, Supervision
from securebase.clinic.care.policies import check_can_treat
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.consent.queries import consents_in_force
from securebase.clinic.consent.supporters import support_in_force
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys
from securebase.stories.open_today import zone_of_practice


@dataclass(frozen=True, slots=True)
class Member:
    """One person who can open the record: as what, from when, until when."""

    user: User
    part: str
    sees: str
    since: datetime
    until: datetime | None
    last: date | None = None
    """The last day, where the tie ends with a day and not at a time."""
    coming: bool = False
    """Whether it has not begun yet."""


def care_team(*, user: User, patient: Patient, at: datetime) -> tuple[Member, ...]:
    """Return everybody who can open this record, for somebody who treats the person."""
    check_can_treat(user, patient, at=at)
    zone = zone_of_practice().key
    by_day = [
        *_bonds(patient, at),
        *_supervisors(patient, at),
        *_partners(patient, at),
        *_supporters(patient, at),
    ]
    members = [
        *(replace(m, last=last_day(m.until, zone)) if m.until else m for m in by_day),
        *_emergencies(patient, at),
    ]
    hold_keys(member.user.pk for member in members)
    return tuple(members)


def _bonds(patient: Patient, at: datetime) -> Iterator[Member]:
    ahead = Q(until__isnull=True) | Q(until__gt=at)
    bonds = Care.objects.filter(ahead, patient=patient).select_related("clinician")
    for bond in bonds.order_by("-part", "since"):
        if bond.until is None or bond.until > bond.since:
            yield Member(
                bond.clinician,
                bond.get_part_display(),
                "the record, to read" if bond.part == Care.Part.COVERING else "the record",
                bond.since,
                bond.until,
                coming=bond.since > at,
            )


def _supervisors(patient: Patient, at: datetime) -> Iterator[Member]:
    of_record = Care.objects.filter(
        open_bonds(at), patient=patient, part=Care.Part.OF_RECORD
    ).values("clinician")
    contracts = Supervision.objects.filter(open_bonds(at), supervisee__in=of_record)
    for contract in contracts.select_related("supervisor"):
        yield Member(
            contract.supervisor, "supervisor", "the work, by initials",
            contract.since, contract.until,
        )  # fmt: skip


def _partners(patient: Patient, at: datetime) -> Iterator[Member]:
    for grant in consents_in_force(at=at, patient=patient).select_related("recipient"):
        yield Member(
            grant.recipient, "partner", "what the patient shares", grant.since, grant.until
        )


def _supporters(patient: Patient, at: datetime) -> Iterator[Member]:
    for grant in support_in_force(at=at).filter(patient=patient).select_related("recipient"):
        yield Member(
            grant.recipient, "somebody close", "what the patient shares",
            grant.since, grant.until,
        )  # fmt: skip


def _emergencies(patient: Patient, at: datetime) -> Iterator[Member]:
    for one in emergencies_open(at).filter(patient=patient).select_related("clinician"):
        yield Member(
            one.clinician, "emergency access", "the record, to read", one.since, one.until
        )
