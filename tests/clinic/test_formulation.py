"""What is understood together.

It is kept in versions that nobody overwrites. It is shared while both have agreed to it,
and either can take that back. Goals stand in the patient's words, rated 0 to 10.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.formulation.actions import (
    WrittenMeanwhile,
    agree,
    close_goal,
    rate_goal,
    set_goal,
    take_back,
    write_formulation,
)
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.clinic.formulation.policies import MOST_GOALS
from securebase.clinic.formulation.queries import formulations_visible_to, shared_with
from securebase.clinic.formulation.words import MOST_WORDS, Parts
from tests.clinic.conftest import LATER, World

PARTS = Parts(need="To be held in mind", fear="That you leave", helps="A walk")
HOUR = timedelta(hours=1)


def write(world: World, who: str = "clinician of record", **other: Any) -> Formulation:
    """Write the next version as somebody."""
    newest = Formulation.objects.filter(patient=world.patient).first()
    said: dict[str, Any] = {"parts": PARTS, "seen": newest.number if newest else 0, "at": LATER}
    return write_formulation(patient=world.patient, by=world[who], **said | other)


def shared(world: World) -> Formulation:
    """Return a version both have agreed to."""
    version = write(world)
    agree(formulation=version, by=world["clinician of record"], at=LATER)
    return agree(formulation=version, by=world["patient"], at=LATER)


def test_each_version_stands_beside_the_earlier_ones(world: World) -> None:
    first = write(world)
    second = write(world, parts=Parts(need="To be believed"))

    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert first.parts == PARTS


def test_whoever_wrote_over_an_older_version_is_told_and_nothing_is_lost(world: World) -> None:
    write(world)

    with pytest.raises(WrittenMeanwhile, match="Version 1 was kept while you wrote"):
        write(world, seen=0, parts=Parts(need="Mine"))
    assert [one.parts for one in Formulation.objects.all()] == [PARTS]


def test_nothing_written_is_no_version(world: World) -> None:
    with pytest.raises(ValidationError, match="Nothing is written"):
        write(world, parts=Parts(need="  "))


def test_a_part_of_a_megabyte_is_refused_and_named() -> None:
    with pytest.raises(ValidationError) as refused:
        Parts(fear="x" * (MOST_WORDS + 1))

    assert list(refused.value.message_dict) == ["fear"]


def test_the_patient_sees_it_once_the_clinician_agreed_and_has_it_once_both_did(
    world: World,
) -> None:
    version, patient = write(world), world["patient"]

    assert not formulations_visible_to(patient, at=LATER).exists()
    agree(formulation=version, by=world["clinician of record"], at=LATER)
    assert formulations_visible_to(patient, at=LATER).get() == version
    assert shared_with(world.patient) is None
    agree(formulation=version, by=patient, at=LATER)
    assert shared_with(world.patient) == version


@pytest.mark.parametrize("who", ["clinician of record", "patient"])
def test_either_takes_their_yes_back(world: World, who: str) -> None:
    version = shared(world)

    take_back(formulation=version, by=world[who], at=LATER)

    assert shared_with(world.patient) is None


def test_the_patient_agrees_to_nothing_that_was_not_offered(world: World) -> None:
    version = write(world)

    with pytest.raises(PermissionDenied):
        agree(formulation=version, by=world["patient"], at=LATER)


def test_the_patient_writes_once_something_is_shared_and_it_waits_for_the_other(
    world: World,
) -> None:
    with pytest.raises(PermissionDenied, match="Ask for it"):
        write(world, "patient")
    first = shared(world)

    second = write(world, "patient", parts=Parts(need="In my own words"))

    assert (second.taken_at, second.offered_at) == (LATER, None)
    assert shared_with(world.patient) == first
    agree(formulation=second, by=world["clinician of record"], at=LATER)
    assert shared_with(world.patient) == second


@pytest.mark.parametrize(
    "who",
    [
        "covering clinician",
        "clinician of somebody else",
        "clinician whose bond ended",
        "another patient",
        "host",
    ],
)
def test_nobody_else_writes_or_agrees(world: World, who: str) -> None:
    version = write(world)

    with pytest.raises(PermissionDenied):
        write(world, who)
    with pytest.raises(PermissionDenied):
        agree(formulation=version, by=world[who], at=LATER)


@pytest.mark.parametrize("who", ["clinician of record", "patient"])
def test_both_set_and_rate_goals(world: World, who: str) -> None:
    goal = set_goal(patient=world.patient, words=" Sleep alone ", by=world[who], at=LATER)
    for hour, value in enumerate((2, 6)):
        rate_goal(goal=goal, value=value, by=world["patient"], at=LATER + hour * HOUR)

    assert goal.words == "Sleep alone"
    assert [rating.value for rating in goal.ratings.all()] == [2, 6]


def test_progress_beyond_ten_is_refused(world: World) -> None:
    goal = set_goal(patient=world.patient, words="Walk", by=world["patient"], at=LATER)

    with pytest.raises(ValidationError, match="Progress is 11; it goes from 0 to 10"):
        rate_goal(goal=goal, value=11, by=world["patient"], at=LATER)


def test_a_closed_goal_is_not_rated_and_keeps_its_ratings(world: World) -> None:
    goal = set_goal(patient=world.patient, words="Walk", by=world["patient"], at=LATER)
    rate_goal(goal=goal, value=9, by=world["patient"], at=LATER)
    close_goal(goal=goal, state="reached", by=world["patient"], at=LATER)

    with pytest.raises(PermissionDenied, match="reached"):
        rate_goal(goal=goal, value=1, by=world["patient"], at=LATER)
    assert goal.ratings.get().value == 9


def test_more_than_a_handful_of_goals_is_refused(world: World) -> None:
    for number in range(MOST_GOALS):
        set_goal(patient=world.patient, words=f"Goal {number}", by=world["patient"], at=LATER)

    with pytest.raises(PermissionDenied, match="set one aside"):
        set_goal(patient=world.patient, words="One more", by=world["patient"], at=LATER)
    assert Goal.objects.count() == MOST_GOALS
