"""The language of a record.

The clinician names it when inviting somebody, and later; the person chooses it on their
own page. From then on their pages speak it on every device, and so do their letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.said.actions import begin_draft
from securebase.people.accounts.models import MailLink
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.send_way_in import ask_for_link
from tests.factories import (
    NOW,
    a_clinician,
    the_account,
    try_the_sheet,
    with_factor,
)
from tests.mailing import letters_sent

pytestmark = pytest.mark.django_db

GERMAN, ENGLISH = 'lang="de"', 'lang="en-GB"'


@pytest.fixture(autouse=True)
def in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def speaks(client: Client, path: str = "/me/") -> str:
    """Return the beginning of a page, where it names its language."""
    return client.get(path).content.decode()[:200]


def test_a_person_chooses_and_every_page_follows(me: Client, sam: Patient) -> None:
    assert ENGLISH in speaks(me)

    said = me.post(reverse("me_language"), {"language": "de"}, follow=True).content.decode()

    sam.refresh_from_db()
    assert sam.language == "de"
    assert "Aufbewahrt." in said
    assert GERMAN in speaks(me)


def test_what_was_chosen_on_the_device_before_gives_way(me: Client) -> None:
    assert GERMAN in speaks(me, "/me/?language=de")
    assert "On this device" not in speaks(me, reverse("me_language"))

    me.post(reverse("me_language"), {"language": "en"})

    assert ENGLISH in speaks(me)


def test_a_language_nobody_speaks_here_is_refused(me: Client, sam: Patient) -> None:
    reply = me.post(reverse("me_language"), {"language": "tlh"})

    assert reply.status_code == 422
    sam.refresh_from_db()
    assert sam.language == "en"


def test_a_choice_leaves_one_row_and_the_same_choice_none(me: Client, sam: Patient) -> None:
    for _ in range(2):
        me.post(reverse("me_language"), {"language": "de"})

    rows = AuditEvent.objects.filter(verb=Verb.CARE_LANGUAGE, patient=sam.pk)
    assert [row.role for row in rows] == ["patient"]


def test_the_clinician_names_it_when_inviting_and_the_link_comes_in_it(desk: Client) -> None:
    try_the_sheet()
    who = {"name": "Mia Berg", "email": "mia@example.org", "language": "de"}

    desk.post("/desk/people/new", who)
    letters_sent(at=NOW)

    letter = mail.outbox[-1]
    assert "Hier ist der Link" in letter.body
    assert "Montag, 30. November" in letter.body


def test_the_clinician_changes_it_later_on_the_frame(
    desk: Client, me: Client, sam: Patient
) -> None:
    said = desk.post(reverse("desk_language", args=[sam.pk]), {"language": "de"}, follow=True)

    assert "speak it from now on" in said.content.decode()
    assert GERMAN in speaks(me)


def test_a_language_the_frame_does_not_know_changes_nothing(desk: Client, sam: Patient) -> None:
    said = desk.post(reverse("desk_language", args=[sam.pk]), {"language": "x"}, follow=True)

    assert "Not kept" in said.content.decode()
    sam.refresh_from_db()
    assert sam.language == "en"


def test_what_is_kept_while_writing_is_said_in_it_too(sam: Patient, me: Client) -> None:
    Patient.objects.filter(pk=sam.pk).update(language="de")
    draft = begin_draft(patient=sam, about="other", by=the_account(sam), at=NOW)
    keep = reverse("me_say_keep", args=[draft.pk])
    words = {"title": "", "words": "Ein Anfang.", "version": draft.version, "page": uuid4()}

    kept = me.post(keep, words)
    elsewhere = me.post(keep, words | {"page": uuid4(), "words": "Anders."})
    too_long = me.post(keep, words | {"title": "x" * 500})

    assert kept.content.decode().startswith("Aufbewahrt ")
    assert elsewhere.content.decode().startswith("Nicht aufbewahrt:")
    assert "longer" not in too_long.content.decode()
    assert [one.status_code for one in (kept, elsewhere, too_long)] == [200, 409, 422]


def test_another_clinician_does_not_choose_for_them(sam: Patient) -> None:
    other, browser = a_clinician("Dr Else"), Client()
    with_factor(other)
    browser.force_login(other)

    reply = browser.post(reverse("desk_language", args=[sam.pk]), {"language": "de"})

    assert reply.status_code == 404


def test_a_link_that_is_asked_for_comes_in_their_language(sam: Patient) -> None:
    Patient.objects.filter(pk=sam.pk).update(language="de")
    address = the_account(sam).email

    ask_for_link(email=address, purpose=MailLink.Purpose.CHECK_IN, at=NOW)
    letters_sent(at=NOW)

    assert "Hier ist der Link" in mail.outbox[-1].body


SAID = [
    ("me_seen", [], "Alle außer Ihnen"),
    ("me_kit_add", ["words"], "Ein Name für diese Worte"),
    ("me_feeling_not_yet", [], "Beides, oder keins davon"),
    ("me_do", ["slow-breathing"], 'data-say-stopped="Angehalten"'),
    ("own_copy", [], 'data-say-tries="Das war es nicht. Noch # Versuche."'),
    ("help_now", [], "<dt>Österreich</dt>"),
]


@pytest.mark.parametrize(("name", "args", "words"), SAID)
def test_choices_countries_and_what_scripts_say_are_in_the_language_too(
    me: Client, sam: Patient, name: str, args: list[str], words: str
) -> None:
    Patient.objects.filter(pk=sam.pk).update(language="de")

    assert words in me.get(reverse(name, args=args)).content.decode()


def test_who_has_seen_what_is_told_in_the_language_too(me: Client, sam: Patient) -> None:
    me.post(reverse("me_language"), {"language": "de"})

    page = me.get(reverse("me_seen"), {"who": "everyone"}).content.decode()

    assert "die Sprache Ihrer Seiten und E-Mails gewählt" in page
    assert "chose the language" not in page
