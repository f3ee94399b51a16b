"""A model of consent beside the real ledger, driven at random.

Everything a person can do with the ledger is done in any order, for several patients and
partners, while the clock moves, now and then backwards. After each step the permission
worked out from the ledger is compared with that of a model of a few lines.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.consent.actions import grant, narrow, withdraw
from securebase.clinic.consent.models import Entry, LedgerIsAppendOnly
from securebase.clinic.consent.policies import kinds_open_to
from securebase.clinic.consent.queries import (
    categories_open_to,
    patients_sharing_with,
)
from securebase.clinic.consent.terms import Terms, in_words
from securebase.clinic.consent.words import offered
from securebase.people.access.words import Category
from securebase.people.accounts.models import Role, User
from securebase.stories.revoke_consent import revoke_everything
from tests import factories as make
from tests.clinic.sharing import a_partner

KINDS = sorted(offered().general)
SPANS = (timedelta(minutes=1), timedelta(days=1), timedelta(days=30), timedelta(days=364))
STEPS_OF_THE_CLOCK = (
    timedelta(0),
    timedelta(minutes=1),
    timedelta(hours=7),
    timedelta(days=9),
    timedelta(days=200),
    -timedelta(minutes=1),
    -timedelta(days=2),
)
"""A clock set back is rarer than one that runs, and must not open anything either."""


@dataclass
class Promise:
    """What the model remembers of one consent."""

    patient: int
    partner: int
    scope: frozenset[Category]
    since: datetime
    until: datetime
    entry: Entry
    withdrawn: bool = False

    def holds(self, at: datetime) -> bool:
        """Whether this is in force."""
        return self.since <= at < self.until and not self.withdrawn


@dataclass
class World:
    """Patients and partners, all on one another's care teams; the clock; the model."""

    patients: list[Patient]
    partners: list[User]
    at: datetime
    promises: list[Promise] = field(default_factory=list)

    def open_by_model(self, patient: int, partner: int) -> frozenset[Category]:
        """Return what should be open."""
        return frozenset(
            category
            for promise in self.promises
            if (promise.patient, promise.partner) == (patient, partner)
            if promise.holds(self.at)
            for category in promise.scope
        )

    def open_by_ledger(self, patient: int, partner: int) -> frozenset[Category]:
        """Return what the program says is open."""
        return categories_open_to(self.partners[partner], self.patients[patient], at=self.at)


def a_world(patients: int = 2, partners: int = 3) -> World:
    """Return a practice in which nothing is shared yet."""
    make.a_practice()
    clinician = make.a_clinician()
    people = [make.a_patient(of=clinician, name=f"P {n}") for n in range(patients)]
    team = [make.an_account(Role.PARTNER, name=f"Q {n}") for n in range(partners)]
    for patient in people:
        for partner in team:
            a_partner(patient, name=partner.get_full_name(), account=partner)
    return World(patients=people, partners=team, at=make.NOW)


def share(world: World, choose: random.Random) -> None:
    """Let somebody share something, now or later, for a while."""
    scope = frozenset(choose.sample(KINDS, choose.randint(1, len(KINDS))))
    if choose.random() < 0.2:
        scope = frozenset({Category.SUBSTANCE})
    since = world.at + choose.choice((timedelta(0), timedelta(0), timedelta(days=1)))
    terms = _terms(scope, since=since, until=since + choose.choice(SPANS))
    patient, partner = _pair(world, choose)
    entry = grant(
        patient=world.patients[patient],
        recipient=world.partners[partner],
        terms=terms,
        by=make.the_account(world.patients[patient]),
        at=world.at,
    )
    world.promises.append(Promise(patient, partner, scope, terms.since, terms.until, entry))


def stop(world: World, choose: random.Random) -> None:
    """Let somebody stop one sharing; it may be over or stopped already."""
    if world.promises:
        promise = choose.choice(world.promises)
        withdraw(consent=promise.entry, by=_owner(world, promise), at=world.at)
        promise.withdrawn = True


def stop_all(world: World, choose: random.Random) -> None:
    """Let somebody stop everything with one partner."""
    patient, partner = _pair(world, choose)
    revoke_everything(
        patient=world.patients[patient],
        recipient=world.partners[partner],
        by=make.the_account(world.patients[patient]),
        at=world.at,
    )
    for promise in world.promises:
        if (promise.patient, promise.partner) == (patient, partner):
            promise.withdrawn = promise.withdrawn or promise.until > world.at


