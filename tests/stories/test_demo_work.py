"""What the demo shows of the work at the desk.

Notes, promises, goals, a strain whose repair is under way and a plan for a break, each
written by the action a real person would use; so that no page of the desk is empty.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.bridge.models import BridgePlan
from securebase.clinic.formulation.models import Formulation, Goal
from securebase.clinic.guidance.models import ReadinessView
from securebase.clinic.guidance.talks import AgendaMark
from securebase.clinic.notes.models import Addendum, Note, ProcessNote, Promise
from securebase.clinic.practice.models import Doing
from securebase.clinic.therapy.actions import close_session, plan_session
from securebase.clinic.therapy.hour import AgendaItem, SkillTaught
from securebase.clinic.therapy.models import Rupture
from securebase.stories.demo.play import Person
from securebase.stories.demo.work import write_work
from tests.factories import NOW, a_clinician, a_patient, a_practice, the_account

pytestmark = pytest.mark.django_db

A_WEEK = timedelta(days=7)


def _people() -> list[Person]:
    """Return seven people in care for most of a year, with two sessions held each."""
    a_practice()
    clinician = a_clinician()
    patients = [a_patient(of=clinician, at=NOW - 40 * A_WEEK) for _ in range(7)]
    for patient in patients:
        for weeks in (2, 1):
            starts = NOW - weeks * A_WEEK
            session = plan_session(
                patient=patient, clinician=clinician, starts_at=starts, by=clinician, at=starts
            )
            close_session(session=session, state="held", by=clinician, at=starts + A_WEEK / 9)
    people = [Person(patient, the_account(patient)) for patient in patients]
    write_work(people, clinician=clinician, at=NOW)
    return people


def test_everybody_has_a_signed_note_and_the_first_has_one_that_was_added_to() -> None:
    people = _people()

    noted = {note.patient_id for note in Note.objects.all()}
    assert noted == {person.patient.pk for person in people}
    assert Addendum.objects.get().patient_id == people[0].patient.pk


def test_nothing_of_the_desk_is_left_empty() -> None:
    _people()

    for kind in (ProcessNote, Goal, ReadinessView, AgendaMark, Doing, AgendaItem, SkillTaught):
        assert kind.objects.exists(), kind.__name__
    assert all(one.is_shared for one in Formulation.objects.all())
    assert Formulation.objects.exists()
    assert BridgePlan.objects.get().kind == "break"


def test_some_promises_are_kept_and_some_wait() -> None:
    _people()

    assert Promise.objects.filter(kept_at__isnull=False).exists()
    assert Promise.objects.filter(kept_at__isnull=True, due_at__lt=NOW).exists()


def test_a_repair_is_under_way_and_not_over() -> None:
    _people()

    rupture = Rupture.objects.get()
    assert rupture.is_open
    assert rupture.spoken_at is not None
    assert rupture.entries.count() == 4
