"""Partners and consents for tests, made by the same actions as real ones."""

from __future__ import annotations

from datetime import datetime, timedelta

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import grant, join_care_team, propose_partner
from securebase.clinic.consent.models import Entry
from securebase.clinic.consent.terms import Terms
from securebase.clinic.consent.words import offered
from securebase.people.access.words import Category
from securebase.people.accounts.models import Role, User
from tests import factories as make


def a_partner(
    patient: Patient,
    name: str = "Dr Lee Park",
    at: datetime = make.NOW,
    account: User | None = None,
) -> User:
    """Return a partner who was invited to the care team, and sees nothing yet."""
    account = account or make.an_account(Role.PARTNER, name=name)
    clinician = patient.bonds.get(part="of_record").clinician
    proposal = propose_partner(
        patient=patient,
        name=name,
        email=account.email,
        profession="psychiatrist",
        by=clinician,
        at=at,
    )
    join_care_team(proposal=proposal, account=account, by=clinician, at=at)
    return account


def terms(
    *categories: Category,
    purpose: str = "treatment",
    since: datetime = make.NOW,
    until: datetime | None = None,
    text_version: str = "",
) -> Terms:
    """Return terms that somebody may agree to, unless the test says otherwise."""
    scope = frozenset(categories)
    return Terms(
        categories=scope,
        purpose=purpose,
        since=since,
        until=until or since + timedelta(days=30),
        text_version=text_version or offered().text_for(scope, purpose).version,
    )


def shares(
    patient: Patient,
    partner: User,
    *categories: Category,
    at: datetime = make.NOW,
    until: datetime | None = None,
    by: User | None = None,
    method: str = "app",
) -> Entry:
    """Let the patient share some kinds with the partner."""
    return grant(
        patient=patient,
        recipient=partner,
        terms=terms(*categories, since=at, until=until),
        by=by or make.the_account(patient),
        at=at,
        method=method,
    )
