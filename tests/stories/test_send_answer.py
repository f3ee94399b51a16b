"""A patient hears of an answer by mail, once, in words that say nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.raise_concern import answer_concern, own_concerns, raise_concern
from tests import factories as make
from tests.factories import NOW
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sam() -> Patient:
    """Return a patient whose question was answered."""
    make.a_practice()
    jo = make.a_clinician()
    sam = make.a_patient(of=jo)
    account = make.the_account(sam)
    account.set_password("a long enough passphrase")
    account.save()
    note_read(patient=sam, by=jo, at=NOW)
    event = AuditEvent.objects.get(verb=Verb.RECORD_READ)
    asked = raise_concern(patient=sam, event=event, words="", by=account, at=NOW)
    answer_concern(concern=asked, words="It was me.", by=jo, at=NOW)
    return sam


def test_one_mail_goes_out_in_neutral_words(sam: Patient) -> None:
    letters_sent(at=LATER)

    [letter] = letters_sent(at=LATER + timedelta(minutes=1))
    said = f"{letter.subject} {letter.body}"
    assert letter.to == [make.the_account(sam).email]
    assert not any(word in said for word in ("It was me", "record", "Willow", sam.name))


def test_who_has_read_it_gets_no_mail(sam: Patient) -> None:
    own_concerns(patient=sam, by=make.the_account(sam), at=LATER)

    assert letters_sent(at=LATER) == []


def test_who_cannot_sign_in_gets_no_mail(sam: Patient) -> None:
    account = make.the_account(sam)
    account.is_active = False
    account.save()

    assert letters_sent(at=LATER) == []


def test_an_old_answer_is_not_written_about(sam: Patient) -> None:
    assert letters_sent(at=NOW + timedelta(days=8)) == []


def test_it_waits_for_the_morning(sam: Patient) -> None:
    night = NOW.replace(hour=23)

    assert letters_sent(at=night) == []
    assert letters_sent(at=night + timedelta(hours=8, minutes=59)) == []
    assert len(letters_sent(at=night + timedelta(hours=9))) == 1
