"""Keeping somebody out whom others count on.

The clinician of record reads on Today that a colleague's part ended, until another one
covers, and gets one letter in words that give nothing away. The colleague is told nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.care import exclusion
from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.exclusion import parts_ended
from securebase.clinic.care.models import Patient
from securebase.clinic.care.together import let_treat_too
from securebase.people.accounts.models import User
from securebase.people.post.models import Letter
from securebase.stories.keep_out import keep_out
from tests import factories as make
from tests.jobs.test_tick import GIVEAWAYS
from tests.mailing import letters_sent
from tests.pages.signed import signed_in

pytestmark = pytest.mark.django_db

NOW = make.NOW
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
NOW_ON = Days(make.TODAY, date(2026, 11, 30), "Europe/London")
NEXT_WEEK = Days(date(2026, 11, 30), date(2026, 12, 7), "Europe/London")


@dataclass(frozen=True)
class Street:
    """Jo treats Sam. Kit, who lives next door to Sam, is a colleague of Jo, and Ana too."""

    jo: User
    kit: User
    ana: User
    sam: Patient

    def covered(self, *, by: User, days: Days = NOW_ON) -> None:
        """Let a colleague cover for Jo."""
        arrange_cover(patients=[self.sam], colleague=by, days=days, by=self.jo, at=NOW)

    def shut(self, *, by: User | None = None) -> None:
        """Let Sam keep Kit out, or Jo for Sam."""
        said_by = by or make.the_account(self.sam)
        keep_out(patient=self.sam, person=self.kit, by=said_by, at=SOON)


@pytest.fixture
def street() -> Street:
    make.a_practice()
    jo, kit, ana = (make.a_clinician(f"Dr {name}") for name in ("Jo Marsh", "Kit Lowe", "Ana"))
    return Street(jo, kit, ana, make.a_patient(of=jo))


@pytest.mark.parametrize("days", [NOW_ON, NEXT_WEEK], ids=["that holds", "to come"])
def test_the_clinician_of_record_is_told_of_a_cover_that_ended(
    street: Street, days: Days
) -> None:
    street.covered(by=street.kit, days=days)

    street.shut()

    (part,) = parts_ended(street.jo, at=LATER)
    assert (part.patient, part.clinician) == (street.sam, street.kit)
    assert [letter.to for letter in letters_sent(at=LATER)] == [[street.jo.email]]


def test_a_colleague_who_treats_too_is_told_of_as_well(street: Street) -> None:
    let_treat_too(patient=street.sam, colleague=street.kit, by=street.jo, at=NOW)

    street.shut()

    assert [part.clinician for part in parts_ended(street.jo, at=LATER)] == [street.kit]


def test_nobody_else_is_told(street: Street) -> None:
    street.covered(by=street.kit)

    street.shut()

    told = [parts_ended(user, at=LATER).count() for user in (street.kit, street.ana)]
    assert told == [0, 0]


def test_an_exclusion_that_ends_nothing_tells_nothing(street: Street) -> None:
    street.covered(by=street.ana)

    street.shut()

    assert parts_ended(street.jo, at=LATER).count() == 0
    assert Letter.objects.count() == 0


def test_whoever_entered_it_gets_no_letter_and_reads_it_on_today(street: Street) -> None:
    street.covered(by=street.kit)

    street.shut(by=street.jo)

    assert Letter.objects.count() == 0
    assert parts_ended(street.jo, at=LATER).count() == 1


def test_it_is_told_until_another_colleague_covers(street: Street) -> None:
    street.covered(by=street.kit)
    street.shut()

    arrange_cover(
        patients=[street.sam], colleague=street.ana, days=NEXT_WEEK, by=street.jo, at=LATER
    )

    assert parts_ended(street.jo, at=LATER).count() == 0
    assert letters_sent(at=LATER) == []


def test_it_is_told_no_longer_once_taken_back_or_after_two_weeks(street: Street) -> None:
    street.covered(by=street.kit)
    street.shut()
    assert parts_ended(street.jo, at=SOON + timedelta(days=14, seconds=-1)).count() == 1

    assert parts_ended(street.jo, at=SOON + timedelta(days=14)).count() == 0
    line = exclusion.exclusions_visible_to(street.jo, at=LATER).get()
    exclusion.lift(exclusion=line, by=street.jo, at=LATER)
    assert parts_ended(street.jo, at=LATER).count() == 0


def test_the_letter_gives_nothing_away(street: Street) -> None:
    street.covered(by=street.kit)
    street.shut()

    (letter,) = letters_sent(at=LATER)

    words = f"{letter.subject} {letter.body}".lower()
    giveaways = [*GIVEAWAYS, "lowe", "cover", "sam", "record"]
    assert [word for word in giveaways if word in words] == []


def test_today_says_who_and_leads_to_another_cover(street: Street) -> None:
    street.covered(by=street.kit)
    exclusion.keep_out(
        patient=street.sam, person=street.kit, by=make.the_account(street.sam), at=SOON
    )

    with time_machine.travel(LATER, tick=False):
        page = signed_in(street.jo).get(reverse("desk_today")).content.decode()

    assert "and nobody else covers for you there" in page
    assert "Dr Kit Lowe" in page
    assert reverse("desk_cover") in page
