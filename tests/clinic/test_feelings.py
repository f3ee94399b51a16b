"""Feelings named, and the patient's own view of their course.

What is named is the patient's alone unless they show it. "I don't know yet" is an answer.
What they see of their course is what they chose, and choosing nothing hides it.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.said.feelings import (
    Named,
    choose_course,
    drop_feeling,
    name_feeling,
    write_beside,
)
from securebase.clinic.said.models import CourseNote, Feeling
from securebase.clinic.said.queries import (
    course_notes_visible_to,
    feelings_visible_to,
    view_of_course,
)
from securebase.people.audit.models import AuditEvent
from tests.clinic.conftest import LATER, World

TENSE = Named("tense", 6, ("chest",), ("safe",), "After the call.", -1, 1)


def named(world: World, *, shown: bool = False, by: str = "patient") -> Feeling:
    """Let somebody name a feeling in the patient's record."""
    return name_feeling(patient=world.patient, named=TENSE, shown=shown, by=world[by], at=LATER)


@pytest.mark.parametrize(
    ("shown", "seen_by"),
    [(False, {"patient"}), (True, {"patient", "clinician of record", "covering clinician"})],
)
def test_a_feeling_is_seen_by_whom_it_is_shown(
    world: World, shown: bool, seen_by: set[str]
) -> None:
    feeling = named(world, shown=shown)

    seen = {n for n, u in world.people.items() if feeling in feelings_visible_to(u, at=LATER)}

    assert seen == seen_by


def test_what_was_said_of_it_comes_back_as_it_was_said(world: World) -> None:
    told = Feeling.objects.get(pk=named(world).pk).told

    assert (told["word"], told["strength"], told["places"]) == ("tense", 6, ["chest"])


def test_nobody_names_the_feelings_of_another(world: World) -> None:
    with pytest.raises(PermissionDenied):
        named(world, by="clinician of record")


def test_a_feeling_taken_back_is_gone_and_its_row_says_no_word_of_it(world: World) -> None:
    drop_feeling(feeling=named(world), by=world["patient"], at=LATER)

    assert not Feeling.objects.exists()
    assert not any("tense" in str(vars(row)) for row in AuditEvent.objects.all())


@pytest.mark.parametrize(
    "given",
    [
        {"word": "blargh"},
        {"places": ("tail",)},
        {"needs": ("gold",)},
        {"strength": 11},
        {"strength": -1},
        {"pleasant": 2},
        {"note": "x" * 6001},
    ],
)
def test_what_is_not_in_the_list_or_off_the_scale_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Named(**given)


def test_not_knowing_yet_is_an_answer() -> None:
    assert Named() == Named(word="", strength=None)


def test_nothing_is_seen_of_a_course_before_it_is_chosen(world: World) -> None:
    assert view_of_course(world.patient) is None


@pytest.mark.parametrize(("measures", "shown"), [(["goals"], True), ([], False)])
def test_choosing_nothing_hides_it_all(world: World, measures: list[str], shown: bool) -> None:
    own: dict[str, Any] = {
        "patient": world.patient,
        "numbers": False,
        "by": world["patient"],
        "at": LATER,
    }
    choose_course(measures=["goals", "phq-9.total", "goals"], **own)

    view = choose_course(measures=measures, **own)

    assert (view.shown, view.measures) == (shown, measures)


@pytest.mark.parametrize("shown", [False, True])
def test_a_note_beside_the_course_is_shown_on_wish(world: World, shown: bool) -> None:
    note = write_beside(
        patient=world.patient,
        day=LATER.date(),
        words="Moved house",
        shown=shown,
        by=world["patient"],
        at=LATER,
    )

    seen = course_notes_visible_to(world["clinician of record"], at=LATER)
    assert (note in seen) is shown


@pytest.mark.parametrize("words", ["  ", "x" * 6001])
def test_a_note_has_words_that_can_be_kept(world: World, words: str) -> None:
    with pytest.raises(ValidationError):
        write_beside(
            patient=world.patient,
            day=LATER.date(),
            words=words,
            shown=False,
            by=world["patient"],
            at=LATER,
        )
    assert not CourseNote.objects.exists()
