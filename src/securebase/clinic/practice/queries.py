"""Doings and kits by whose they are, and what the doings say of each exercise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.practice.models import (
    AnsweredOffline,
    Doing,
    HelpShared,
    KitEntry,
    SetAside,
)
from securebase.people.accounts.models import User
from securebase.science.exercises import Exercise, exercises
from securebase.science.helpfulness import Helped, helped
from securebase.science.kit_terms import help_terms


def kit_visible_to(user: User, *, at: datetime) -> QuerySet[KitEntry]:
    """Return the person's own kit in its order; nobody sees anybody else's."""
    mine = KitEntry.objects.filter(patient__account=user, added_at__lte=at)
    return mine.select_related("patient", "file").defer("file__content")


def doings_visible_to(user: User, *, at: datetime) -> QuerySet[Doing]:
    """Return the person's own doings, the newest first."""
    mine = Doing.objects.filter(patient__account=user, done_at__lte=at)
    return mine.select_related("patient")


def help_of(patient: Patient, *, until: datetime) -> dict[str, Helped]:
    """Return what the doings say, for each exercise there is, by slug; one query."""
    done: defaultdict[str, list[Doing]] = defaultdict(list)
    for doing in Doing.objects.filter(patient=patient, done_at__lte=until):
        done[doing.exercise].append(doing)
    return {one.slug: _help(done[one.slug]) for one in exercises()}


def by_help(chosen: Iterable[Exercise], help: dict[str, Helped]) -> list[Exercise]:  # noqa: A002
    """Return exercises with those first that helped most; the others keep their order."""
    return sorted(chosen, key=lambda one: -help[one.slug].mean)


def exercises_aside(patient: Patient) -> set[str]:
    """Return the slugs of what made things worse and is not suggested."""
    return set(SetAside.objects.filter(patient=patient).values_list("exercise", flat=True))


def shares_help(patient: Patient) -> bool:
    """Whether those who treat the patient may see which exercises help."""
    return HelpShared.objects.filter(patient=patient).exists()


def doings_shared_by(patient: Patient, *, since: datetime, until: datetime) -> QuerySet[Doing]:
    """Return doings, oldest first, if the patient shares which exercises help; else none."""
    return Doing.objects.filter(
        patient=patient,
        patient__in=HelpShared.objects.values("patient"),
        done_at__gt=since,
        done_at__lte=until,
    ).order_by("done_at")


def answered_offline(checkins: Iterable[UUID]) -> dict[UUID, AnsweredOffline]:
    """Return, by check-in, when those answered without a connection were answered."""
    return AnsweredOffline.objects.in_bulk(list(checkins))


def _help(doings: list[Doing]) -> Helped:
    tally = Counter(doing.made_worse for doing in doings)
    changes = [change for doing in doings if (change := _change(doing)) is not None]
    return helped(changes, times=len(doings), worse=tally[True])


def _change(doing: Doing) -> float | None:
    """Return by how much distress went down; None if that was not said."""
    if doing.before is not None and doing.after is not None:
        return float(doing.before - doing.after)
    return help_terms().worse_change if doing.made_worse else None
