"""Asking the one decision: for one thing, for a check that refuses, and for a list.

A list asks about each way into records with the same function that answers for one
record, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.ties import ALWAYS, Way, ties_of, ways
from securebase.people.access.decide import decide
from securebase.people.access.table import the_table
from securebase.people.access.words import (
    Action,
    Actor,
    Context,
    Decision,
    Obligation,
    Thing,
    Tie,
    TieHeld,
)
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted

PLAIN = frozenset({Obligation.AUDIT})
"""What every page keeps. Whoever owes more is let in only where more is kept."""
SOMEBODY = UUID(int=0)
"""Stands for the patient of a row while a list is asked for."""
A_MOMENT = timedelta(seconds=1)


def actor_of(user: User) -> Actor:
    """Return who asks; a closed account holds no role."""
    return Actor(user.pk, user.roles if user.is_active else frozenset())


def decision_on(user: User, action: Action, thing: Thing, *, at: datetime) -> Decision:
    """Decide whether this account may do this with the thing now."""
    patient = Patient(pk=thing.about) if thing.about else None
    ties = ties_of(user, patient, at=at) if patient else ()
    return decide(actor_of(user), action, thing, Context(at, ties))


def check_may(
    user: User,
    action: Action,
    thing: Thing,
    *,
    at: datetime,
    keeping: AbstractSet[Obligation] = PLAIN,
) -> None:
    """Raise unless it may be done here, where these obligations are kept."""
    decision = decision_on(user, action, thing, at=at)
    if not decision.permitted:
        raise PermissionDenied(the_table().refusals[decision.reason])
    if not decision.obligations <= keeping:
        raise PermissionDenied(the_table().refusals["not_this"])


def may(user: User, action: Action, thing: Thing, *, at: datetime) -> bool:
    """Whether it may be done where only the plain obligations are kept."""
    return granted(check_may, user, action, thing, at=at)


def check_may_alone(user: User, action: Action, thing: Thing, *, otherwise: str) -> None:
    """Raise, saying this otherwise, unless the roles alone permit it: it is about nobody."""
    if not decide(actor_of(user), action, thing, Context(ALWAYS)).permitted:
        raise PermissionDenied(otherwise)


def patients_open_to(
    user: User,
    thing: Thing,
    *,
    at: datetime,
    action: Action = Action.READ,
    keeping: AbstractSet[Obligation] = PLAIN,
) -> QuerySet[Patient]:
    """Return the patients with whose things of this sort it may be done here, now.

    ``thing`` says what the things have in common; whom they are about is left open.
    """
    thing = replace(thing, about=SOMEBODY)
    found = list(ways(user, at=at))
    opening = [way for way in found if way.tie is not Tie.EXCLUDED]
    shutting = [way for way in found if way.tie is Tie.EXCLUDED]

    def opens(*ties: TieHeld) -> bool:
        decision = decide(actor_of(user), action, thing, Context(at, ties))
        return decision.permitted and decision.obligations <= keeping

    opened = Q(pk__isnull=False) if opens() else Q(pk__in=[])
    for way in opening:
        if opens(_like(way, at)):
            opened |= Q(pk__in=_rightly(way).values(way.patient))
    for way in shutting:
        if not any(opens(_like(one, at), _like(way, at)) for one in found):
            opened &= ~Q(pk__in=way.rows.values(way.patient))
    return Patient.objects.filter(opened)


def _like(way: Way, at: datetime) -> TieHeld:
    """Return a tie as the rows of a way keep it, with an end that is near enough."""
    return TieHeld(way.tie, at, at + A_MOMENT, way.categories, way.purpose)


def _rightly(way: Way) -> QuerySet[Patient]:
    """Leave out the rows that lack the end, or outlast the time, the table asks for."""
    row = next(row for row in the_table().rows if row.tie is way.tie)
    rows: QuerySet[Patient] = way.rows
    if row.ends:
        rows = rows.filter(**{f"{way.until}__isnull": False})
    if row.longest is not None:
        rows = rows.filter(**{f"{way.until}__lte": F(way.since) + row.longest})
    return rows