def share_less(world: World, choose: random.Random) -> None:
    """Let somebody share less; refused for what is over, and it never adds anything."""
    if not world.promises:
        return
    promise = choose.choice(world.promises)
    scope = frozenset(
        choose.sample(sorted(promise.scope), choose.randint(1, len(promise.scope)))
    )
    until = min(promise.until, world.at + choose.choice(SPANS))
    before = world.open_by_ledger(promise.patient, promise.partner)
    was_over = promise.withdrawn or promise.until <= world.at
    try:
        entry = narrow(
            consent=promise.entry,
            terms=_terms(scope, since=max(world.at, promise.since), until=until),
            by=_owner(world, promise),
            at=world.at,
        )
    except ValidationError:
        if not was_over and until > max(world.at, promise.since):
            raise
        return
    assert not was_over, "a sharing that was over could be made smaller"
    promise.withdrawn = True
    world.promises.append(
        Promise(promise.patient, promise.partner, scope, entry.since, entry.until, entry)
    )
    after = world.open_by_ledger(promise.patient, promise.partner)
    assert after <= before, f"sharing less added {in_words(after - before)}"


def move_the_clock(world: World, choose: random.Random) -> None:
    """Let time pass, or set the clock back a little."""
    world.at += choose.choice(STEPS_OF_THE_CLOCK)


def try_what_is_not_allowed(world: World, choose: random.Random) -> None:
    """Let a partner help themselves, ask for process notes, or rewrite a line."""
    patient, partner = _pair(world, choose)
    person, asker = world.patients[patient], world.partners[partner]
    scope = choose.choice(
        ({Category.PROCESS}, {Category.SUBSTANCE, Category.PLAN}, {Category.MEASURE})
    )
    attempts: list[Callable[[], Any]] = [
        lambda: grant(
            patient=person,
            recipient=asker,
            terms=_terms(frozenset(scope), since=world.at, until=world.at + SPANS[1]),
            by=asker if scope == {Category.MEASURE} else make.the_account(person),
            at=world.at,
        )
    ]
    if world.promises:
        line = choose.choice(world.promises).entry
        attempts += [
            line.save,
            line.delete,
            lambda: Entry.objects.filter(pk=line.pk).update(until=world.at + SPANS[-1]),
            lambda: Entry.objects.filter(pk=line.pk).delete(),
        ]
    attempt = choose.choice(attempts)
    try:
        with transaction.atomic():
            attempt()
    except (ValidationError, PermissionDenied, LedgerIsAppendOnly, DatabaseError):
        return
    raise AssertionError("something was done that nobody may do")


ACTS: tuple[tuple[Callable[[World, random.Random], None], int], ...] = (
    (share, 5),
    (stop, 3),
    (stop_all, 1),
    (share_less, 3),
    (move_the_clock, 5),
    (try_what_is_not_allowed, 2),
)
"""What may happen next, and how often."""


def violations(world: World) -> list[str]:
    """Return every place where the ledger says something else than the model."""
    found = []
    for n, partner in enumerate(world.partners):
        listed = set(patients_sharing_with(partner, at=world.at).values_list("pk", flat=True))
        for m, patient in enumerate(world.patients):
            expected, got = world.open_by_model(m, n), world.open_by_ledger(m, n)
            if expected != got:
                found.append(
                    f"patient {m}, partner {n}: open {in_words(got)!r}, "
                    f"the model says {in_words(expected)!r}"
                )
            decided = kinds_open_to(partner, patient, at=world.at)
            if decided != expected:
                found.append(f"patient {m}, partner {n}: decided {in_words(decided)!r}")
            if (patient.pk in listed) != bool(expected):
                found.append(f"patient {m}, partner {n}: the list and the page disagree")
    return found


def _terms(scope: frozenset[Category], *, since: datetime, until: datetime) -> Terms:
    return Terms(
        categories=scope,
        purpose="treatment",
        since=since,
        until=until,
        text_version=offered().text_for(scope).version,
    )


def _pair(world: World, choose: random.Random) -> tuple[int, int]:
    return choose.randrange(len(world.patients)), choose.randrange(len(world.partners))


def _owner(world: World, promise: Promise) -> User:
    return make.the_account(world.patients[promise.patient])
