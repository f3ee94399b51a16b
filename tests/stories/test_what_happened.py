"""What happened in some days.

Somebody lost a laptop on Friday. The trail says which account did what until Monday, and
whose records it touched, as numbers; so that whoever must be told can be told in time.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.models import Patient
from securebase.people.accounts.models import User
from securebase.people.accounts.refused import note_link_over
from securebase.people.audit.models import AuditEvent
from securebase.science.errors import BadInput
from securebase.stories.keep_safe.what_happened import Span, what_happened
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.NOW
AN_HOUR = timedelta(hours=1)
SPAN = Span(NOW + AN_HOUR, NOW + 3 * AN_HOUR)
AFTER = NOW + 4 * AN_HOUR


@pytest.fixture
def desk() -> tuple[User, Patient, Patient]:
    """Return a clinician and two people in her care."""
    make.a_practice()
    jo = make.a_clinician("Dr Jo Marsh")
    return jo, make.a_patient(of=jo), make.a_patient(of=jo)


def test_each_account_is_told_with_the_records_it_touched(
    desk: tuple[User, Patient, Patient],
) -> None:
    jo, sam, alex = desk
    for patient in (sam, sam, alex):
        note_read(patient=patient, by=jo, at=SPAN.since)
    note_link_over(token="made-up", at=SPAN.since + AN_HOUR)

    found = what_happened(SPAN, at=AFTER)

    hers, nobodys = found.doings
    assert (hers.account, hers.role, hers.records) == (jo.pk, "clinician", {sam.pk, alex.pk})
    assert dict(hers.done) == {"care.record.read": 3}
    assert (nobodys.account, dict(nobodys.refused)) == (None, {"accounts.link.refuse": 1})
    assert found.rows == 4
    assert set(found.records) == {sam.pk, alex.pk}


def test_the_span_holds_its_beginning_and_not_its_end(
    desk: tuple[User, Patient, Patient],
) -> None:
    jo, sam, alex = desk
    note_read(patient=sam, by=jo, at=SPAN.since)
    note_read(patient=alex, by=jo, at=SPAN.until)

    assert set(what_happened(SPAN, at=AFTER).records) == {sam.pk}


def test_one_account_alone_can_be_asked_for(desk: tuple[User, Patient, Patient]) -> None:
    jo, sam, _ = desk
    note_read(patient=sam, by=jo, at=SPAN.since)
    note_link_over(token="made-up", at=SPAN.since)

    found = what_happened(SPAN, email=jo.email.upper(), at=AFTER)

    assert [one.account for one in found.doings] == [jo.pk]


def test_the_look_is_on_the_trail(desk: tuple[User, Patient, Patient]) -> None:
    what_happened(SPAN, at=AFTER)

    last = AuditEvent.objects.order_by("-number").first()
    assert last is not None
    assert (last.verb, last.at) == ("audit.trail.read", AFTER)


def test_a_span_backwards_and_an_unknown_address_are_refused(
    desk: tuple[User, Patient, Patient],
) -> None:
    with pytest.raises(BadInput, match="before it begins"):
        what_happened(Span(SPAN.until, SPAN.since), at=AFTER)
    with pytest.raises(BadInput, match=r"Nobody here signs in as x@example\.org"):
        what_happened(SPAN, email="x@example.org", at=AFTER)
