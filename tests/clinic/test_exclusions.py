"""Exclusion.

A patient says that somebody here shall not see their record: a neighbour, perhaps, who
works here too. From the next request on, nothing opens the record to that person: no
cover, no supervision, no emergency. They are not told; their searches find nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.cover import arrange_cover, reader_at, reading_bonds
from securebase.clinic.care.days import Days
from securebase.clinic.care.emergency import Ground, begin_emergency
from securebase.clinic.care.exclusion import (
    can_decide,
    could_keep_out,
    exclusions_visible_to,
    is_kept_out,
    keep_out,
    lift,
)
from securebase.clinic.care.models import Exclusion, ExclusionIsAppendOnly, Patient
from securebase.clinic.care.opening import decision_on
from securebase.clinic.care.queries import RECORD, patients_visible_to
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.care.together import let_treat_too
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import Role, User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.open_in_emergency import open_in_emergency
from tests import factories as make
from tests.clinic.trailing import added_rows

pytestmark = pytest.mark.django_db

NOW = make.NOW
WEEK = Days(make.TODAY, date(2026, 11, 30), "Europe/London")
WHY = Ground(kind="danger", reason="Rang and said goodbye; Dr Marsh cannot be reached.")


@dataclass(frozen=True)
class Street:
    """Jo treats Sam. Kit is a colleague of Jo, and Sam's neighbour."""

    jo: User
    kit: User
    sam: Patient

    @property
    def account(self) -> User:
        """Sam's own account."""
        return make.the_account(self.sam)


@pytest.fixture
def street() -> Street:
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    return Street(jo, make.a_clinician("Dr Kit Lowe"), make.a_patient(of=jo))


def shut(street: Street, *, by: User | None = None) -> Exclusion:
    by = by or street.account
    return keep_out(patient=street.sam, person=street.kit, by=by, at=NOW)


def cover(street: Street) -> None:
    by = {"by": street.jo, "at": NOW}
    arrange_cover(patients=[street.sam], colleague=street.kit, days=WEEK, **by)  # type: ignore[arg-type]


def treat_too(street: Street) -> None:
    let_treat_too(patient=street.sam, colleague=street.kit, by=street.jo, at=NOW)


def supervise(street: Street) -> None:
    by = {"by": street.jo, "at": NOW}
    street.kit.roles_held.create(role=Role.SUPERVISOR, since=NOW)
    street.kit.__dict__.pop("_roles", None)
    agree_on_supervision(supervisor=street.kit, supervisee=street.jo, days=WEEK, **by)  # type: ignore[arg-type]


def break_the_glass(street: Street) -> None:
    begin_emergency(patient=street.sam, ground=WHY, by=street.kit, at=NOW)


TIES = [cover, treat_too, supervise, break_the_glass]


@pytest.mark.parametrize("tie", TIES)
def test_nothing_opens_the_record_to_who_is_kept_out(street: Street, tie: object) -> None:
    tie(street)  # type: ignore[operator]
    assert opened(street)

    shut(street)

    assert opened(street) == []
    assert street.sam not in patients_visible_to(street.kit, at=NOW)


def test_a_tie_made_behind_its_back_opens_nothing_either(street: Street) -> None:
    shut(street)
    until = NOW + timedelta(days=1)
    begin_care(patient=street.sam, clinician=street.kit, by=street.jo, at=NOW, until=until)

    assert opened(street) == []


def test_everybody_else_sees_what_they_saw(street: Street) -> None:
    alex = make.a_patient(of=street.kit, name="Alex Moor")
    shut(street)

    assert list(patients_visible_to(street.jo, at=NOW)) == [street.sam]
    assert list(patients_visible_to(street.kit, at=NOW)) == [alex]
    assert list(patients_visible_to(street.account, at=NOW)) == [street.sam]


def test_whoever_stood_in_reads_no_more_and_the_own_therapist_reads_again(
    street: Street,
) -> None:
    cover(street)
    shut(street)

    reader = reader_at(reading_bonds(street.sam, at=NOW), at=NOW + timedelta(hours=1))
    assert reader is not None
    assert reader.clinician == street.jo


@pytest.mark.parametrize("tie", [cover, treat_too])
def test_a_colleague_who_is_kept_out_cannot_be_asked_in(street: Street, tie: object) -> None:
    shut(street)

    with pytest.raises(ValidationError, match="does not want this colleague"):
        tie(street)  # type: ignore[operator]


