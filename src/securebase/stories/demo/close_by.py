"""Who is close to somebody in the demo, and whom somebody keeps out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from securebase.clinic.consent.actions import grant
from securebase.clinic.consent.terms import Terms
from securebase.clinic.consent.words import SUPPORT, offered
from securebase.people.access.words import Category
from securebase.people.accounts.actions import accept_invitation, invite
from securebase.people.accounts.models import User
from securebase.stories.be_there import ask_supporter
from securebase.stories.demo.cast import told
from securebase.stories.demo.play import Person
from securebase.stories.keep_out import keep_out

SHOWN = frozenset({Category.PLAN, Category.SCHEDULE})
"""What the first person shows somebody close: steps for a bad hour, and when they meet."""
SHOWN_FOR = timedelta(days=90)
KEEPS_OUT = 1
"""Whose turn it is to keep the colleague out, who was to cover for them next week."""


def bring_in_a_supporter(people: Sequence[Person], *, at: datetime) -> User | None:
    """Let the first person ask somebody close, and show them something; None without one."""
    if not people:
        return None
    asking, named = people[0], told()["supporter"]
    asked = ask_supporter(
        patient=asking.patient,
        name=named["name"],
        email=named["email"],
        called=asking.patient.name.split()[0],
        by=asking.account,
        at=at,
    )
    _, token = invite(account=asked.account, by=asking.account, at=at)
    supporter = accept_invitation(token=token, password=secrets.token_urlsafe(24), at=at)
    terms = Terms(
        categories=SHOWN,
        purpose=SUPPORT,
        since=at,
        until=at + SHOWN_FOR,
        text_version=offered().text_for(SHOWN, SUPPORT).version,
    )
    grant(patient=asking.patient, recipient=supporter, terms=terms, by=asking.account, at=at)
    return supporter


def keep_a_colleague_out(people: Sequence[Person], *, colleague: User, at: datetime) -> None:
    """Let one person keep the colleague out; it ends the cover, and Today says so."""
    for person in people[KEEPS_OUT : KEEPS_OUT + 1]:
        keep_out(patient=person.patient, person=colleague, by=person.account, at=at)
