"""The library: what there is to ask, and what may be shown of it.

An instrument is found by its name or by what it measures. Its page says what its scores
mean and on whose word, which of that nobody here has checked, and shows the wording only
where the licence lets us.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from securebase.pages.clinician import library_facts as facts
from securebase.science.library import instruments, not_shipped
from securebase.science.words import Shelf
from tests.factories import a_patient, the_account

if TYPE_CHECKING:
    from django.test import Client

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

EVERY = sorted(instruments())
SHOWN = [slug for slug in EVERY if facts.previews(instruments()[slug])]
WITHOUT_TEXT = [slug for slug in EVERY if not instruments()[slug].wordings]


def text_of(response: Any) -> str:
    """Return the words of a page as one line."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(words).split())


def found(response: Any) -> list[str]:
    """Return the slugs of the instruments a list shows."""
    return [entry.instrument.slug for entry in response.context["entries"]]


def page_of(desk: Client, slug: str) -> str:
    """Return the words of one instrument's page."""
    response = desk.get(reverse("desk_instrument", args=[slug]))
    assert response.status_code == 200
    return text_of(response)


# The list


def test_the_list_has_every_instrument_once(desk: Client) -> None:
    assert sorted(found(desk.get(reverse("desk_library")))) == EVERY


@pytest.mark.parametrize("words", ["PHQ-9", "phq9", " phq "])
def test_an_instrument_is_found_by_its_name(desk: Client, words: str) -> None:
    assert found(desk.get(reverse("desk_library"), {"q": words})) == ["phq-9"]


def test_an_instrument_is_found_by_what_it_measures(desk: Client) -> None:
    response = desk.get(reverse("desk_library"), {"q": "lonel"})

    assert found(response) == ["ucla-3"]


def test_every_word_asked_for_must_be_there(desk: Client) -> None:
    response = desk.get(reverse("desk_library"), {"q": "attachment short"})

    assert found(response) == ["ecr-s"]


def test_what_is_asked_for_and_not_here_is_named_with_the_reason(desk: Client) -> None:
    response = desk.get(reverse("desk_library"), {"q": "PRAPARE"})

    assert found(response) == []
    assert not_shipped()["PRAPARE"] in text_of(response)


def test_a_search_that_finds_nothing_says_so_and_shows_the_words_harmlessly(
    desk: Client,
) -> None:
    response = desk.get(reverse("desk_library"), {"q": "<script>zz</script>"})

    assert "Nothing here goes by those words" in text_of(response)
    assert b"<script>zz" not in response.content


def test_the_list_says_how_each_instrument_stands(desk: Client) -> None:
    said = text_of(desk.get(reverse("desk_library"), {"q": "session-check-in"}))

    assert "not validated" in said
    spoken = ", ".join(facts.languages(instruments()["session-check-in"]))
    assert f"7 questions, about 1 min, {spoken}" in said
    assert "English" in spoken
    assert "Shown" in said


