"""What gets in the way outside therapy: one person of the demo says so, and wants help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.models import Signal
from securebase.people.accounts.models import User
from securebase.stories.demo.cast import ZONE, told
from securebase.stories.enter_answers import PaperForm, enter_answers


def name_needs(patients: Sequence[Patient], *, clinician: User, at: datetime) -> None:
    """Enter a form from the waiting room, for the first person nothing else is said of."""
    known = told()["needs"]
    today = at.astimezone(ZoneInfo(ZONE)).date()
    form = PaperForm(
        instrument=known["form"],
        answers=known["answers"],
        filled_on=today - timedelta(days=known["ago"]),
        key=uuid4(),
    )
    enter_answers(patient=_quiet(patients), form=form, by=clinician, at=at)


def _quiet(patients: Sequence[Patient]) -> Patient:
    waiting = set(
        Signal.objects.filter(state=Signal.State.OPEN).values_list("patient", flat=True)
    )
    return next((one for one in patients if one.pk not in waiting), patients[-1])
