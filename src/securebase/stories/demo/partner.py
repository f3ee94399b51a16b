"""The demo's partner: invited by the clinician, and shown only what two people share."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from securebase.clinic.consent.actions import grant
from securebase.clinic.consent.terms import Terms
from securebase.clinic.consent.words import offered
from securebase.people.access.words import Category
from securebase.people.accounts.actions import accept_invitation
from securebase.people.accounts.models import User
from securebase.stories.demo.cast import told
from securebase.stories.demo.play import Person
from securebase.stories.share_with_partner import add_partner

SHARED = (
    (frozenset({Category.SCHEDULE, Category.MEASURE, Category.PLAN}), "medication"),
    (frozenset({Category.SCHEDULE}), "treatment"),
)
"""What the first people of the demo share, and for what."""
SHARED_FOR = timedelta(days=120)


def share_with_a_partner(
    people: Sequence[Person], *, clinician: User, at: datetime
) -> User | None:
    """Let the first people share something with one partner; None if there is nobody."""
    partner = None
    for person, (scope, purpose) in zip(people, SHARED, strict=False):
        invited = add_partner(patient=person.patient, by=clinician, at=at, **told()["partner"])
        if invited.link:
            token = invited.link.rstrip("/").rpartition("/")[2]
            accept_invitation(token=token, password=secrets.token_urlsafe(24), at=at)
        partner = invited.proposal.account
        if partner is None:
            continue
        terms = Terms(
            categories=scope,
            purpose=purpose,
            since=at,
            until=at + SHARED_FOR,
            text_version=offered().text_for(scope).version,
        )
        grant(patient=person.patient, recipient=partner, terms=terms, by=person.account, at=at)
    return partner
