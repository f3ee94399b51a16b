"""Scores from before.

A clinician brings a patient's history from a file. It is shown before it is kept, a file
with a mistake is refused whole and says where, and what the history says about now
reaches Today like any other score.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.clinic.measurement.models import Score
from tests.factories import a_clinician, a_patient, a_practice

if TYPE_CHECKING:
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ALLIANCE = (7.8, 8.0, 8.3, 8.0, 8.2, 8.1, 8.3, 8.2, 8.4, 3.9)
MOOD = (17, 16, 17, 14, 15, 13, 13, 12, 12, 13)


def a_file(folder: Path, *, wrong: str = "") -> Path:
    """Write a history as a practice would export it: semicolons, a byte-order mark, gaps."""
    today = timezone.now()
    rows = ["at;measure;value"]
    for week, (alliance, mood) in enumerate(zip(ALLIANCE, MOOD, strict=True)):
        day = (today - timedelta(weeks=9 - week, days=1)).date().isoformat()
        rows.append(f"{day};session-check-in.alliance;{alliance}")
        rows.append(f"{day};phq-9.total;{'' if week == 4 else mood}")
    rows += [wrong] if wrong else []
    path = folder / "history.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    return path


def test_a_history_is_looked_at_first_then_kept_and_followed(
    visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    a_practice()
    clinician = a_clinician()
    TOTP.activate(clinician, generate_totp_secret())
    patient = a_patient(of=clinician, name="Ari Lund", at=timezone.now() - timedelta(weeks=10))
    one = visitor(clinician)
    page = one.go(f"/desk/people/{patient.pk}/")
    page.get_by_text("More in this record").click()
    page.get_by_role("link", name="Add past scores").click()

    page.set_input_files(
        'input[type="file"]', a_file(tmp_path, wrong="2026-01-05;phq-9.total;99")
    )
    page.get_by_role("button", name="Look at it first").click()
    assert page.get_by_text(re.compile("row 22")).is_visible()
    assert Score.objects.count() == 0

    page.set_input_files('input[type="file"]', a_file(tmp_path))
    page.get_by_role("button", name="Look at it first").click()
    assert Score.objects.count() == 0
    page.get_by_role("button", name="Add 19 scores").click()
    page.wait_for_url(f"**/{patient.pk}/")

    page = one.go(f"/desk/people/{patient.pk}/")
    assert page.locator("figure").filter(has_text="Alliance").first.is_visible()
    page = one.go("/desk/")
    row = page.locator(".signal").filter(has_text="A.L.")
    assert "lower than usual" in row.inner_text().lower()
    row.get_by_role("link", name=re.compile("Why")).click()
    assert page.get_by_role("heading", name="How it was worked out").is_visible()