def test_the_database_is_asked_no_more_for_more(desk: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(path)
        return len(asked)

    whole = reverse("desk_library")
    desk.get("/healthz")  # The first request of a sign-in writes the visit down.
    longest, shortest = (reverse("desk_instrument", args=[s]) for s in ("itq", "sud"))

    assert queries(whole) == queries(f"{whole}?q=phq-9")
    assert queries(longest) == queries(shortest)


# One instrument


@pytest.mark.parametrize("slug", EVERY)
def test_every_instrument_has_its_page(desk: Client, slug: str) -> None:
    asked = instruments()[slug]

    said = page_of(desk, slug)

    assert asked.name in said
    assert " ".join(asked.licence.statement.split()) in said
    assert all(" ".join(source.text.split()) in said for source in asked.sources)


@pytest.mark.parametrize("slug", ["no-such-thing", "PHQ-9"])
def test_an_unknown_instrument_is_not_found(desk: Client, slug: str) -> None:
    assert desk.get(reverse("desk_instrument", args=[slug])).status_code == 404


def test_a_score_is_shown_with_range_direction_and_missing_rule(desk: Client) -> None:
    said = page_of(desk, "phq-9")

    assert "total 0 to 27 lower is better sum of 9 answers 7 of 9 are enough" in said


def test_the_missing_rule_is_strict_where_the_authors_are() -> None:
    rows = {row.head: row.cells[-1] for row in facts.scores(instruments()["phq-9"]).rows}

    assert rows["phq2"] == "no score if one is missing"


def test_a_band_says_where_it_begins_and_ends(desk: Client) -> None:
    said = page_of(desk, "phq-9")

    assert "total 10 to below 15 moderate adults" in said
    assert "total 20 to 27 severe adults" in said


def test_a_cutoff_says_its_side_once() -> None:
    def at(slug: str) -> str:
        tables = {table.title: table for table in facts.figures(instruments()[slug])}
        return tables["Cut-offs"].rows[0].cells[0]

    assert at("gad-7") == "8 or above"
    assert at("lsns-6") == "12"


def test_a_figure_whose_source_nobody_read_is_not_shown_as_checked(desk: Client) -> None:
    change = next(t for t in facts.figures(instruments()["phq-9"]) if t.title == "Change")
    band = next(t for t in facts.figures(instruments()["phq-9"]) if t.title == "Bands")

    assert [row.reference and row.reference.checked for row in change.rows] == [False, False]
    assert band.rows[0].reference == facts.Reference(2, checked=True)
    assert "Source 5 not checked by us" in page_of(desk, "phq-9")


def test_what_is_not_validated_says_so(desk: Client) -> None:
    assert "Not validated" in page_of(desk, "felt-security")
    assert "Not validated" not in page_of(desk, "phq-9")


def test_only_what_can_be_planned_leads_to_a_person(desk: Client) -> None:
    assert "Choose a person" in page_of(desk, "phq-9")
    assert "Choose a person" not in page_of(desk, "asq")
    assert "Choose a person" not in page_of(desk, "wai-sr")


# The wording


@pytest.mark.parametrize("slug", SHOWN)
def test_the_preview_holds_every_question_as_worded(desk: Client, slug: str) -> None:
    wording = instruments()[slug].wordings["en"]

    said = page_of(desk, slug)

    assert "As the patient will see it, in English" in said
    assert " ".join(wording.instruction.split()) in said
    assert all(" ".join(text.split()) in said for text in wording.items.values())


@pytest.mark.parametrize("slug", WITHOUT_TEXT)
def test_a_definition_without_text_shows_none_and_says_why(desk: Client, slug: str) -> None:
    response = desk.get(reverse("desk_instrument", args=[slug]))

    assert response.context["previews"] == []
    assert response.context["entry"].standing.title in text_of(response)
    assert b'class="question"' not in response.content


@pytest.mark.parametrize("shelf", [Shelf.PACK, Shelf.NO_TEXT, Shelf.NOT_AT_ALL])
def test_a_wording_the_licence_holds_back_is_not_shown(
    desk: Client, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    asked = instruments()["phq-9"]
    held = replace(asked, licence=replace(asked.licence, shelf=shelf))
    monkeypatch.setattr(
        "securebase.pages.clinician.library.instruments", lambda: {"phq-9": held}
    )

    said = page_of(desk, "phq-9")

    assert "No wording is shipped" in said
    assert "Little interest or pleasure" not in said


def test_a_question_that_may_be_left_out_says_when() -> None:
    first, second, *_ = facts.previews(instruments()["pc-ptsd-5"])[0].questions

    assert first.left_out == ""
    assert second.left_out == 'Not asked if question 1 is answered "No".'


def test_a_language_without_a_known_name_goes_by_its_code() -> None:
    asked = instruments()["phq-9"]
    klingon = replace(asked.wordings["en"], language="tlh")

    assert facts.languages(replace(asked, wordings={"tlh": klingon})) == ["tlh"]


def test_an_answer_that_is_not_allowed_is_not_offered() -> None:
    divorced = facts.previews(instruments()["ace"])[0].questions[4]

    assert [value for value, _ in divorced.answers] == [1, 2, 8]


# Who may look


def test_a_patient_finds_no_library(client: Client, clinician: User) -> None:
    client.force_login(the_account(a_patient(of=clinician)))

    assert client.get(reverse("desk_library")).status_code == 404
