"""Responses and scores by who may see them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.measurement.models import Response, Score
from securebase.people.access.words import Category, Thing
from securebase.people.accounts.models import User

MEASURED = Thing(Category.MEASURE, released=True)
"""Answers and scores are the patient's to see."""

STILL_KNOWN = timedelta(days=60)
"""How long an answer counts as data about how somebody is now."""


def responses_visible_to(user: User, *, at: datetime) -> QuerySet[Response]:
    """Return the responses of everybody whose answers this person may see."""
    return Response.objects.filter(patient__in=patients_open_to(user, MEASURED, at=at))


def scores_visible_to(user: User, *, at: datetime) -> QuerySet[Score]:
    """Return the scores of everybody whose answers this person may see."""
    return Score.objects.filter(patient__in=patients_open_to(user, MEASURED, at=at))


def instruments_answered(patient: Patient, *, at: datetime) -> set[str]:
    """Return what is known of a patient lately: slugs of instruments, and attendance."""
    recent = Response.objects.filter(
        patient=patient, answered_at__gt=at - STILL_KNOWN, answered_at__lte=at
    ).exclude(answers={})
    return {"attendance", *recent.order_by().values_list("instrument", flat=True).distinct()}
