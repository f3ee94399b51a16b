"""A repair in the patient's own words.

The rating is back and the patient says that it is mended: then, and only then, a strain is
repaired in their name. What nobody said is mended is called to mind after four sessions.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Patient, Practice
from securebase.clinic.episodes.actions import act_on_signal, let_rest, open_episode
from securebase.clinic.episodes.models import Signal
from securebase.clinic.episodes.policies import can_let_rest
from securebase.clinic.therapy.actions import note_rupture, say_mended
from securebase.clinic.therapy.models import Rupture
from securebase.clinic.therapy.policies import can_say_mended
from securebase.people.accounts.models import User
from securebase.people.audit.models import AuditEvent
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from tests import factories as make

NOW, WEEK = make.NOW, timedelta(weeks=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW)
    return patient


def week(number: float) -> datetime:
    return NOW + number * WEEK


def rated(patient: Patient, number: int, level: int, mended: int | None = None) -> None:
    """Let the patient send the session check-in of a week."""
    given: dict[str, int | str | None] = {
        f"session-check-in.{item}": level for item in ("safe", "understood", "agreed", "said")
    }
    if mended is not None:
        given["session-check-in.mended"] = mended
    checkin = make.a_checkin(patient, "session-check-in", at=week(number))
    make.send(checkin, given, at=week(number))


def strained(patient: Patient) -> Signal:
    """Let four good weeks and a bad one pass; return the signal of the dip."""
    for number, level in enumerate((8, 8, 8, 8, 4)):
        rated(patient, number, level)
    return Signal.objects.get(kind="RUP")


def noted(patient: Patient, clinician: User, *, at: datetime) -> Rupture:
    return note_rupture(patient=patient, kind="unclear", note="", by=clinician, at=at)


def told() -> list[str]:
    """Return the rules of what was raised, in order."""
    return list(Signal.objects.order_by("raised_at", "rule").values_list("rule", flat=True))


def test_the_rating_back_and_the_word_for_it_repair_a_strain(
    patient: Patient, clinician: User
) -> None:
    strained(patient)
    rupture = noted(patient, clinician, at=week(4.5))

    rated(patient, 5, 8)
    rated(patient, 6, 8, mended=3)

    rupture.refresh_from_db()
    assert (rupture.repaired_at, rupture.repaired_by) == (week(6), patient.account)
    assert told() == ["RUP.R1", "REPAIR.BACK"]
    trail = AuditEvent.objects.filter(verb="therapy.rupture.repair").get()
    assert (trail.actor, trail.patient) == (patient.account_id, patient.pk)


@pytest.mark.parametrize(
    ("levels", "mended"),
    [
        ((8, 8), 2),  # partly
        ((8, 8), None),  # not said
        ((4, 4), 4),  # said, but the ratings stay low
    ],
)
def test_one_of_the_two_alone_repairs_nothing(
    patient: Patient, clinician: User, levels: tuple[int, int], mended: int | None
) -> None:
    strained(patient)
    rupture = noted(patient, clinician, at=week(4.5))

    rated(patient, 5, levels[0])
    rated(patient, 6, levels[1], mended=mended)

    rupture.refresh_from_db()
    assert rupture.is_open
    assert "REPAIR.BACK" not in told()


def test_without_any_strain_the_word_repairs_nothing(patient: Patient) -> None:
    for number in range(4):
        rated(patient, number, 8, mended=4)

    assert told() == []


def test_a_strain_found_mended_is_told_once(patient: Patient) -> None:
    strained(patient)
    for number in (5, 6, 7):
        rated(patient, number, 8, mended=4)

    assert told().count("REPAIR.BACK") == 1


def test_the_signal_of_the_dip_stays_for_the_clinician_to_close(patient: Patient) -> None:
    dip = strained(patient)
    rated(patient, 5, 8)
    rated(patient, 6, 8, mended=4)

    dip.refresh_from_db()

    assert dip.state == Signal.State.OPEN


def test_nothing_is_found_where_signals_are_off(patient: Patient, clinician: User) -> None:
    strained(patient)
    rupture = noted(patient, clinician, at=week(4.5))
    Practice.objects.update(signals_on=False)

    rated(patient, 5, 8)
    rated(patient, 6, 8, mended=4)

    rupture.refresh_from_db()
    assert rupture.is_open


def test_the_reminder_rests_with_the_last_strain_but_not_before(
    patient: Patient, clinician: User
) -> None:
    old = noted(patient, clinician, at=week(0))
    (reminder,) = notice_open_ruptures(at=week(4))
    for number in range(6):
        rated(patient, number + 4, 8)
    new = noted(patient, clinician, at=week(9.5))

    rated(patient, 10, 8, mended=4)

    for one in (old, new, reminder):
        one.refresh_from_db()
    assert (old.is_open, new.is_open) == (True, False)
    assert reminder.state == Signal.State.OPEN


def test_the_reminder_rests_when_all_is_mended(patient: Patient, clinician: User) -> None:
    for number in range(4):
        rated(patient, number, 8)
    rupture = noted(patient, clinician, at=week(3.5))
    (reminder,) = notice_open_ruptures(at=week(7.5))

    rated(patient, 7, 8, mended=4)

    rupture.refresh_from_db()
    reminder.refresh_from_db()
    assert not rupture.is_open
    assert reminder.state == Signal.State.CLOSED
    assert (reminder.acts.get().by, reminder.acts.get().reason_code) == (
        patient.account,
        "repaired",
    )


# What nobody said is mended.


def test_a_dip_that_nobody_said_is_mended_is_called_to_mind(patient: Patient) -> None:
    strained(patient)

    assert notice_open_ruptures(at=week(7.9)) == []
    (reminder,) = notice_open_ruptures(at=week(8))

    assert reminder.rule == "OPEN"
    assert reminder.because[0]["label"] == "A low rating or tension, no repair since"
    assert notice_open_ruptures(at=week(9)) == []


@pytest.mark.parametrize("how", ["closed", "found", "noted"])
def test_a_dip_that_was_dealt_with_is_not(patient: Patient, clinician: User, how: str) -> None:
    dip = strained(patient)
    if how == "closed":
        act_on_signal(signal=dip, act="closed", by=clinician, at=week(5))
    elif how == "found":
        rated(patient, 5, 8)
        rated(patient, 6, 8, mended=4)
    else:
        rupture = noted(patient, clinician, at=week(4.5))
        Rupture.objects.filter(pk=rupture.pk).update(repaired_at=week(5), repaired_by=clinician)

    assert notice_open_ruptures(at=week(10)) == []


# Who may say so.


def test_only_the_patient_says_that_it_is_mended(patient: Patient, clinician: User) -> None:
    rupture = noted(patient, clinician, at=NOW)
    other = make.the_account(make.a_patient(of=clinician))

    for user in (clinician, other):
        assert not can_say_mended(user, rupture)
        with pytest.raises(PermissionDenied, match="Only the patient"):
            say_mended(rupture=rupture, by=user, at=week(1))
    assert can_say_mended(make.the_account(patient), rupture)


def test_it_is_said_once(patient: Patient, clinician: User) -> None:
    rupture, account = noted(patient, clinician, at=NOW), make.the_account(patient)
    say_mended(rupture=rupture, by=account, at=week(1))

    with pytest.raises(PermissionDenied, match="already repaired"):
        say_mended(rupture=rupture, by=account, at=week(2))


def test_a_patients_word_closes_nothing_but_a_reminder(
    patient: Patient, clinician: User
) -> None:
    dip, account = strained(patient), make.the_account(patient)
    (reminder,) = notice_open_ruptures(at=week(8))

    for signal, user in ((dip, account), (reminder, clinician)):
        assert not can_let_rest(user, signal)
        with pytest.raises(PermissionDenied, match="Only a reminder"):
            let_rest(signal=signal, by=user, at=week(9), reason_code="repaired")
    rested = let_rest(signal=reminder, by=account, at=week(9), reason_code="repaired")
    with pytest.raises(PermissionDenied, match="closed already"):
        let_rest(signal=rested, by=account, at=week(9), reason_code="repaired")
