"""What is kept about somebody, as they read it.

The page says what is locked and what is not, what the person who keeps the machine could
do, and for how long all of it stays; in plain words, and true.
"""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from securebase.people.vault.fields import SealedText
from securebase.stories.holds import record_term
from tests import factories as make
from tests.pages.test_patient_words import UNSAID, words
from tests.reading import grade, sentences

pytestmark = pytest.mark.django_db

LOCKED = {
    "care.Patient": "name",
    "said.Message": "words",
    "safety.SafetyPlan": "content",
    "notes.Note": "text",
    "consent.Supporter": "name",
    "measurement.Target": "name",
    "accounts.User": "name",
}
"""Of each thing that the page calls locked, one column that has to be sealed."""
NOT_LOCKED = {
    "accounts.User": "email",
    "measurement.Response": "answers",
    "audit.AuditEvent": "at",
}


@pytest.fixture
def me(client: Client) -> Client:
    """Return the browser of a patient."""
    make.a_practice()
    client.force_login(make.the_account(make.a_patient(of=make.a_clinician())))
    return client


def test_the_record_leads_to_it(me: Client) -> None:
    assert reverse("me_held") in me.get(reverse("me_record")).content.decode()


@pytest.mark.parametrize(("label", "column"), LOCKED.items())
def test_what_it_calls_locked_is_sealed(label: str, column: str) -> None:
    assert isinstance(apps.get_model(label)._meta.get_field(column), SealedText)


@pytest.mark.parametrize(("label", "column"), NOT_LOCKED.items())
def test_what_it_calls_not_locked_is_not(label: str, column: str) -> None:
    assert not isinstance(apps.get_model(label)._meta.get_field(column), SealedText)


def test_it_says_what_the_person_with_the_machine_could_do(me: Client) -> None:
    said = words(me.get(reverse("me_held")).content.decode())

    assert "could get at all of it" in said
    assert f"{record_term().years} years after the last contact" in said


def test_it_reads_easily(me: Client) -> None:
    said = words(me.get(reverse("me_held")).content.decode())

    assert grade(said) <= 6
    assert [" ".join(s) for s in sentences(said) if len(s) > 20] == []
    assert [w for w in UNSAID if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)] == []
