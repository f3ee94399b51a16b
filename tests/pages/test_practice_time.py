"""The practice's clock.

What staff and partners read is told in the zone of the practice, wherever the machine
stands. Nobody has to reckon, and no page falls back to another clock.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as told

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient, Practice
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.verbs import Verb
from securebase.stories.raise_concern import raise_concern
from tests.factories import NOW, a_host, the_account
from tests.pages.signed import signed_in

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
"""In Auckland this is Tuesday the 24th, 9:30 in the morning."""


@pytest.fixture
def auckland(clinician: User) -> None:
    Practice.objects.update(time_zone="Pacific/Auckland")


@in_practice_time
def clock(request: HttpRequest) -> HttpResponse:
    """Tell one moment as a template would."""
    return HttpResponse(told(timezone.localtime(LATE), "l H:i"))


@pytest.mark.usefixtures("auckland")
def test_a_page_tells_a_moment_as_the_practice_lives_it() -> None:
    before = timezone.get_current_timezone_name()

    page = clock(HttpRequest())

    assert page.content == b"Tuesday 09:30"
    assert timezone.get_current_timezone_name() == before


@pytest.mark.usefixtures("auckland")
def test_the_host_reads_on_which_day_of_the_practice_somebody_asked(
    sam: Patient, clinician: User
) -> None:
    note_read(patient=sam, by=clinician, at=NOW)
    event = AuditEvent.objects.get(verb=Verb.RECORD_READ)
    raise_concern(patient=sam, event=event, words="Who?", by=the_account(sam), at=LATE)

    page = signed_in(a_host()).get(reverse("host_concerns")).content.decode()

    assert "asked 24 November" in page
