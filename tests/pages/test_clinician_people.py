"""The people in care: finding, inviting, planning check-ins, adding past scores.

A name is found only among one's own people. A link is shown once and mailed without a
clinical word. From a file nothing is kept before it was looked at.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.episodes.models import Episode
from securebase.clinic.measurement.models import Score
from securebase.clinic.therapy.actions import note_rupture
from securebase.people.vault.keys import forget_keys
from tests.factories import NOW, a_clinician, a_patient
from tests.mailing import letters_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('x')</script>"
CLINICAL = ("therap", "patient", "clinic", "care", "Willow", "Marsh", "Ada", "health")
FINE = "at,measure,value\n2026-03-01,phq-9.total,17\n2026-03-08,phq-9.total,15\n"


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in this clinician's care."""
    return a_patient(of=clinician, at=NOW - timedelta(weeks=3))


def text_of(response: Any) -> str:
    """Return a page as one line."""
    return " ".join(response.content.decode().split())


# Finding


def test_people_are_found_by_name_among_ones_own_only(desk: Client, clinician: User) -> None:
    for name in ("Ada Moreau", "Jonas Reed"):
        a_patient(of=clinician, name=name)
    a_patient(of=a_clinician(), name="Ada Stranger")

    page = text_of(desk.get(reverse("desk_people"), {"q": "ADA"}))

    assert "Ada Moreau" in page
    assert "Jonas Reed" not in page
    assert "Stranger" not in page


def test_an_open_strain_alone_is_a_reason_to_look(desk: Client, clinician: User) -> None:
    a_patient(of=clinician, name="Ada Moreau")
    strained = a_patient(of=clinician, name="Jonas Reed")
    note_rupture(patient=strained, kind="withdrawal", note="", by=clinician, at=NOW)

    page = text_of(desk.get(reverse("desk_people"), {"show": "look"}))

    assert "Jonas Reed" in page
    assert "Look" in page
    assert "Ada Moreau" not in page


def test_nobody_in_care_and_nobody_found_are_told_apart(desk: Client, clinician: User) -> None:
    before = text_of(desk.get(reverse("desk_people")))
    a_patient(of=clinician)

    found = text_of(desk.get(reverse("desk_people"), {"q": "nobody"}))

    assert "Nobody is in your care yet" in before
    assert "Nobody by that name" in found


def test_a_name_is_shown_as_text(desk: Client, clinician: User) -> None:
    patient = a_patient(of=clinician, name=SCRIPT)

    for page in (reverse("desk_people"), reverse("desk_person", args=[patient.pk])):
        text = text_of(desk.get(page))

        assert SCRIPT not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize("people", [2, 20])
