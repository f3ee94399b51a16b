"""A patient hears of an answer by mail, once, in words that say nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.jobs.tell_answer import tell_answers
from securebase.people.audit.models import AuditEvent, Concern
from securebase.people.audit.verbs import Verb
from securebase.stories.raise_concern import answer_concern, own_concerns, raise_concern
from tests import factories as make
from tests.factories import NOW

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
    assert [tell_answers(at=LATER), tell_answers(at=LATER)] == [1, 0]

    [letter] = mail.outbox
    said = f"{letter.subject} {letter.body}"
    assert letter.to == [make.the_account(sam).email]
    assert not any(word in said for word in ("It was me", "record", "Willow", sam.name))


def test_who_has_read_it_gets_no_mail(sam: Patient) -> None:
    own_concerns(patient=sam, by=make.the_account(sam), at=LATER)

    assert tell_answers(at=LATER) == 0


def test_who_cannot_sign_in_gets_no_mail(sam: Patient) -> None:
    account = make.the_account(sam)
    account.is_active = False
    account.save()

    assert tell_answers(at=LATER) == 0
    assert mail.outbox == []


def test_an_old_answer_is_not_written_about(sam: Patient) -> None:
    assert tell_answers(at=NOW + timedelta(days=8)) == 0


def test_mail_that_cannot_leave_is_tried_again(
    sam: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("securebase.jobs.tell_answer.send_mail", _no_way_out)
        assert tell_answers(at=LATER) == 0

    assert tell_answers(at=LATER + timedelta(hours=1)) == 1
    assert Concern.objects.count() == 1


def _no_way_out(*words: object) -> None:
    raise ConnectionRefusedError
