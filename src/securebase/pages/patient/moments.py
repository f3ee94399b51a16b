"""Times as the patient lives them: in their own zone, with who reads and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.care.cover import covers_of, reader_at, reading_bonds
from securebase.clinic.care.days import last_day
from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.queries import bond_of_record, patients_visible_to, the_practice
from securebase.pages.shared.asking import form_page
from securebase.people.accounts.models import User

WEEK = (
    gettext_noop("Monday"), gettext_noop("Tuesday"), gettext_noop("Wednesday"),
    gettext_noop("Thursday"), gettext_noop("Friday"), gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CoverTold:
    """Who reads while the clinician of record is away; days on the patient's calendar."""

    away: str
    covering: str
    since: datetime
    now: bool
    last: date | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what the patient sends, on which days, and by when the next time."""

    name: str
    days: str
    by: datetime


def own_record(user: User, *, at: datetime) -> Patient:
    """Return the record of the person who asks; 404 if they have none."""
    return get_object_or_404(patients_visible_to(user, at=at), account=user)


def reader_of(patient: Patient, *, after: datetime, at: datetime) -> Reader | None:
    """Return who reads next after a moment; None while nobody is named."""
    bonds, practice = reading_bonds(patient, at=at), the_practice()
    bond = reader_at((one for one in bonds if one.part == Care.Part.OF_RECORD), at=at)
    if bond is None or practice is None:
        return None
    by = next_reading(bond, after=after, zone=practice.time_zone)
    reading = reader_at(bonds, at=by) or bond
    return Reader(
        name=reading.clinician.get_full_name(),
        days=days_in_words(bond.reading_days),
        by=by,
    )


def covers_told(patient: Patient, *, at: datetime) -> list[CoverTold]:
    """Return who stands in, now or to come, in the words the patient is told."""
    bond = bond_of_record(patient, at=at)
    return [
        CoverTold(
            away=bond.clinician.get_full_name(),
            covering=cover.clinician.get_full_name(),
            since=cover.since,
            now=cover.since <= at,
            last=last_day(cover.until, patient.time_zone) if cover.until else None,
        )
        for cover in covers_of(patient, at=at)
        if bond is not None
    ]


def days_in_words(days: list[int]) -> str:
    """Return weekdays as one says them: "Monday and Thursday", or "every day"."""
    if set(days) == set(range(5)):
        return gettext("on weekdays")
    names = [gettext(WEEK[day]) for day in sorted(set(days))]
    if len(names) in (0, len(WEEK)):
        return gettext("every day")
    last = gettext(" and ").join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return gettext("every %(days)s") % {"days": last}


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    patient: Patient,
    form: forms.Form | None = None,
    status: int | None = None,
) -> HttpResponse:
    """Show a page, with its form if it has one, and every time in the patient's own zone."""
    with timezone.override(ZoneInfo(patient.time_zone)):
        if form is not None:
            return form_page(request, template, form, context, status=status)
        return render(request, template, context, status=status)
