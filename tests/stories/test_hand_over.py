"""Handing a device over, as it is remembered.

One form, asked at once and beside the rhythm, or the check-in that waits unless it was
begun elsewhere. Only for who treats, and only where the answers can be the patient's own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.checkins.at_once import ask_at_once, hand_over_waiting
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.measurement.targets import name_target
from securebase.science.errors import BadInput
from securebase.stories import hand_over as story
from securebase.stories.hand_over import can_hand_over, forms_to_hand_over, hand_over
from securebase.stories.notice_silence import notice_silence
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    answer,
    the_account,
)

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=30))


def entries(sam: Patient, by: User) -> list[str]:
    return [one.entry for one in forms_to_hand_over(patient=sam, by=by, at=NOW)]


def test_a_form_is_asked_at_once_and_beside_the_rhythm(sam: Patient, clinician: User) -> None:
    checkin = hand_over(patient=sam, entry="phq-9", by=clinician, at=NOW)

    assert (checkin.rhythm, checkin.instruments, checkin.due_at) == (None, ["phq-9"], NOW)
    assert checkin.closes_at == NOW + timedelta(days=1)


def test_the_check_in_that_waits_comes_first_and_stays_one(
    sam: Patient, clinician: User
) -> None:
    waiting = a_checkin(sam, "gad-7", "phq-9", at=NOW)

    offered = forms_to_hand_over(patient=sam, by=clinician, at=NOW)

    assert (offered[0].entry, offered[0].questions) == ("waiting", 16)
    assert hand_over(patient=sam, entry="waiting", by=clinician, at=NOW) == waiting


def test_what_was_begun_is_for_nobody_elses_device(sam: Patient, clinician: User) -> None:
    waiting = a_checkin(sam, "gad-7", at=NOW)
    answer(waiting, {"gad-7.1": 1}, at=NOW)

    assert "waiting" not in entries(sam, clinician)
    with pytest.raises(PermissionDenied, match="begun on another device"):
        hand_over_waiting(checkin=waiting, by=clinician, at=NOW)


def test_a_form_about_one_person_is_offered_for_each_of_them(
    sam: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "words_here", lambda: {"ecr-rs": {"en": object()}})
    nobody = entries(sam, clinician)
    name_target(patient=sam, kind="mother", name="Mum", by=clinician, at=NOW)

    (offered,) = forms_to_hand_over(patient=sam, by=clinician, at=NOW)

    assert nobody == []
    assert (offered.entry, offered.name) == ("ecr-rs@k1", "ECR-RS: Mum")


def test_what_is_asked_in_a_set_is_not_offered(sam: Patient, clinician: User) -> None:
    assert "sud" not in entries(sam, clinician)


@pytest.mark.parametrize("entry", ["waiting", "ecr-r", "no-such-form"])
def test_what_is_not_offered_is_refused(sam: Patient, clinician: User, entry: str) -> None:
    with pytest.raises(BadInput, match="Choose a form from the list"):
        hand_over(patient=sam, entry=entry, by=clinician, at=NOW)


def test_only_who_treats_hands_a_device_over(sam: Patient) -> None:
    for user in (a_clinician(), the_account(sam)):
        assert not can_hand_over(user, sam, at=NOW)
        with pytest.raises(PermissionDenied):
            ask_at_once(patient=sam, entry="phq-9", by=user, at=NOW)


@pytest.mark.parametrize("account", ["none", "closed"])
def test_without_an_open_account_no_answer_could_be_theirs(
    sam: Patient, clinician: User, account: str
) -> None:
    if account == "none":
        sam.account = None
    else:
        the_account(sam).is_active = False

    with pytest.raises(PermissionDenied, match="paper form"):
        hand_over(patient=sam, entry="phq-9", by=clinician, at=NOW)


def test_a_form_that_was_never_answered_is_no_silence(sam: Patient, clinician: User) -> None:
    open_episode(patient=sam, by=clinician, at=NOW)
    for days in range(4):
        hand_over(patient=sam, entry="phq-9", by=clinician, at=NOW + timedelta(days=days))

    assert notice_silence(at=NOW + timedelta(days=9)) == []
