"""A strain was talked through and mended: it is noted, and its reminder comes to rest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import act_on_signal, episode_at_hand, let_rest
from securebase.clinic.episodes.following import dose_of
from securebase.clinic.episodes.models import Signal, SignalAct
from securebase.clinic.therapy.actions import repair_rupture, say_mended
from securebase.clinic.therapy.models import Rupture
from securebase.clinic.therapy.queries import strains_open
from securebase.people.accounts.models import User
from securebase.science.signals.rules import load_rules
from securebase.science.words import Kind

REPAIRED = "repaired"


@transaction.atomic
def repair_found(*, rupture: Rupture, because: str, by: User, at: datetime) -> Rupture:
    """Close a strain as a clinician; with the last open one its reminder closes too.

    ``because`` is kept in the log, and says so if the patient did not say it themselves.
    The signal of the dip itself stays as it is: whether that was this strain is for
    the clinician to say.
    """
    rupture = repair_rupture(rupture=rupture, because=because, by=by, at=at)
    if rupture.patient.ruptures.filter(repaired_at__isnull=True).exists():
        return rupture
    for reminder in _reminders(rupture.patient):
        act_on_signal(
            signal=reminder, act=SignalAct.Act.CLOSED, by=by, at=at, reason_code=REPAIRED
        )
    return rupture


@transaction.atomic
def mended_by_word(*, rupture: Rupture, by: User, at: datetime) -> Rupture:
    """Note that the patient says it is mended; with the last open one its reminder rests."""
    rupture = say_mended(rupture=rupture, by=by, at=at)
    if not rupture.patient.ruptures.filter(repaired_at__isnull=True).exists():
        for reminder in _reminders(rupture.patient):
            let_rest(signal=reminder, by=by, at=at, reason_code=REPAIRED)
    return rupture


@transaction.atomic
def repair_said(*, patient: Patient, by: User, at: datetime) -> None:
    """Note that a patient said it is mended, and the ratings agree.

    Strains of the last sessions are repaired in the patient's name; older ones are left
    to the two of them. With the last open one the reminder rests.
    """
    episode = episode_at_hand(patient=patient, at=at)
    dose = dose_of(episode, at=at)
    within = load_rules()["REPAIR.BACK"].thresholds["sessions"]
    still_open = 0
    for rupture in strains_open(patient.pk, since=dose.start):
        if dose.behind(at) - dose.behind(rupture.noticed_at) <= within:
            say_mended(rupture=rupture, by=by, at=at)
        else:
            still_open += 1
    if not still_open:
        for reminder in _reminders(patient):
            let_rest(signal=reminder, by=by, at=at, reason_code=REPAIRED)


def _reminders(patient: Patient) -> list[Signal]:
    """Return the reminders of open strains that are not closed."""
    kept = Signal.objects.filter(patient=patient, kind=Kind.OPEN_RUPTURE.value)
    return list(kept.exclude(state=Signal.State.CLOSED))
