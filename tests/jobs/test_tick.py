"""A turn of the clock.

Check-ins that are due are opened and people told, once, in words that give nothing away;
what nobody answered is closed. Turning the clock twice is turning it once.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.actions import plan_rhythm
from securebase.clinic.checkins.clock import open_due
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.actions import open_episode
from securebase.jobs import remind
from securebase.jobs.models import Heartbeat
from securebase.jobs.tick import Turn, tick
from securebase.people.accounts.models import User
from securebase.people.post.models import Letter
from tests import factories as make

EVENING = make.NOW + timedelta(hours=10)
GIVEAWAYS = ["check", "therap", "clinic", "patient", "willow", "marsh", "question", "score"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    """Return a patient who can sign in and agreed to Mondays at 19:00."""
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    account = make.the_account(patient)
    account.set_password("four quiet herons stand")
    account.save()
    open_episode(patient=patient, by=clinician, at=make.NOW)
    plan_rhythm(patient=patient, terms=make.terms(), by=clinician, at=make.NOW)
    return patient


def test_what_is_due_is_opened_and_the_person_told(patient: Patient) -> None:
    turn = tick(at=EVENING)

    assert turn == Turn(opened=1, signals=0, letters=1)
    (letter,) = mail.outbox
    assert letter.to == [make.the_account(patient).email]
    assert Heartbeat.objects.get().at == EVENING


def test_the_letter_gives_nothing_away(patient: Patient) -> None:
    tick(at=EVENING)

    words = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()

    assert [giveaway for giveaway in GIVEAWAYS if giveaway in words] == []


def test_turning_the_clock_twice_is_turning_it_once(patient: Patient) -> None:
    tick(at=EVENING)

    assert tick(at=EVENING) == Turn(opened=0, signals=0, letters=0)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("reason", ["sent already", "closed account", "no password yet"])
def test_nobody_is_reminded_who_need_not_be(patient: Patient, reason: str) -> None:
    if reason == "sent already":
        (checkin,) = open_due(at=EVENING)
        make.send(checkin, {}, at=EVENING)
        remind.enter_reminders([checkin])
    elif reason == "closed account":
        User.objects.filter(patient=patient).update(is_active=False)
    else:
        account = make.the_account(patient)
        account.set_unusable_password()
        account.save()

    tick(at=EVENING)

    assert mail.outbox == []
    assert Letter.objects.get().state == Letter.State.WITHDRAWN


def test_a_crash_while_opening_forgets_no_reminder(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(checkins: object) -> None:
        raise MemoryError

    with monkeypatch.context() as today:
        today.setattr("securebase.jobs.tick.enter_reminders", crash)
        with pytest.raises(MemoryError):
            tick(at=EVENING)

    assert not CheckIn.objects.exists()
    assert tick(at=EVENING) == Turn(opened=1, signals=0, letters=1)


def test_silence_is_noticed_by_the_clock(patient: Patient) -> None:
    turns = [tick(at=EVENING + timedelta(weeks=week, days=3)) for week in range(2)]

    assert [turn.signals for turn in turns] == [0, 1]
