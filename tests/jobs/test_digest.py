"""The letter of a morning: for whoever wished for it, if something waits, without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.wishing import choose_wishes
from securebase.jobs.digest import enter_digests, write_digest
from securebase.people.accounts.models import User
from securebase.people.post.models import Letter
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = make.a_patient(of=clinician, name="Samuel Reedling")
    sent = make.a_checkin(patient, "phq-9", at=NOW)
    make.send(sent, {"phq-9.9": 2}, at=NOW)
    return patient


def wish(clinician: User) -> None:
    choose_wishes(patterns=True, digest=True, by=clinician, at=NOW)


def test_whoever_did_not_wish_gets_none(patient: Patient) -> None:
    enter_digests(at=NOW)

    assert not Letter.objects.filter(kind="digest").exists()


def test_one_comes_each_day_and_says_no_name(patient: Patient, clinician: User) -> None:
    wish(clinician)
    enter_digests(at=NOW)
    enter_digests(at=NOW + timedelta(minutes=5))

    letter = Letter.objects.get(kind="digest")
    written = write_digest(letter, NOW)
    assert written is not None
    assert written.words.count("/desk/") == 1
    for hidden in ("Sam", "Reed", "safety", "signal", "patient"):
        assert hidden not in written.words + written.subject


def test_with_nothing_waiting_none_is_entered_or_sent(
    patient: Patient, clinician: User
) -> None:
    wish(clinician)
    enter_digests(at=NOW)
    Signal.objects.update(state=Signal.State.CLOSED)

    assert write_digest(Letter.objects.get(kind="digest"), NOW) is None
    enter_digests(at=NOW + timedelta(days=1))
    assert Letter.objects.filter(kind="digest").count() == 1


def test_a_wish_taken_back_stops_what_is_on_its_way(patient: Patient, clinician: User) -> None:
    wish(clinician)
    enter_digests(at=NOW)
    choose_wishes(patterns=True, digest=False, by=clinician, at=NOW)

    assert write_digest(Letter.objects.get(kind="digest"), NOW) is None
