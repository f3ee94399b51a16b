"""A moment of safety: something of one's own, shown at chosen times.

It is off until somebody chooses it, it sends nothing, and each thing has its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.actions import keep_in_kit, take_out
from securebase.clinic.practice.entries import Kept
from securebase.clinic.practice.models import KitEntry, Moments
from securebase.clinic.practice.moments import begun_at, choose_moments, chosen_times
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.trailing import added_rows

PATH, HOME = "/me/moments/", "/me/"
NINE = make.NOW
WORDS = "The warm kitchen"


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def sam(db: None) -> Patient:
    """Return a patient."""
    make.a_practice()
    return make.a_patient(of=make.a_clinician())


def kept(sam: Patient, title: str = WORDS) -> KitEntry:
    """Put a place into the kit."""
    thing = Kept(kind="place", title=title, words="It smells of bread.")
    return keep_in_kit(patient=sam, kept=thing, by=make.the_account(sam), at=NINE)


def test_it_is_off_at_first(me: Client, sam: Patient) -> None:
    kept(sam)

    assert WORDS not in me.get(HOME).content.decode()
    assert chosen_times(sam) == []


def test_what_is_chosen_is_shown_at_its_time_and_then_no_more(
    me: Client, sam: Patient, at_nine: time_machine.Traveller
) -> None:
    entry = kept(sam)

    me.post(PATH, {"entries": [str(entry.pk)], "time_0": "09:00"})

    assert WORDS in me.get(HOME).content.decode()
    at_nine.shift(timedelta(hours=2, minutes=59))
    me.logout()
    me.force_login(make.the_account(sam))
    assert "It smells of bread." in me.get(HOME).content.decode()
    at_nine.shift(timedelta(minutes=1))
    assert WORDS not in me.get(HOME).content.decode()


def test_each_thing_has_its_turn(me: Client, sam: Patient) -> None:
    entries = [kept(sam), kept(sam, "The old dog")]
    me.post(PATH, {"entries": [str(e.pk) for e in entries], "time_0": "09:00"})
    shown = set()

    for hour in range(2):
        choose_moments(
            patient=sam,
            entries=entries,
            times=[time(8 + hour)],
            by=make.the_account(sam),
            at=NINE,
        )
        page = me.get(HOME).content.decode()
        shown |= {one.title for one in entries if one.title in page}

    assert len(shown) == 2


def test_it_can_be_turned_off(me: Client, sam: Patient) -> None:
    me.post(PATH, {"entries": [str(kept(sam).pk)], "time_0": "09:00"})

    page = me.post(PATH, {}, follow=True).content.decode()

    assert "It is off." in page
    assert not Moments.objects.exists()


def test_what_is_chosen_is_shown_as_chosen(me: Client, sam: Patient) -> None:
    me.post(PATH, {"entries": [str(kept(sam).pk)], "time_0": "09:00", "time_1": "21:30"})

    page = me.get(PATH).content.decode()

    assert page.count(" checked") == 1
    assert 'value="21:30"' in page


def test_with_an_empty_kit_the_page_leads_there(me: Client) -> None:
    assert 'href="/me/kit/"' in me.get(PATH).content.decode()


def test_what_is_taken_out_of_the_kit_is_shown_no_more(me: Client, sam: Patient) -> None:
    entry = kept(sam)
    me.post(PATH, {"entries": [str(entry.pk)], "time_0": "09:00"})

    take_out(entry=entry, by=make.the_account(sam), at=NINE)

    assert "You chose this for now" not in me.get(HOME).content.decode()


def test_a_thing_of_somebody_else_cannot_be_chosen(me: Client, sam: Patient) -> None:
    other = kept(make.a_patient(of=make.a_clinician()))

    answer = me.post(PATH, {"entries": [str(other.pk)], "time_0": "09:00"})

    assert answer.status_code == 422
    assert not Moments.objects.exists()


def test_nobody_chooses_for_somebody_else(sam: Patient) -> None:
    with pytest.raises(PermissionDenied):
        choose_moments(
            patient=sam, entries=[kept(sam)], times=[time(9)], by=make.a_clinician(), at=NINE
        )


def test_choosing_leaves_one_row(sam: Patient) -> None:
    entry = kept(sam)

    with added_rows() as rows:
        choose_moments(
            patient=sam, entries=[entry], times=[time(9)], by=make.the_account(sam), at=NINE
        )

    assert [row.verb for row in rows] == [Verb.MOMENTS_CHOOSE]


@pytest.mark.parametrize(
    ("hour", "begun"), [(8, None), (9, 9), (11, 9), (12, None), (22, 22), (0, 22)]
)
def test_a_moment_lasts_three_hours_also_over_midnight(hour: int, begun: int | None) -> None:
    at = datetime(2026, 11, 24, hour, tzinfo=UTC)

    found = begun_at([time(9), time(22)], at=at, zone="Europe/London")

    assert (found.hour if found else None) == begun
