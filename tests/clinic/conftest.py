"""A small practice with everybody who might ask for a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode
from securebase.people.accounts.models import RoleHeld, User
from tests import factories as make
from tests.standing import standing

LATER = make.NOW + timedelta(days=10)
MUCH_LATER = LATER + timedelta(days=20)


@dataclass(frozen=True)
class World:
    """One patient, and all who are or are not allowed near the record."""

    people: dict[str, User]
    patient: Patient
    other: Patient
    episode: Episode

    def __getitem__(self, name: str) -> User:
        return self.people[name]


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing(django_db_blocker, a_world) as made:
        yield made


@pytest.fixture
def world(_made: World, db: None) -> World:
    """Return everybody as the database has them, for one test alone."""
    return World(
        people={name: User.objects.get(pk=user.pk) for name, user in _made.people.items()},
        patient=Patient.objects.get(pk=_made.patient.pk),
        other=Patient.objects.get(pk=_made.other.pk),
        episode=Episode.objects.get(pk=_made.episode.pk),
    )


def a_world() -> World:
    """Return everybody at a moment ten days after the patient was welcomed."""
    make.a_practice()
    clinician, stranger, former = (make.a_clinician() for _ in range(3))
    coming, covering, left = (make.a_clinician() for _ in range(3))
    patient, other = make.a_patient(of=clinician), make.a_patient(of=stranger)
    for one, part_until in ((covering, MUCH_LATER), (left, MUCH_LATER), (former, LATER)):
        begin_care(patient=patient, clinician=one, by=clinician, at=make.NOW, until=part_until)
    begin_care(patient=patient, clinician=coming, by=clinician, at=make.NOW, until=MUCH_LATER)
    Care.objects.filter(clinician=coming).update(since=LATER + timedelta(days=1))
    RoleHeld.objects.filter(user=left).update(until=make.NOW)
    people = {
        "clinician of record": clinician,
        "covering clinician": covering,
        "clinician of somebody else": stranger,
        "clinician whose bond ended": former,
        "clinician whose bond begins tomorrow": coming,
        "clinician who left the practice": left,
        "patient": make.the_account(patient),
        "another patient": make.the_account(other),
        "host": make.a_host(),
        "somebody without a role": make.an_account(),
    }
    episode = open_episode(patient=patient, by=clinician, at=make.NOW, planned_sessions=16)
    return World(people=people, patient=patient, other=other, episode=episode)
