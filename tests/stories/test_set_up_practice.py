"""The first start.

The practice and its first account are made together, once. Afterwards the same door is
shut, whoever knocks.
"""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from securebase.clinic.care.models import Practice
from securebase.people.accounts.models import User
from securebase.stories.set_up_practice import Founder, Place, set_up_practice
from tests.factories import NOW

PLACE = Place(name="Willow House", country="gb")
FOUNDER = Founder(email="jo@example.org", name="Jo Marsh", password="four quiet herons stand")

pytestmark = pytest.mark.django_db


def test_the_practice_begins_with_a_host_who_treats() -> None:
    practice, account = set_up_practice(place=PLACE, founder=FOUNDER, at=NOW)

    assert (practice.pk, practice.name, practice.country) == (1, "Willow House", "GB")
    assert practice.set_up_by == account
    assert account.roles == {"host", "clinician"}
    assert account.check_password(FOUNDER.password)


def test_signals_are_off_until_somebody_switches_them_on() -> None:
    practice, _ = set_up_practice(place=PLACE, founder=FOUNDER, at=NOW)

    assert not practice.signals_on


def test_a_founder_who_does_not_treat_is_a_host_only() -> None:
    host = Founder(FOUNDER.email, FOUNDER.name, FOUNDER.password, treats=False)

    _, account = set_up_practice(place=PLACE, founder=host, at=NOW)

    assert account.roles == {"host"}


def test_it_happens_once() -> None:
    set_up_practice(place=PLACE, founder=FOUNDER, at=NOW)
    second = Founder("other@example.org", "Other", FOUNDER.password)

    with pytest.raises(PermissionDenied, match="set up already"):
        set_up_practice(place=PLACE, founder=second, at=NOW)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "founder"),
    [
        (Place(name=" "), FOUNDER),
        (Place(name="Willow House", time_zone="Nowhere/Here"), FOUNDER),
        (PLACE, Founder("jo@example.org", "Jo", "password")),
        (PLACE, Founder("nobody", "Jo", FOUNDER.password)),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(place: Place, founder: Founder) -> None:
    with pytest.raises(ValidationError):
        set_up_practice(place=place, founder=founder, at=NOW)

    assert not User.objects.exists()
    assert not Practice.objects.exists()
