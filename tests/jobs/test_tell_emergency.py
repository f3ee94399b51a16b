"""Telling of an emergency access.

The clinician of record gets one letter, at the next turn of the clock, in words that give
nothing away.
"""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail

from securebase.clinic.care.emergency import Ground, begin_emergency, review_emergency
from securebase.clinic.care.models import Emergency
from securebase.jobs import tell_emergency
from securebase.jobs.lease import LEASE
from securebase.jobs.tick import tick
from tests import factories as make
from tests.jobs.test_tick import GIVEAWAYS

SOON = make.NOW + timedelta(seconds=30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened() -> Emergency:
    """Return an access of Kit's to the record of Sam, whom Jo treats."""
    make.a_practice()
    patient = make.a_patient(of=make.a_clinician("Dr Jo Marsh"))
    ground = Ground("danger", "Rang and said goodbye; Dr Marsh cannot be reached.")
    kit = make.a_clinician("Dr Kit Lowe")
    return begin_emergency(patient=patient, ground=ground, by=kit, at=make.NOW)[0]


def test_the_clinician_of_record_is_told_once(opened: Emergency) -> None:
    tick(at=SOON)
    tick(at=SOON + timedelta(minutes=1))

    (letter,) = mail.outbox
    assert letter.to == [opened.patient.bonds.get().clinician.email]


def test_the_letter_gives_nothing_away(opened: Emergency) -> None:
    tick(at=SOON)

    words = f"{mail.outbox[0].subject} {mail.outbox[0].body}".lower()
    giveaways = [*GIVEAWAYS, "emergency", "record", "lowe", "sam"]
    assert [word for word in giveaways if word in words] == []


def test_nothing_is_sent_about_what_was_reviewed_already(opened: Emergency) -> None:
    by = opened.patient.bonds.get().clinician
    review_emergency(emergency=opened, outcome="needed", by=by, at=SOON)

    tick(at=SOON)

    assert mail.outbox == []


def test_a_letter_that_cannot_leave_is_tried_again(
    opened: Emergency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise SMTPException("no way out")

    with monkeypatch.context() as broken:
        broken.setattr(tell_emergency, "send_mail", fails)
        tick(at=SOON)
    assert mail.outbox == []

    tick(at=SOON + LEASE)
    assert len(mail.outbox) == 1
