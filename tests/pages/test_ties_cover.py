"""Cover, as people meet it.

A clinician asks a colleague to cover; the patient reads who and until when; the colleague
finds a banner on the record, and a closed door when the days are over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from securebase.clinic.care.cover import covers_not_over
from securebase.clinic.care.models import Care, Patient
from tests.factories import a_clinician, a_patient, a_practice, the_account, with_factor

if TYPE_CHECKING:
    from django.test import Client

    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

AWAY = reverse("desk_cover")


@dataclass(frozen=True)
class Two:
    """Jo treats Sam and Alex; Kit is a colleague."""

    jo: User
    kit: User
    sam: Patient
    alex: Patient


@pytest.fixture
def two() -> Two:
    a_practice()
    jo, kit = a_clinician("Dr Jo Marsh"), a_clinician("Dr Kit Lowe")
    for user in (jo, kit):
        with_factor(user)
    return Two(jo, kit, a_patient(of=jo), a_patient(of=jo, name="Alex Moor"))


@pytest.fixture
def window(client: Client) -> Callable[[User], Client]:
    """One browser, handed from person to person."""

    def of(user: User) -> Client:
        client.force_login(user)
        return client

    return of


def said(two: Two, *, first: int = 0, last: int = 4) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "colleague": str(two.kit.pk),
        "first": str(today + timedelta(days=first)),
        "last": str(today + timedelta(days=last)),
    }


def only_for(sam: Patient) -> str:
    return reverse("desk_cover_one", args=[sam.pk])


def the_record(sam: Patient) -> str:
    return reverse("desk_person", args=[sam.pk])


def test_the_patient_reads_who_covers_and_until_when(
    two: Two, window: Callable[[User], Client]
) -> None:
    assert window(two.jo).post(only_for(two.sam), said(two)).status_code == 302

    home = window(the_account(two.sam)).get("/me/").content.decode()
    assert "While Dr Jo Marsh is away, Dr Kit Lowe reads your check-ins." in home
    last = timezone.localdate() + timedelta(days=4)
    assert f"This ends after {last:%A} {last.day} {last:%B}" in home
    assert "Dr Kit Lowe" not in window(the_account(two.alex)).get("/me/").content.decode()


def test_a_cover_to_come_is_told_before_it_begins(
    two: Two, window: Callable[[User], Client]
) -> None:
    window(two.jo).post(only_for(two.sam), said(two, first=20, last=25))

    home = window(the_account(two.sam)).get("/me/").content.decode()
    assert "Dr Jo Marsh is away then." in home
    assert window(two.kit).get(the_record(two.sam)).status_code == 404


def test_everybody_is_covered_on_one_page(two: Two, window: Callable[[User], Client]) -> None:
    page = window(two.jo).post(AWAY, said(two), follow=True)

    assert b"All 2 patients are told" in page.content
    assert covers_not_over(at=timezone.now()).count() == 2


def test_the_colleague_sees_the_record_under_a_banner(
    two: Two, window: Callable[[User], Client]
) -> None:
    assert window(two.kit).get(the_record(two.sam)).status_code == 404
    window(two.jo).post(only_for(two.sam), said(two))

    page = window(two.kit).get(the_record(two.sam)).content.decode()
    assert "You are covering" in page
    assert "Note a strain" not in page
    assert "Add past scores" not in page
    assert "Ask a colleague to cover" not in page
    assert "You are covering" not in window(two.jo).get(the_record(two.sam)).content.decode()


def test_the_door_closes_at_the_next_request(
    two: Two, window: Callable[[User], Client]
) -> None:
    window(two.jo).post(only_for(two.sam), said(two))
    kit = window(two.kit)
    assert kit.get(the_record(two.sam)).status_code == 200
    Care.objects.filter(clinician=two.kit).update(until=timezone.now())

    assert kit.get(the_record(two.sam)).status_code == 404


@pytest.mark.parametrize("who", ["jo", "kit"])
def test_either_side_ends_it_early(
    two: Two, window: Callable[[User], Client], who: str
) -> None:
    window(two.jo).post(only_for(two.sam), said(two))
    cover = covers_not_over(at=timezone.now()).get()

    page = window(getattr(two, who)).post(
        reverse("desk_cover_end", args=[cover.pk]), follow=True
    )

    assert b"Ended." in page.content
    assert window(two.kit).get(the_record(two.sam)).status_code == 404


def test_strangers_find_no_cover_to_end_and_nobody_to_cover(
    two: Two, window: Callable[[User], Client]
) -> None:
    window(two.jo).post(only_for(two.sam), said(two))
    cover = covers_not_over(at=timezone.now()).get()
    other = a_clinician()
    with_factor(other)

    assert window(other).post(reverse("desk_cover_end", args=[cover.pk])).status_code == 404
    assert window(other).get(only_for(two.sam)).status_code == 404
    assert window(two.kit).get(only_for(two.sam)).status_code == 404
    assert window(other).post(AWAY, said(two)).status_code == 422


def test_days_in_the_wrong_order_keep_what_was_filled_in(
    two: Two, window: Callable[[User], Client]
) -> None:
    page = window(two.jo).post(only_for(two.sam), said(two, first=3, last=1))

    assert page.status_code == 422
    assert b"before the first" in page.content
    assert str(timezone.localdate() + timedelta(days=3)).encode() in page.content


def test_the_person_page_says_who_can_open_the_record(
    two: Two, window: Callable[[User], Client]
) -> None:
    window(two.jo).post(only_for(two.sam), said(two))

    page = window(two.jo).get(the_record(two.sam)).content.decode()
    team = page[page.index("Who can open this record") :]
    assert "Dr Jo Marsh" in team
    assert "covering clinician; sees the record, to read" in team