def test_a_longer_list_asks_no_more_of_the_database(
    desk: Client,
    clinician: User,
    people: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(people):
        a_patient(of=clinician)
    desk.get("/healthz")  # The first request of a sign-in writes the visit down.
    forget_keys()

    with django_assert_max_num_queries(23):
        desk.get(reverse("desk_people"))


# Inviting


INVITED = {
    "name": "Ada Moreau",
    "pronouns": "she/her",
    "email": "ada@example.org",
    "planned_sessions": "16",
    "language": "en",
}


def test_an_invitation_makes_the_record_and_shows_the_link_once(desk: Client) -> None:
    page = text_of(desk.post(reverse("desk_new"), INVITED))

    patient = Patient.objects.get()
    assert (patient.name, patient.pronouns) == ("Ada Moreau", "she/her")
    assert Episode.objects.get(patient=patient).planned_sessions == 16
    link = re.search(r'value="(http[^"]+)"', page)
    assert link is not None
    assert desk.get(link[1].split("8000")[-1]).status_code == 200
    assert link[1] not in text_of(desk.get(reverse("desk_person", args=[patient.pk])))


def test_the_mail_has_the_link_and_no_clinical_word(desk: Client) -> None:
    page = text_of(desk.post(reverse("desk_new"), INVITED))

    (sent,) = letters_sent()
    link = re.search(r'value="(http[^"]+)"', page)
    assert link is not None
    assert sent.to == ["ada@example.org"]
    assert link[1] in str(sent.body)
    words = f"{sent.subject} {sent.from_email} {str(sent.body).replace(link[1], '')}".lower()
    assert [word for word in CLINICAL if word.lower() in words] == []


def test_an_address_that_is_taken_is_refused_and_nothing_is_made(desk: Client) -> None:
    desk.post(reverse("desk_new"), INVITED)

    response = desk.post(reverse("desk_new"), INVITED | {"name": "Somebody Else"})

    assert response.status_code == 422
    assert Patient.objects.count() == 1


def test_inviting_asks_for_a_name(desk: Client) -> None:
    response = desk.post(reverse("desk_new"), INVITED | {"name": " "})

    assert response.status_code == 422
    assert not Patient.objects.exists()
    assert letters_sent() == []


# Planning check-ins


AGREED = {
    "weekdays": ["6", "2"],
    "at_time": "19:00",
    "every_weeks": "1",
    "open_hours": "48",
    "starts_on": "2026-11-23",
    "session-check-in": "1",
    "phq-9": "2",
}


def test_check_ins_are_agreed_and_told_in_words(desk: Client, patient: Patient) -> None:
    page = text_of(desk.post(reverse("desk_rhythm", args=[patient.pk]), AGREED, follow=True))

    rhythm = Rhythm.objects.get(patient=patient)
    assert (rhythm.weekdays, rhythm.at_time) == ([2, 6], time(19, 0))
    assert {one["slug"]: one["every"] for one in rhythm.instruments} == {
        "session-check-in": 1,
        "phq-9": 2,
    }
    assert "A check-in on Wednesday and Sunday, every week, at 19:00 (Europe/London)." in page
    assert "Usually 7 questions, about 1 minute." in page


def test_what_may_be_asked_says_how_long_and_whether_it_is_validated(
    desk: Client, patient: Patient
) -> None:
    page = text_of(desk.get(reverse("desk_rhythm", args=[patient.pk])))

    assert "9 questions, about 2 min, validated." in page
    assert "7 questions, about 1 min, not validated. Written for Securebase." in page


@pytest.mark.parametrize(
    "change",
    [
        {"weekdays": []},
        {"session-check-in": "", "phq-9": ""},
        {"session-check-in": "2", "phq-9": "2"},
        {"starts_on": "2026-11-01"},
        {"at_time": "late"},
    ],
)
def test_terms_that_cannot_be_kept_are_refused_with_a_reason(
    desk: Client, patient: Patient, change: dict[str, Any]
) -> None:
    response = desk.post(reverse("desk_rhythm", args=[patient.pk]), AGREED | change)

    assert response.status_code == 422
    assert not Rhythm.objects.exists()


# Past scores from a file


def look_at(desk: Client, patient: Patient, content: str | bytes) -> Any:
    """Return the page that shows what a file would add."""
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("scores.csv", raw, "text/csv")
    return desk.post(reverse("desk_history", args=[patient.pk]), {"file": file})


def looked_at(response: Any) -> str:
    """Return the signed file that a confirmation sends back."""
    found = re.search(r'name="looked_at" value="([^"]+)"', text_of(response))
    assert found is not None
    return found[1]


def test_a_file_is_shown_first_and_kept_only_once_confirmed(
    desk: Client, patient: Patient
) -> None:
    response = look_at(desk, patient, FINE)
    before = Score.objects.count()

    done = desk.post(
        reverse("desk_history", args=[patient.pk]),
        {"looked_at": looked_at(response)},
        follow=True,
    )

    assert "Add 2 scores" in text_of(response)
    assert "Depression (PHQ-9)" in text_of(response)
    assert (before, Score.objects.count()) == (0, 2)
    assert "2 past scores added." in text_of(done)
    assert "chart-drawing" in text_of(done)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "empty"),
        ("at,measure\n2026-03-01,phq-9.total\n", "value"),
        ("at,measure,value\n2026-03-01,phq-9.total,99\n", "row 2"),
        ("at,measure,value\n2026-03-01,phq-9.nothing,9\n", "row 2"),
        ("at,measure,value\nyesterday,phq-9.total,9\n", "row 2"),
        (b"at,measure,value\n\xff\xfe,phq-9.total,9\n", "UTF-8"),
        (f"at,measure,value\n2026-03-01,{SCRIPT},9\n", "row 2"),
        ("x" * 1_000_001, "1,000,000"),
    ],
)
def test_a_file_that_is_unclear_is_refused_whole_and_says_where(
    desk: Client, patient: Patient, content: str | bytes, complaint: str
) -> None:
    response = look_at(desk, patient, content)

    page = text_of(response)
    assert response.status_code == 422
    assert complaint in page
    assert SCRIPT not in page
    assert "looked_at" not in page
    assert not Score.objects.exists()


def test_a_file_may_have_a_column_for_each_measure(desk: Client, patient: Patient) -> None:
    wide = "at,phq-9.total,gad-7.total\n2026-03-01,17,12\n2026-03-08,15,\n"

    page = text_of(look_at(desk, patient, wide))
    refused = text_of(look_at(desk, patient, wide.replace("15", "high")))

    assert "Add 3 scores" in page
    assert "1 row without a value is left out." in page
    assert "row 3, column phq-9.total: &#x27;high&#x27; is not a number." in refused


def test_a_file_is_confirmed_for_the_person_it_was_looked_at_for(
    desk: Client, patient: Patient, clinician: User
) -> None:
    other = a_patient(of=clinician)
    signed = looked_at(look_at(desk, patient, FINE))

    for sent in (signed, signed[:-2] + "AA"):
        response = desk.post(reverse("desk_history", args=[other.pk]), {"looked_at": sent})

        assert response["Location"] == reverse("desk_history", args=[other.pk])
    assert not Score.objects.exists()
