"""What the demo's practice measured of attachment before, and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.targets import name_target
from securebase.people.accounts.models import User
from securebase.stories.demo.cast import ZONE, told
from securebase.stories.enter_answers import PaperForm, enter_answers
from securebase.stories.import_history import import_history, preview_history

HEAD = "at,ecr-r.anxiety,ecr-r.avoidance"
FORM = "ecr-rs"


def measure_attachment(patients: Sequence[Patient], *, clinician: User, at: datetime) -> None:
    """Add past scores from a file and papers about people, for the first of the cast."""
    for patient, known in zip(patients, told()["attachment"], strict=False):
        _past_scores(patient, known["scores"], clinician=clinician, at=at)
        for about in known.get("about", ()):
            _papers(patient, about, clinician=clinician, at=at)


def _past_scores(
    patient: Patient, scores: Sequence[Sequence[float]], *, clinician: User, at: datetime
) -> None:
    rows = [
        f"{at - timedelta(weeks=weeks):%Y-%m-%d},{anxiety},{avoidance}"
        for weeks, anxiety, avoidance in scores
    ]
    raw = "\n".join([HEAD, *rows]).encode()
    preview = preview_history(raw=raw, patient=patient, by=clinician, at=at)
    import_history(patient=patient, preview=preview, by=clinician, at=at)


def _papers(
    patient: Patient, about: Mapping[str, Any], *, clinician: User, at: datetime
) -> None:
    target = name_target(
        patient=patient, kind=about["kind"], name=about["name"], by=clinician, at=at
    )
    today = at.astimezone(ZoneInfo(ZONE)).date()
    for weeks, *answers in about["papers"]:
        form = PaperForm(
            instrument=FORM,
            answers={str(n): value for n, value in enumerate(answers, start=1)},
            filled_on=today - timedelta(weeks=weeks),
            key=uuid4(),
            target=target,
        )
        enter_answers(patient=patient, form=form, by=clinician, at=at)
