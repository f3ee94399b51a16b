"""Attaching words.

Most instruments come without their words: they belong to somebody. A practice that may use
a copy pastes it or gives a file, looks at it as the patient will, and says on its own word
that it may. From then on the instrument can be planned; withdrawn, it is shown to nobody.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from securebase.clinic.checkins.questions import questions_of
from securebase.clinic.measurement.models import AttachedWording
from securebase.science.errors import BadInput
from securebase.science.library import instrument
from tests.factories import (
    NOW,
    a_checkin,
    a_patient,
    send,
    the_account,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

LINES = "\n".join(f"{n}. Invented question {n}" for n in range(1, 4))
LABELS = "1 = rarely\n2 = sometimes\n3 = often"
PAGE = "/desk/library/ucla-3/wording"
FILE = """
language = "en"
title = "Invented"
instruction = "How often?"
content_note = "Invented note."
[items]
1 = "First invented"
2 = "Second invented"
3 = "Third invented"
[answers.often]
1 = "rarely"
2 = "sometimes"
3 = "often"
"""
PACK = """
title = "Invented loneliness"
instrument = "ucla-3"
licence = "Invented licence 1.0"
credit = "Words by nobody."
source = "Made for a test."
"""


def given(**more: Any) -> dict[str, Any]:
    """Return what is filled in to attach three questions."""
    said = {
        "language": "en",
        "instruction": "How often do you feel this way?",
        "questions": LINES,
        "labels": LABELS,
        "source": "A letter of the authors",
        "declared": "on",
        "do": "attach",
    }
    return said | more


def attached() -> list[AttachedWording]:
    """Return what is attached and not withdrawn."""
    return list(AttachedWording.objects.filter(withdrawn_at=None))


def test_pasted_words_are_attached_with_who_declared_it(desk: Client, clinician: User) -> None:
    response = desk.post(PAGE, given())

    (row,) = attached()
    assert response.status_code == 302
    assert row.text["items"]["2"] == "Invented question 2"
    assert row.text["answers"] == {"often": {"1": "rarely", "2": "sometimes", "3": "often"}}
    assert (row.attached_by, row.source) == (clinician, "A letter of the authors")
    assert "I declare" in row.declaration


def test_nothing_is_attached_without_the_declaration(desk: Client) -> None:
    response = desk.post(PAGE, given(declared=""))

    assert response.status_code == 422
    assert attached() == []


def test_looking_first_keeps_nothing_and_shows_it_as_the_patient_will_see_it(
    desk: Client,
) -> None:
    response = desk.post(PAGE, given(do="look", declared=""))

    assert attached() == []
    assert response.content.count(b'class="question"') == 3
    assert b"Invented question 3" in response.content


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"questions": "One\nTwo"}, "has 3 questions and 2 lines"),
        ({"questions": "2. B\n1. A\n3. C"}, "Line 1 begins with 2"),
        ({"questions": "x" * 1001 + "\nTwo\nThree"}, "Line 1 has 1001 characters"),
        ({"labels": "1 = rarely\n2 = sometimes"}, "no answer label for [3]"),
        ({"labels": "rarely"}, "is no answer label"),
        ({"language": "English"}, "language code"),
        ({"source": ""}, "required"),
    ],
)
def test_words_that_do_not_fit_are_refused_with_the_reason(
    desk: Client, wrong: dict[str, str], says: str
) -> None:
    response = desk.post(PAGE, given(**wrong))

    assert response.status_code == 422
    assert says.encode() in response.content
    assert attached() == []


def test_a_file_is_read_looked_at_and_then_attached_whole(desk: Client) -> None:
    file = SimpleUploadedFile("en.toml", FILE.encode())
    blank = {"instruction": "", "questions": "", "labels": ""}
    looked = desk.post(PAGE, given(do="look", file=file, **blank))

    desk.post(PAGE, given(kept=looked.context["form"]["kept"].value(), **blank))

    (row,) = attached()
    assert row.text["content_note"] == "Invented note."


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"not toml", b'language = "en"'])
def test_a_file_that_is_no_wording_is_refused(desk: Client, raw: bytes) -> None:
    response = desk.post(PAGE, given(file=SimpleUploadedFile("en.toml", raw)))

    assert response.status_code == 422
    assert attached() == []


def test_from_then_on_it_can_be_planned_and_is_asked_in_these_words(
    desk: Client, clinician: User
) -> None:
    desk.post(PAGE, given())
    checkin = a_checkin(a_patient(of=clinician), "ucla-3")

    assert questions_of(checkin)[0].text == "Invented question 1"
    assert b"Choose a person" in desk.get("/desk/library/ucla-3/").content


def test_a_second_wording_in_a_language_takes_the_place_of_the_first(desk: Client) -> None:
    desk.post(PAGE, given())

    desk.post(PAGE, given(source="A newer letter"))

    assert [row.source for row in attached()] == ["A newer letter"]
    assert AttachedWording.objects.count() == 2


def test_boxes_under_one_question_come_as_a_file_and_not_as_lines(desk: Client) -> None:
    page = desk.post("/desk/library/lec-5/wording", given(language="fr"))

    assert page.status_code == 422
    assert "several boxes under one question" in page.content.decode()


def test_what_the_library_shows_is_not_attached_over(desk: Client) -> None:
    lines = "\n".join(f"Q{item.id}" for item in instrument("gad-7").items)
    labels = "0 = a\n1 = b\n2 = c\n3 = d"

    response = desk.post("/desk/library/gad-7/wording", given(questions=lines, labels=labels))

    assert "is shown in this language already" in str(response.context["form"].errors)
    assert attached() == []


def test_withdrawn_words_are_asked_no_more_and_answers_stay_readable(
    desk: Client, clinician: User
) -> None:
    desk.post(PAGE, given())
    patient = a_patient(of=clinician)
    checkin = a_checkin(patient, "phq-9", "ucla-3")
    send(checkin, {"ucla-3.1": 2}, at=NOW)
    (row,) = attached()

    desk.post(PAGE, {"do": "withdraw", "which": str(row.pk)})

    said = desk.get(reverse("desk_checkin", args=[checkin.pk])).content.decode()
    assert attached() == []
    assert "Invented question" not in said
    assert "Question 1" in said
    assert [q.instrument for q in questions_of(checkin)] == ["phq-9"] * 9


def test_words_for_another_version_wait_to_be_looked_at_again(
    desk: Client, clinician: User
) -> None:
    desk.post(PAGE, given())
    AttachedWording.objects.update(version="0")

    with pytest.raises(BadInput, match="no wording"):
        a_checkin(a_patient(of=clinician), "ucla-3")
    assert "Not shown: attached to version 0" in desk.get(PAGE).content.decode()
    assert "Needs the practice" in desk.get("/desk/library/ucla-3/").content.decode()


def test_a_patient_finds_no_such_page(client: Client, clinician: User) -> None:
    patient = a_patient(of=clinician)
    assert patient.account is not None
    client.force_login(patient.account)

    assert client.get(PAGE).status_code == 404


# Packs: verbatim words under their own licence, off until they are switched on


@pytest.fixture
def pack(tmp_path: Path, settings: Settings) -> Path:
    """Put a pack of our own invented words beside the data."""
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "packs" / "invented"
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(PACK)
    (folder / "LICENCE.txt").write_text("Do what you like with these words.")
    (folder / "en.toml").write_text(FILE)
    return folder


def test_a_pack_is_off_until_it_is_switched_on(desk: Client, pack: Path) -> None:
    said = desk.get(PAGE).content.decode()

    assert "Invented loneliness" in said
    assert "Do what you like with these words." in said
    assert attached() == []


def test_switched_on_it_is_attached_as_a_pack(desk: Client, pack: Path) -> None:
    desk.post(PAGE, {"do": "switch on", "pack": "invented", "accepted": "yes"})

    (row,) = attached()
    assert (row.origin, row.source) == ("pack", "Made for a test.")
    assert "Invented licence 1.0" in row.declaration


def test_a_licence_that_was_not_accepted_switches_nothing_on(desk: Client, pack: Path) -> None:
    desk.post(PAGE, {"do": "switch on", "pack": "invented"})

    assert attached() == []


def test_a_pack_without_a_licence_is_not_offered(desk: Client, pack: Path) -> None:
    (pack / "LICENCE.txt").write_text("  ")

    assert "Invented loneliness" not in desk.get(PAGE).content.decode()


CORE = "/desk/library/core-10/wording"


def test_a_pack_of_the_program_is_off_until_it_is_switched_on(desk: Client) -> None:
    said = desk.get(CORE).content.decode()

    assert "CORE-10, in English" in said
    assert "CC BY-NC-ND 4.0" in said
    assert attached() == []


def test_the_library_says_that_a_pack_is_here_and_off(desk: Client) -> None:
    every, one = (
        desk.get(f"/desk/library/{place}").content.decode()
        for place in ("?q=core-10", "core-10/")
    )

    assert "Off, pack here" in every
    assert "English in its pack" in every
    assert "Off until its pack is switched on" in one
    assert "Read its licence and switch it on" in one


def test_switched_on_the_library_says_so(desk: Client) -> None:
    desk.post(CORE, {"do": "switch on", "pack": "core-10", "accepted": "yes"})

    assert "Shown, attached here" in desk.get("/desk/library/core-10/").content.decode()


def test_its_copyright_line_stands_where_the_patient_begins(
    desk: Client, clinician: User
) -> None:
    desk.post(CORE, {"do": "switch on", "pack": "core-10", "accepted": "yes"})
    patient = a_patient(of=clinician)
    checkin = a_checkin(patient, "core-10")

    with time_machine.travel(NOW, tick=False):
        desk.force_login(the_account(patient))
        first, second = (
            desk.get(reverse("me_question", args=[checkin.pk, number])) for number in (1, 2)
        )

    assert "I have felt tense, anxious or nervous" in first.content.decode()
    assert "© CORE System Trust" in first.content.decode()
    assert "© CORE System Trust" not in second.content.decode()
