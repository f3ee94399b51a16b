"""The keys, on the host's pages.

A host sees where the keys live, gets the words of the recovery sheet once and after
showing who they are, and types them back. Nobody else finds the pages.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from securebase.people.vault.models import SheetTrial
from tests.factories import a_clinician, a_host, with_factor

SHEET, TRY = "/keep/keys/sheet", "/keep/keys/try"

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    host = a_host()
    with_factor(host)
    client.force_login(host)
    return client


@pytest.fixture
def shown_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the host just shown once more who they are."""
    monkeypatch.setattr(
        "allauth.account.internal.flows.reauthentication.is_reauthentication_required",
        lambda *args, **kwargs: False,
    )


def test_the_page_says_where_the_key_lives_and_what_is_still_to_do(me: Client) -> None:
    page = me.get("/keep/keys/").content.decode()

    assert "a key file" in page
    assert "The recovery sheet was not tried yet" in page


def test_a_clinician_finds_no_keys(client: Client) -> None:
    client.force_login(a_clinician())

    assert client.get("/keep/keys/").status_code == 404


@pytest.mark.parametrize("address", [SHEET, TRY])
def test_the_sheet_asks_once_more_who_it_is(me: Client, address: str) -> None:
    assert "reauthenticate" in me.get(address)["Location"]


@pytest.mark.usefixtures("shown_again")
def test_the_words_are_shown_once_and_typed_back(me: Client) -> None:
    assert "<li>" not in me.get(SHEET).content.decode().split("<main")[1]
    page = me.post(SHEET, {"shared": "no"})
    words = re.findall(r"<li>\s*([a-z]+)\s*</li>", page.content.decode())
    done = me.post(TRY, {"one": " ".join(words), "two": ""})

    assert len(words) == 33
    assert page["Cache-Control"] == "no-store"
    assert done["Location"] == "/keep/keys/"
    assert SheetTrial.objects.get().by is not None
    assert "Tried on" in me.get("/keep/keys/").content.decode()


@pytest.mark.usefixtures("shown_again")
def test_wrong_words_are_told_and_prove_nothing(me: Client) -> None:
    page = me.post(TRY, {"one": "herons by the weir"})

    assert page.status_code == 422
    assert "word 1 is not on the list" in page.content.decode()
    assert not SheetTrial.objects.exists()