def test_an_emergency_finds_nobody_and_the_patient_reads_of_it(street: Street) -> None:
    shut(street)

    with added_rows() as rows:
        found = open_in_emergency(said="Sam Reed", ground=WHY, by=street.kit, at=NOW)

    assert found is None
    row = rows[-1]
    assert (row.verb, row.patient, row.reason, row.outcome) == (
        Verb.EMERGENCY_MISS,
        street.sam.pk,
        "never.excluded",
        AuditEvent.Outcome.REFUSED,
    )


def test_an_emergency_is_refused_also_where_the_search_is_left_out(street: Street) -> None:
    shut(street)

    with pytest.raises(PermissionDenied), transaction.atomic():
        break_the_glass(street)


def test_the_reason_on_the_trail_is_the_exclusion(street: Street) -> None:
    shut(street)

    decision = decision_on(street.kit, Action.READ, about(street), at=NOW)

    assert (decision.permitted, decision.reason) == (False, "never.excluded")


def test_taking_it_back_opens_nothing_by_itself(street: Street) -> None:
    cover(street)
    line = shut(street)

    lift(exclusion=line, by=street.account, at=NOW)

    assert not is_kept_out(street.kit, street.sam)
    assert opened(street) == []
    cover(street)
    assert opened(street)


def test_a_clock_set_back_does_not_open_the_record(street: Street) -> None:
    cover(street)
    shut(street)

    earlier = NOW - timedelta(days=1)
    assert not decision_on(street.kit, Action.READ, about(street), at=earlier).permitted


def test_who_may_say_it(street: Street) -> None:
    may = [street.account, street.jo]
    may_not = [street.kit, make.a_host(), make.the_account(make.a_patient(of=street.kit))]

    assert [can_decide(one, street.sam, at=NOW) for one in may] == [True, True]
    assert [can_decide(one, street.sam, at=NOW) for one in may_not] == [False] * 3
    assert shut(street, by=street.jo).method == Exclusion.Method.SAID
    for one in may_not:
        with pytest.raises(PermissionDenied):
            shut(street, by=one)


def test_who_is_kept_out_never_reads_that_they_are(street: Street) -> None:
    cover(street)
    line = shut(street)

    asking = {"own": street.account, "of record": street.jo, "kept out": street.kit}

    read = {n: list(exclusions_visible_to(user, at=NOW)) for n, user in asking.items()}

    assert read == {"own": [line], "of record": [line], "kept out": []}


def test_only_colleagues_who_could_see_it_can_be_kept_out(street: Street) -> None:
    sol = make.an_account(Role.SUPERVISOR, name="Dr Sol Ray")
    make.an_account(Role.LEARNER)

    assert set(could_keep_out(street.sam, at=NOW)) == {street.kit, sol}
    for person in (street.jo, street.account, make.a_host()):
        with pytest.raises(ValidationError):
            keep_out(patient=street.sam, person=person, by=street.account, at=NOW)


def test_both_acts_leave_one_row_and_doing_them_again_none(street: Street) -> None:
    with added_rows() as rows:
        line = shut(street)
        shut(street)
        lift(exclusion=line, by=street.account, at=NOW)
        lift(exclusion=line, by=street.account, at=NOW)

    verbs = [(row.verb, row.patient) for row in rows]
    assert verbs == [
        (Verb.EXCLUSION_SHUT, street.sam.pk),
        (Verb.EXCLUSION_LIFT, street.sam.pk),
    ]
    assert {row.role for row in rows} == {"patient"}


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_a_line(street: Street, act: str) -> None:
    line = shut(street)

    with pytest.raises(ExclusionIsAppendOnly):
        line.save() if act == "update" else line.delete()
    lines = Exclusion.objects.filter(pk=line.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        lines.update(person=street.jo) if act == "update" else lines._raw_delete("default")


def about(street: Street) -> Thing:
    return replace(RECORD, about=street.sam.pk)


def opened(street: Street) -> list[Category]:
    """Return every kind of content that is open to Kit now."""
    kit = User.objects.get(pk=street.kit.pk)
    return [
        category
        for category in Category
        if decision_on(
            kit, Action.READ, Thing(category, about=street.sam.pk, signed=True), at=NOW
        ).permitted
    ]
