"""What is shared now, worked out from the ledger each time it is asked; kept nowhere."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.care.queries import patients_visible_to
from securebase.clinic.consent.models import Entry, Proposal
from securebase.clinic.consent.words import SUPPORT
from securebase.people.access.words import Category, Obligation, Thing
from securebase.people.accounts.models import Role, User

KEPT = frozenset({Obligation.AUDIT, Obligation.MINIMAL})
"""What the partner's pages keep: every look on the trail, and of the person the name only."""


def consents_in_force(
    *, at: datetime, patient: Patient | None = None, recipient: User | None = None
) -> QuerySet[Entry]:
    """Return the grants to partners that hold at a moment: begun, not over, not taken back.

    A withdrawal ends its grant for every question asked from then on, whatever the
    clock says: a clock set back must not open a record again.
    """
    grants = grants_in_force(at=at).exclude(purpose=SUPPORT)
    if patient is not None:
        grants = grants.filter(patient=patient)
    if recipient is not None:
        grants = grants.filter(recipient=recipient)
    return grants


def grants_in_force(*, at: datetime) -> QuerySet[Entry]:
    """Return every grant that holds at a moment, whatever it is for."""
    return Entry.objects.filter(
        act=Entry.Act.GRANT, since__lte=at, until__gt=at, withdrawal__isnull=True
    )


def is_all_taken_back(recipient: User) -> bool:
    """Whether somebody was let in once, and by now nobody lets them in any more."""
    grants = Entry.objects.filter(act=Entry.Act.GRANT, recipient=recipient)
    held = list(grants.values_list("withdrawal", flat=True))
    return bool(held) and None not in held


def categories_open_to(user: User, patient: Patient, *, at: datetime) -> frozenset[Category]:
    """Return the kinds of a person's content that consent opens to a partner now.

    Nothing for an account that is closed or is no partner's, whatever the ledger says.
    """
    if not (user.is_active and user.holds(Role.PARTNER)):
        return frozenset()
    grants = consents_in_force(at=at, patient=patient, recipient=user)
    return frozenset(category for grant in grants for category in grant.scope)


def patients_sharing_with(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the people who share anything with this partner now."""
    if not (user.is_active and user.holds(Role.PARTNER)):
        return Patient.objects.none()
    grants = consents_in_force(at=at, recipient=user)
    known = patients_open_to(user, Thing(Category.IDENTITY), at=at, keeping=KEPT)
    return known.filter(pk__in=grants.values("patient"))


def entries_visible_to(user: User, *, at: datetime) -> QuerySet[Entry]:
    """Return the ledger of every record this person may open: their own, or in their care."""
    return Entry.objects.filter(patient__in=patients_visible_to(user, at=at))


def proposals_visible_to(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Return the proposed partners of every record this person may open."""
    return Proposal.objects.filter(patient__in=patients_visible_to(user, at=at))


def partners_of(patient: Patient) -> QuerySet[User]:
    """Return the accounts that were invited to this person's care team and are open."""
    invited = Proposal.objects.filter(patient=patient, account__isnull=False)
    return User.objects.filter(pk__in=invited.values("account"), is_active=True)
