"""A strain was talked through and mended: it is noted, and its reminder comes to rest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from securebase.clinic.episodes.actions import act_on_signal
from securebase.clinic.episodes.models import Signal, SignalAct
from securebase.clinic.therapy.actions import repair_rupture
from securebase.clinic.therapy.models import Rupture
from securebase.people.accounts.models import User
from securebase.science.words import Kind

REPAIRED = "repaired"


@transaction.atomic
def repair_found(*, rupture: Rupture, by: User, at: datetime) -> Rupture:
    """Note the repair; with the last open strain its reminder closes too.

    The signal of the dip itself stays as it is: whether that was this strain is for
    the clinician to say.
    """
    rupture = repair_rupture(rupture=rupture, by=by, at=at)
    if rupture.patient.ruptures.filter(repaired_at__isnull=True).exists():
        return rupture
    reminders = Signal.objects.filter(
        patient=rupture.patient, kind=Kind.OPEN_RUPTURE.value
    ).exclude(state=Signal.State.CLOSED)
    for reminder in reminders:
        act_on_signal(
            signal=reminder, act=SignalAct.Act.CLOSED, by=by, at=at, reason_code=REPAIRED
        )
    return rupture
