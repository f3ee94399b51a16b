"""Moments of safety: something out of the kit, shown at times the patient chose.

Nobody else chooses it, nothing is sent, and it is off until it is set.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.models import ChosenForMoments, KitEntry, Moments
from securebase.clinic.practice.policies import check_can_keep
from securebase.clinic.practice.queries import kit_visible_to
from securebase.content import content_toml
from securebase.people.accounts.models import User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

FILE = "priming.toml"


@transaction.atomic
def choose_moments(
    *,
    patient: Patient,
    entries: Collection[KitEntry],
    times: Collection[time],
    by: User,
    at: datetime,
) -> Moments | None:
    """Keep what is shown and when; with nothing chosen or no time it is off again."""
    check_can_keep(by, patient, at=at)
    told = sorted(set(times))
    if len(told) > most_times():
        raise ValidationError(
            {"times": gettext("Choose up to %(most)s times a day.") % {"most": most_times()}}
        )
    ChosenForMoments.objects.filter(patient=patient).delete()
    Moments.objects.filter(patient=patient).delete()
    kept = None
    if told and entries:
        ChosenForMoments.objects.bulk_create(
            ChosenForMoments(entry=entry, patient=patient) for entry in entries
        )
        kept = Moments.objects.create(
            patient=patient, times=[f"{one:%H:%M}" for one in told], since=at
        )
    trail.record(Verb.MOMENTS_CHOOSE, by=by, at=at, patient=patient.pk)
    return kept


def chosen_times(patient: Patient) -> list[time]:
    """Return the times that are chosen; none while it is off."""
    kept = Moments.objects.filter(patient=patient).first()
    return [time.fromisoformat(told) for told in kept.times] if kept else []


def entry_for_now(user: User, patient: Patient, *, at: datetime) -> KitEntry | None:
    """Return what is shown at this moment; None between the chosen times."""
    begun = begun_at(chosen_times(patient), at=at, zone=patient.time_zone)
    if begun is None:
        return None
    chosen = list(kit_visible_to(user, at=at).filter(for_moments__isnull=False))
    return of_the_turn(chosen, begun) if chosen else None


def begun_at(times: Sequence[time], *, at: datetime, zone: str) -> datetime | None:
    """Return when the moment that lasts now began; None if none does. Pure."""
    here = at.astimezone(ZoneInfo(zone))
    days: tuple[date, ...] = (here.date(), here.date() - timedelta(days=1))
    begun = [
        datetime.combine(day, told, ZoneInfo(zone)).astimezone(UTC)
        for day in days
        for told in times
    ]
    lasting = (one for one in begun if timedelta() <= at - one < shown_for())
    return max(lasting, default=None)


def of_the_turn(chosen: Sequence[KitEntry], begun: datetime) -> KitEntry:
    """Return one of what was chosen, each in its turn and the same all through a moment."""
    hours = int(begun.timestamp()) // 3600
    return chosen[hours % len(chosen)]


def most_times() -> int:
    """Return how many times a day may be chosen."""
    return int(_read()["moments"]["times_a_day"])


def shown_for() -> timedelta:
    """Return how long a moment lasts."""
    return timedelta(hours=_read()["moments"]["shown_hours"])


@cache
def _read() -> dict[str, Any]:
    return content_toml(FILE)
