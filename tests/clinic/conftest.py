"""A small practice with everybody who might ask for a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from securebase.clinic.care.actions import begin_care
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode
from securebase.people.accounts.models import RoleHeld, User
from tests import factories as make

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


@pytest.fixture
def world(db: None) -> World:
    """Everybody at a moment ten days after the patient was welcomed."""
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
    fresh = {name: User.objects.get(pk=user.pk) for name, user in people.items()}
    return World(people=fresh, patient=patient, other=other, episode=episode)
