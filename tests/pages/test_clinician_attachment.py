"""Attachment on the person page.

Two dimensions with their error, in a drawing and in sentences; who was asked about, and
the treating person only as "this therapist". With nothing measured, one calm line.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from securebase.clinic.measurement.actions import keep_past_scores
from securebase.clinic.measurement.sheets import PastScore
from tests.factories import NOW, a_checkin, a_patient, send
from tests.pages.signed import signed_in
from tests.pages.test_clinician import at_nine

if TYPE_CHECKING:
    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

__all__ = ["at_nine"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(clinician: User) -> Patient:
    return a_patient(of=clinician, at=NOW - timedelta(days=300))


def measured(sam: Patient, slug: str, anxiety: float, avoidance: float, *, by: User) -> None:
    at = NOW - timedelta(weeks=2)
    scores = [
        PastScore(f"{slug}.anxiety", at, anxiety),
        PastScore(f"{slug}.avoidance", at, avoidance),
    ]
    keep_past_scores(patient=sam, past=scores, by=by, at=NOW)


def shown(client: Client, sam: Patient, clinician: User) -> str:
    page = signed_in(clinician, client).get(reverse("desk_person", args=[sam.pk]))
    return str(page.content.decode())


def test_with_nothing_measured_one_line_says_how_to(
    client: Client, sam: Patient, clinician: User
) -> None:
    html = shown(client, sam, clinician)

    assert "Nothing measured yet." in html
    assert "plane-drawing" not in html


def test_a_measured_place_is_drawn_and_said_with_its_norm_group(
    client: Client, sam: Patient, clinician: User
) -> None:
    measured(sam, "ecr-r", 5.5, 2.0, by=clinician)

    html = shown(client, sam, clinician)

    assert "plane-drawing" in html
    assert "in general: anxiety 5.5, avoidance 2" in html
    assert "online sample of the author" in html
    assert "How sure each direction is" in html


def test_a_chance_is_never_said_to_be_none_or_certain(
    client: Client, sam: Patient, clinician: User
) -> None:
    measured(sam, "ecr-r", 6.8, 1.1, by=clinician)

    html = shown(client, sam, clinician)

    assert "Over 99 in 100" in html
    assert "Under 1 in 100" in html


def test_without_norms_no_direction_is_named(
    client: Client, sam: Patient, clinician: User
) -> None:
    measured(sam, "ecr-s", 30, 12, by=clinician)

    html = shown(client, sam, clinician)

    assert "no published norms" in html
    assert "it is not said what is usual" in html
    assert "no ellipse can be drawn" in html
    assert "How sure each direction is" not in html


def test_felt_security_stands_beside_the_plane_and_nowhere_else(
    client: Client, sam: Patient, clinician: User
) -> None:
    items = ("general_turn", "general_ask", "general_calm")
    at = NOW - timedelta(weeks=1)
    given: dict[str, int | str | None] = {f"felt-security.{item}": 6 for item in items}
    send(a_checkin(sam, "felt-security", at=at), given, at=at)

    html = shown(client, sam, clinician)

    assert html.count('id="chart-felt-security-general-wide-title"') == 1
    assert "Nothing measured yet." not in html
