"""A list and the decision behind it never disagree.

In worlds made at random (bonds, covers, supervision, emergencies and consents, some over,
some to come, some without the role that goes with them) every list holds exactly what the
one decision permits. Ending a tie never adds anything, nor does naming less.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from securebase.clinic.care import ties as rooms
from securebase.clinic.care.models import Care, Emergency, Patient, Supervision
from securebase.clinic.care.opening import PLAIN, decision_on, patients_open_to
from securebase.clinic.care.queries import patients_treated_by, patients_visible_to
from securebase.clinic.care.ties import Way
from securebase.clinic.consent.models import Entry
from securebase.people.access.words import (
    Action,
    Category,
    Kind,
    Obligation,
    Thing,
    Tie,
)
from securebase.people.accounts.models import Role, RoleHeld, User
from tests import factories as make

NOW = make.NOW
HOUR = timedelta(hours=1)
KINDS_OF_TIE = ("of record", "covering", "supervising", "emergency", "danger", "consent")
SPANS = {
    "holds": (-HOUR, HOUR),
    "holds long": (-HOUR, timedelta(days=400)),
    "is over": (-2 * HOUR, timedelta()),
    "is to come": (timedelta(seconds=1), HOUR),
}
EVERYTHING = frozenset(Obligation)


@dataclass(frozen=True)
class Cast:
    """Three people who may ask, and three records."""

    people: tuple[User, ...]
    patients: tuple[Patient, ...]


@dataclass(frozen=True)
class Given:
    """One tie that a random world has."""

    kind: str
    who: int
    whose: int
    span: str
    scope: tuple[Category, ...]


@pytest.fixture
def cast(db: None) -> Cast:
    """Return people and records with nothing between them but who wrote the first page."""
    make.a_practice()
    nobody = make.a_clinician()
    patients = tuple(make.a_patient(of=nobody) for _ in range(3))
    people = (make.an_account(), make.an_account(), make.the_account(patients[0]))
    return Cast(people, patients)


shareable = [c for c in Category if c not in {Category.PROCESS, Category.SUBSTANCE}]
given_ties = st.builds(
    Given,
    kind=st.sampled_from(KINDS_OF_TIE),
    who=st.integers(0, 2),
    whose=st.integers(0, 2),
    span=st.sampled_from(sorted(SPANS)),
    scope=st.one_of(
        st.just((Category.SUBSTANCE,)),
        st.lists(st.sampled_from(shareable), min_size=1, unique=True).map(tuple),
    ),
)
worlds = st.lists(given_ties, max_size=7)
casting = st.tuples(*(st.sets(st.sampled_from(sorted(Role))) for _ in range(3)))
things = st.builds(
    Thing,
    category=st.sampled_from(Category),
    kind=st.sampled_from(Kind),
    signed=st.booleans(),
    released=st.booleans(),
    shared=st.booleans(),
)
at_random = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@contextmanager
def a_world(
    cast: Cast, ties: list[Given], roles: tuple[set[Role], ...]
) -> Iterator[tuple[User, ...]]:
    """Let these ties and roles be for a while, then take them back."""
    with transaction.atomic():
        point = transaction.savepoint()
        for user, held in zip(cast.people, roles, strict=True):
            for role in held:
                RoleHeld.objects.get_or_create(user=user, role=role, until=None, since=NOW)
        for tie in ties:
            tied(cast, tie)
        yield tuple(User.objects.get(pk=user.pk) for user in cast.people)
        transaction.savepoint_rollback(point)


def tied(cast: Cast, tie: Given) -> None:
    """Write one tie as its own table keeps it."""
    who, patient = cast.people[tie.who], cast.patients[tie.whose]
    since, until = (NOW + delta for delta in SPANS[tie.span])
    span = {"since": since, "until": until}
    if tie.kind in {"of record", "covering"}:
        part = tie.kind.replace(" ", "_")
        Care.objects.create(patient=patient, clinician=who, part=part, **span)
    elif tie.kind == "supervising":
        supervisee = patient.bonds.order_by("since").first().clinician  # type: ignore[union-attr]
        if supervisee != who:
            Supervision.objects.create(supervisor=who, supervisee=supervisee, **span)
    elif tie.kind == "consent":
        consented(who, patient, tie.scope, span)
    else:
        reason = "danger" if tie.kind == "danger" else "other"
        Emergency.objects.create(
            clinician=who,
            patient=patient,
            reason_kind=reason,
            told_from=since,
            review_by=until,
            **span,
        )


def consented(
    who: User, patient: Patient, scope: tuple[Category, ...], span: dict[str, Any]
) -> None:
    """Write one line of the ledger."""
    Entry.objects.create(
        act=Entry.Act.GRANT,
        patient=patient,
        recipient=who,
        categories=" ".join(sorted(scope)),
        purpose="care",
        text_version="1",
        text_digest="0",
        method=Entry.Method.APP,
        by=who,
        at=NOW,
        **span,
    )


def seen(user: User, thing: Thing, action: Action, keeping: frozenset[Obligation]) -> set[UUID]:
    """Return whose things a list holds."""
    found = patients_open_to(user, thing, at=NOW, action=action, keeping=keeping)
    return set(found.values_list("pk", flat=True))


def permitted(
    cast: Cast, user: User, thing: Thing, action: Action, keeping: frozenset[Obligation]
) -> set[UUID]:
    """Return whose things the decision permits, asked one by one."""
    answers = {
        patient.pk: decision_on(user, action, replace(thing, about=patient.pk), at=NOW)
        for patient in Patient.objects.all()
    }
    return {
        pk
        for pk, decision in answers.items()
        if decision.permitted and decision.obligations <= keeping
    }


@at_random
@given(
    ties=worlds,
    roles=casting,
    thing=things,
    action=st.sampled_from(Action),
    keeping=st.sampled_from([PLAIN, EVERYTHING]),
    own=st.booleans(),
)
def test_a_list_holds_exactly_what_the_decision_permits(
    cast: Cast,
    ties: list[Given],
    roles: tuple[set[Role], ...],
    thing: Thing,
    action: Action,
    keeping: frozenset[Obligation],
    own: bool,
) -> None:
    with a_world(cast, ties, roles) as people:
        for user in people:
            asked = replace(thing, author=user.pk) if own else thing

            assert seen(user, asked, action, keeping) == permitted(
                cast, user, asked, action, keeping
            )


@at_random
@given(ties=worlds, roles=casting)
def test_a_record_under_the_full_name_opens_to_those_who_owe_no_more_than_a_row(
    cast: Cast, ties: list[Given], roles: tuple[set[Role], ...]
) -> None:
    record = Thing(Category.IDENTITY, kind=Kind.RECORD)
    planning = Thing(Category.SCHEDULE)
    with a_world(cast, ties, roles) as people:
        for user in people:
            visible = set(patients_visible_to(user, at=NOW).values_list("pk", flat=True))
            treated = set(patients_treated_by(user, at=NOW).values_list("pk", flat=True))

            assert visible == permitted(cast, user, record, Action.READ, PLAIN)
            assert treated == permitted(cast, user, planning, Action.WRITE, PLAIN)


@at_random
@given(ties=worlds.filter(bool), roles=casting, thing=things, data=st.data())
def test_taking_a_tie_away_never_adds_anything(
    cast: Cast,
    ties: list[Given],
    roles: tuple[set[Role], ...],
    thing: Thing,
    data: st.DataObject,
) -> None:
    gone = data.draw(st.integers(0, len(ties) - 1))
    with a_world(cast, ties, roles) as people:
        before = [seen(user, thing, Action.READ, EVERYTHING) for user in people]
    with a_world(cast, ties[:gone] + ties[gone + 1 :], roles) as people:
        after = [seen(user, thing, Action.READ, EVERYTHING) for user in people]

    assert all(less <= more for less, more in zip(after, before, strict=True))


@at_random
@given(ties=worlds.filter(bool), roles=casting, thing=things, data=st.data())
def test_naming_less_in_a_consent_never_adds_anything(
    cast: Cast,
    ties: list[Given],
    roles: tuple[set[Role], ...],
    thing: Thing,
    data: st.DataObject,
) -> None:
    number = data.draw(st.integers(0, len(ties) - 1))
    less = [*ties]
    less[number] = replace(ties[number], scope=ties[number].scope[:1])
    with a_world(cast, ties, roles) as people:
        before = [seen(user, thing, Action.READ, EVERYTHING) for user in people]
    with a_world(cast, less, roles) as people:
        after = [seen(user, thing, Action.READ, EVERYTHING) for user in people]

    assert all(narrow <= wide for narrow, wide in zip(after, before, strict=True))


@at_random
@given(
    ties=worlds,
    roles=casting,
    thing=things,
    scope=st.frozensets(st.sampled_from(Category), max_size=3),
)
def test_who_is_shut_out_is_shown_nothing_whatever_ties_they_have(
    cast: Cast,
    ties: list[Given],
    roles: tuple[set[Role], ...],
    thing: Thing,
    scope: frozenset[Category],
) -> None:
    def shut_out(user: User, at: Any) -> list[Way]:
        rows = Patient.objects.filter(pk=cast.patients[0].pk)
        return [Way(Tie.EXCLUDED, rows, patient="pk", since="", categories=scope)]

    with a_world(cast, ties, roles) as people, pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "_sources", [*rooms._sources, shut_out])
        for user in people:
            shown = seen(user, thing, Action.READ, EVERYTHING)

            assert shown == permitted(cast, user, thing, Action.READ, EVERYTHING)
            if not scope or thing.category in scope:
                assert cast.patients[0].pk not in shown
