"""What consent ties a partner to: the lines in force, each with what it names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from securebase.clinic.care.ties import Way, add_ways
from securebase.clinic.consent.queries import consents_in_force
from securebase.clinic.consent.supporters import support_in_force
from securebase.people.access.words import Category, Tie
from securebase.people.accounts.models import Role, User


def ways_by_consent(user: User, at: datetime) -> Iterator[Way]:
    """Yield one way for each set of categories that somebody shares with this account."""
    if not user.holds(Role.PARTNER):
        return
    grants = consents_in_force(at=at, recipient=user)
    for named in grants.order_by("categories").values_list("categories", flat=True).distinct():
        scope = frozenset(map(Category, named.split()))
        yield Way(Tie.CONSENTED, grants.filter(categories=named), categories=scope)


def ways_by_support(user: User, at: datetime) -> Iterator[Way]:
    """Yield one way for each set of categories shared with this account as somebody close."""
    if not user.holds(Role.SUPPORTER):
        return
    grants = support_in_force(at=at).filter(recipient=user)
    for named in grants.order_by("categories").values_list("categories", flat=True).distinct():
        scope = frozenset(map(Category, named.split()))
        yield Way(Tie.SUPPORTING, grants.filter(categories=named), categories=scope)


add_ways(ways_by_consent)
add_ways(ways_by_support)
