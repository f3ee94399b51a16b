"""Entering a paper form.

Chosen, typed, looked at once more, and only then kept. Wrong answers are said beside
their question; nothing typed is lost on the way there and back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.targets import name_target
from securebase.pages.clinician.entry_form import options_of
from securebase.science.library import instrument
from tests.factories import NOW, TODAY, a_clinician, a_patient
from tests.pages.signed import signed_in
from tests.pages.test_clinician import at_nine, shows

if TYPE_CHECKING:
    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

__all__ = ["at_nine"]

pytestmark = pytest.mark.django_db

KEY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=30))


def address(sam: Patient, slug: str = "phq-9") -> str:
    return reverse("desk_entry", args=[sam.pk, slug])


def typed(do: str = "look", **given: Any) -> dict[str, Any]:
    """Return what the form sends: ones everywhere, and what is given here instead."""
    answers = {f"item-{n}": "1" for n in range(1, 10)}
    fixed = {"key": KEY, "filled_on": f"{TODAY:%Y-%m-%d}", "do": do}
    return answers | fixed | {name.replace("item_", "item-"): v for name, v in given.items()}


def late(days: int) -> dict[str, str]:
    return {"filled_on": f"{TODAY - timedelta(days=days):%Y-%m-%d}"}


def test_the_person_page_leads_there(desk: Client, sam: Patient) -> None:
    choosing = reverse("desk_entry_choose", args=[sam.pk])

    assert shows(desk.get(reverse("desk_person", args=[sam.pk])), choosing)
    assert shows(desk.get(choosing), address(sam), "No paper form is in this record yet.")


def test_a_form_with_wording_shows_its_questions(desk: Client, sam: Patient) -> None:
    page = desk.get(address(sam))

    assert shows(page, "Little interest or pleasure", 'data-key="3"', "0 Not at all")


def test_a_form_without_wording_shows_its_numbers(desk: Client, sam: Patient) -> None:
    page = desk.get(address(sam, "ecr-r"))

    assert shows(page, "The numbers are those on your paper", 'name="item-36"')


def test_every_answer_has_a_key_and_no_two_share_one() -> None:
    for slug in ("phq-9", "k10", "ecr-r", "des-ii", "felt-security", "ace", "arousal"):
        for item in instrument(slug).items:
            keys = [option.key for option in options_of(item, None)]
            assert len(keys) == len(set(keys)), slug


def test_a_scale_by_ten_has_its_highest_answer_on_t() -> None:
    keys = {o.value: o.key for o in options_of(instrument("des-ii").items[0], None)}

    assert (keys[0], keys[90], keys[100]) == ("0", "9", "t")


def test_nothing_is_kept_before_it_was_looked_at(desk: Client, sam: Patient) -> None:
    page = desk.post(address(sam), typed(item_3="skip", item_4=""))
    less = desk.post(address(sam), typed(item_3="skip", item_4="", item_5=""))

    assert shows(page, "Not answered: 3, 4", "9 (0 to 27), mild, one or more", "Keep it")
    assert shows(less, "too few answers to score")
    assert not Response.objects.exists()


def test_once_kept_its_scores_are_shown(desk: Client, sam: Patient) -> None:
    page = desk.post(address(sam), typed("keep", item_9="0"), follow=True)

    assert shows(page, "PHQ-9 kept.", "8 (0 to 27), mild", "Entered from paper")
    assert shows(page, "Asked about: the last 2 weeks. Version 1.")
    assert Response.objects.count() == 1


def test_keeping_twice_keeps_one(desk: Client, sam: Patient) -> None:
    desk.post(address(sam), typed("keep"))
    again = desk.post(address(sam), typed("keep"), follow=True)

    assert shows(again, "PHQ-9 kept.")
    assert Response.objects.count() == 1


def test_keeping_other_answers_under_the_same_form_is_said(desk: Client, sam: Patient) -> None:
    desk.post(address(sam), typed("keep"))

    other = desk.post(address(sam), typed("keep", item_1="2"))

    assert other.status_code == 422
    assert "kept already, with other answers" in other.content.decode()


def test_changing_something_gives_back_what_was_typed(desk: Client, sam: Patient) -> None:
    page = desk.post(address(sam), typed("change", item_2="skip"))

    html = " ".join(page.content.decode().split())
    assert page.status_code == 200
    assert html.count("checked") == 9
    assert 'name="item-2" value="skip" data-key="n" checked' in html


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"item_1": "7"}, "7 is no answer here: give a whole number from 0 to 3"),
        ({"filled_on": "2026-12-24"}, "Look at the date once more"),
        ({"filled_on": "yesterday"}, "Enter a valid date"),
        ({f"item_{n}": "" for n in range(1, 10)}, "at least one answer"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    desk: Client, sam: Patient, given: dict[str, str], words: str
) -> None:
    page = desk.post(address(sam), typed(**given))

    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_late_paper_is_marked_and_an_old_one_says_what_it_cannot(
    desk: Client, sam: Patient
) -> None:
    soon = desk.post(address(sam), typed(**late(5)))
    old = desk.post(address(sam), typed("keep", **late(60)), follow=True)
    look = desk.post(address(sam), typed(**late(60)))

    assert shows(soon, "entered 5 days later")
    assert shows(look, "Too old to say anything about today")
    assert shows(old, "Entered 60 days after it was filled in.")


def test_a_marked_safety_question_is_said_before_and_after(desk: Client, sam: Patient) -> None:
    look = desk.post(address(sam), typed(item_9="1"))
    kept = desk.post(address(sam), typed("keep", item_9="1"), follow=True)

    assert shows(look, "A safety question is marked", "top of Today")
    assert shows(kept, "A safety question was marked")


def test_a_second_form_of_the_same_day_is_pointed_out(desk: Client, sam: Patient) -> None:
    desk.post(address(sam), typed("keep"))

    again = desk.post(address(sam), typed(key="00000000-0000-4000-8000-000000000002"))

    assert shows(again, "The record holds a form of this kind from that day")


def test_a_form_about_one_person_asks_who(desk: Client, sam: Patient, clinician: User) -> None:
    nobody = desk.get(address(sam, "ecr-rs"))
    name_target(patient=sam, kind="mother", name="Mum", by=clinician, at=NOW)

    unsaid = desk.post(address(sam, "ecr-rs"), typed())
    said = desk.post(address(sam, "ecr-rs"), typed("keep", target="k1"), follow=True)

    assert shows(nobody, "Nobody is named yet")
    assert unsaid.status_code == 422
    assert shows(said, "about Mum")


def test_words_on_the_paper_are_typed_too(desk: Client, sam: Patient) -> None:
    sent = {
        "key": KEY,
        "filled_on": f"{TODAY:%Y-%m-%d}",
        "item-safe": "6",
        "item-matters": "The window.",
    }

    look = desk.post(address(sam, "session-check-in"), sent | {"do": "look"})

    assert shows(look, "The window.")


def test_the_timeline_tells_of_it_on_its_own_day(desk: Client, sam: Patient) -> None:
    desk.post(address(sam), typed("keep", **late(5)))

    page = desk.get(reverse("desk_person", args=[sam.pk]))

    assert shows(page, "Paper form: PHQ-9", "Entered Monday 23 November")
    assert shows(page, reverse("desk_response", args=[Response.objects.get().pk]))


def test_what_was_entered_lately_can_be_found_again(desk: Client, sam: Patient) -> None:
    desk.post(address(sam), typed("keep", **late(5)))

    page = desk.get(reverse("desk_entry_choose", args=[sam.pk]))

    assert shows(page, reverse("desk_response", args=[Response.objects.get().pk]))


@pytest.mark.parametrize("slug", ["sud", "no-such-form"])
def test_what_cannot_be_entered_is_not_there(desk: Client, sam: Patient, slug: str) -> None:
    assert desk.get(address(sam, slug)).status_code == 404


def test_another_clinician_finds_nothing(client: Client, sam: Patient, desk: Client) -> None:
    desk.post(address(sam), typed("keep"))
    response = Response.objects.get()
    signed_in(a_clinician(), client)

    assert client.get(address(sam)).status_code == 404
    assert client.get(reverse("desk_response", args=[response.pk])).status_code == 404
