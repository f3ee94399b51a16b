"""A practice begins: its first account, its name and place, and a way to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from securebase.clinic.care import actions as care
from securebase.clinic.care.models import Practice
from securebase.people.accounts.actions import accept_invitation, invite, make_account
from securebase.people.accounts.models import Role, User


@dataclass(frozen=True, slots=True)
class Founder:
    """The person who sets up the practice; a host, and a clinician if they treat."""

    email: str
    name: str
    password: str
    treats: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """The practice as it is about to be."""

    name: str
    country: str = "GB"
    time_zone: str = "Europe/London"
    signals_on: bool = False


@transaction.atomic
def set_up_practice(*, place: Place, founder: Founder, at: datetime) -> tuple[Practice, User]:
    """Begin the practice with its first account, or leave nothing behind.

    Refused as soon as any host exists, so that the address of the set-up page is no
    way in later.
    """
    roles = [Role.HOST, Role.CLINICIAN] if founder.treats else [Role.HOST]
    account = make_account(email=founder.email, name=founder.name, roles=roles, by=None, at=at)
    _, token = invite(account=account, by=account, at=at)
    account = accept_invitation(token=token, password=founder.password, at=at)
    practice = care.set_up_practice(
        name=place.name,
        country=place.country,
        time_zone=place.time_zone,
        signals_on=place.signals_on,
        by=account,
        at=at,
    )
    return practice, account
