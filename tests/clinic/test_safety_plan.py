"""A plan for hard times.

The patient owns it, alone or together with whoever treats them; each change is a new
version, with who and when, and nobody overwrites what they have not seen. It goes to
nobody else by itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.consent.words import offered
from securebase.clinic.safety.actions import (
    Lines,
    PlanChanged,
    look_over,
    read_plan,
    write_plan,
)
from securebase.clinic.safety.models import SafetyPlan
from securebase.clinic.safety.policies import can_read_plan, can_write_plan
from securebase.clinic.safety.queries import current_plan, plans_visible_to
from securebase.people.access.words import Category
from securebase.people.audit.models import AuditEvent
from tests.clinic.conftest import LATER, World
from tests.clinic.sharing import a_partner, shares

SPRING = date(2027, 3, 1)


def written(world: World, name: str = "patient", *, seen: int = 0, **parts: Any) -> SafetyPlan:
    """Let somebody write the plan."""
    return write_plan(
        patient=world.patient,
        lines=Lines(parts or {"myself": ["Walk to the river"]}),
        review_on=SPRING,
        seen=seen,
        by=world[name],
        at=LATER,
    )


@pytest.mark.parametrize(
    ("name", "how"), [("patient", "alone"), ("clinician of record", "together")]
)
def test_a_plan_is_made_alone_or_together(world: World, name: str, how: str) -> None:
    plan = written(world, name)

    assert (plan.number, plan.how, plan.written_by) == (1, how, world[name])


def test_the_patient_and_whoever_treats_them_write_and_nobody_else(world: World) -> None:
    may = {n for n, u in world.people.items() if can_write_plan(u, world.patient, at=LATER)}

    assert may == {"patient", "clinician of record", "covering clinician"}
    with pytest.raises(PermissionDenied):
        written(world, "another patient")


def test_a_change_is_a_new_version_and_the_old_one_stays(world: World) -> None:
    written(world, signs=["I stop answering"])
    written(world, "clinician of record", seen=1, signs=["I stop answering", "No sleep"])

    versions = [(plan.number, plan.lines["signs"]) for plan in SafetyPlan.objects.all()]

    assert versions == [
        (2, ["I stop answering", "No sleep"]),
        (1, ["I stop answering"]),
    ]


def test_nobody_overwrites_what_they_have_not_seen(world: World) -> None:
    written(world)
    newer = written(world, "clinician of record", seen=1, signs=["No sleep"])

    with pytest.raises(PlanChanged) as refused:
        written(world, seen=1, signs=["Far away"])

    assert refused.value.plan == newer
    assert current_plan(world.patient) == newer


def test_keeping_the_same_lines_is_looking_it_over(world: World) -> None:
    written(world)

    again = written(world, "clinician of record", seen=1)

    assert again.how == SafetyPlan.How.LOOKED_OVER


def test_a_plan_that_still_fits_is_noted_with_who_and_when(world: World) -> None:
    plan = written(world)

    again = look_over(
        plan=plan, review_on=SPRING + timedelta(days=90), by=world["patient"], at=LATER
    )

    assert (again.number, again.lines) == (2, plan.lines)
    assert AuditEvent.objects.filter(verb="safety.plan.review").count() == 1


@pytest.mark.parametrize("day", [LATER.date(), LATER.date() - timedelta(days=1)])
def test_the_day_to_look_at_it_again_lies_ahead(world: World, day: date) -> None:
    with pytest.raises(ValidationError, match="after today"):
        write_plan(
            patient=world.patient,
            lines=Lines({"signs": ["No sleep"]}),
            review_on=day,
            seen=0,
            by=world["patient"],
            at=LATER,
        )


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"spells": ["Abracadabra"]}, "no part"),
        ({"signs": ["a"] * 13}, "12 fit"),
        ({"signs": ["a" * 201]}, "200 characters"),
    ],
)
def test_what_does_not_fit_on_a_page_is_refused_in_words(
    parts: dict[str, list[str]], says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Lines(parts)

    assert says in " ".join(refused.value.messages)


def test_an_empty_plan_is_not_kept(world: World) -> None:
    with pytest.raises(ValidationError, match="empty"):
        written(world, signs=[])


def test_a_partner_is_shown_no_plan_whatever_they_are_trusted_with(world: World) -> None:
    plan, partner = written(world), a_partner(world.patient)
    shares(world.patient, partner, *_all_but_substance())

    assert plan not in plans_visible_to(partner, at=LATER)
    assert not can_read_plan(partner, world.patient, at=LATER)


def _all_but_substance() -> list[Category]:
    return sorted(offered().general)


def test_whoever_else_opens_it_leaves_a_row(world: World) -> None:
    plan = written(world)

    opened = read_plan(patient=world.patient, by=world["covering clinician"], at=LATER)

    assert opened == plan
    row = AuditEvent.objects.get(verb="safety.plan.read")
    assert (row.actor, row.patient) == (world["covering clinician"].pk, world.patient.pk)
