"""The backups, on the host's page.

Which backups were restored and when, what failed and what to do. Nobody else finds it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from securebase.stories.keep_safe.proofs import Proof, keep_proof
from tests.factories import a_clinician, a_host, with_factor

if TYPE_CHECKING:
    from pytest_django import Settings

PAGE = "/keep/backups/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Return a folder for backups that is this test's own."""
    settings.SECUREBASE_BACKUP_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def me(client: Client) -> Client:
    """Return a browser in which the host is signed in."""
    host = a_host()
    with_factor(host)
    client.force_login(host)
    return client


def a_proof(name: str, *, hours: int = 1, problems: tuple[str, ...] = ()) -> Proof:
    """Keep a proof of some hours ago."""
    at = timezone.now() - timedelta(hours=hours)
    proof = Proof(name, at, rows=4321, size=2048, trail_number=77, problems=problems)
    keep_proof(proof)
    return proof


def test_before_the_first_night_the_page_says_so(me: Client) -> None:
    page = me.get(PAGE).content.decode()

    assert "No backup yet" in page


def test_a_backup_that_was_restored_is_shown_with_its_proof(me: Client, folder: Path) -> None:
    (folder / "nightly-one.backup").touch()
    a_proof("nightly-one.backup")

    page = me.get(PAGE).content.decode()

    assert "Restored" in page
    assert "4321" in page
    assert "77:" in page
    assert "no longer kept" not in page
    assert "could not be proved" not in page


def test_a_failing_drill_says_what_is_wrong_and_what_to_do(me: Client) -> None:
    a_proof("nightly-one.backup", hours=30)
    a_proof("nightly-two.backup", problems=("This backup is damaged.",))

    page = me.get(PAGE).content.decode()

    assert "The newest backup could not be proved" in page
    assert "This backup is damaged." in page
    assert "securebase verify" in page
    assert page.index("nightly-two") < page.index("nightly-one")


def test_an_old_backup_and_one_disk_for_both_are_said(
    me: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("securebase.pages.host.backups.on_the_same_disk", lambda: True)
    a_proof("nightly-one.backup", hours=30)

    page = me.get(PAGE).content.decode()

    assert "The newest backup is old" in page
    assert "Backups and data are on one disk" in page
    assert "no longer kept" in page


def test_a_clinician_finds_no_backups(client: Client) -> None:
    client.force_login(a_clinician())

    assert client.get(PAGE).status_code == 404
