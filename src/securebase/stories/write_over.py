"""Writing over what was read, and over nothing else: somebody may have been here first.

Whoever fills in a form saw what held when it was opened. The mark of that goes with the
form; if something else holds by now, nothing is written and both are shown. What is held
meanwhile is the row of the patient, so that of two who come at once one comes second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.therapy.models import AgreedInterval
from securebase.people.accounts.models import User

T = TypeVar("T")

NOTHING = "0"
"""The mark where nothing holds yet."""


@dataclass(frozen=True, slots=True)
class Stands:
    """What holds now, by its mark; by whom it was written and when, where that is known."""

    mark: str = NOTHING
    by: User | None = None
    at: datetime | None = None


Look = Callable[[], Stands]
"""Looks anew at what holds."""


class Overtaken(Exception):
    """Something else holds than what was read; nothing was written.

    ``now`` is what holds.
    """

    def __init__(self, now: Stands) -> None:
        super().__init__(f"What was read is not what holds: that has the mark {now.mark}.")
        self.now = now


@transaction.atomic
def write_over(*, patient: Patient, seen: str, look: Look, act: Callable[[], T]) -> T:
    """Do an act on one patient if what it writes over is still what was ``seen``.

    Raises
    ------
    Overtaken
        With what holds now, where somebody else was first.
    """
    Patient.objects.select_for_update(no_key=True, of=("self",)).get(pk=patient.pk)
    now = look()
    if now.mark != seen:
        raise Overtaken(now)
    return act()


def reading_of(care: Care) -> Stands:
    """Return what is promised about reading; the promise itself is its mark."""
    held = Care.objects.get(pk=care.pk)
    days = ",".join(str(day) for day in sorted(held.reading_days))
    return Stands(f"{days} {held.reading_by:%H:%M}")


def rhythm_of(patient: Patient) -> Stands:
    """Return the rhythm agreed last."""
    rhythms = Rhythm.objects.filter(patient=patient).select_related("planned_by")
    newest = rhythms.order_by("-planned_at", "-starts_on").first()
    if newest is None:
        return Stands()
    return Stands(str(rhythms.count()), newest.planned_by, newest.planned_at)


def interval_of(patient: Patient) -> Stands:
    """Return the agreement on the days between sessions."""
    newest = AgreedInterval.objects.filter(patient=patient).select_related("agreed_by").first()
    return Stands(str(newest.pk), newest.agreed_by, newest.agreed_at) if newest else Stands()


def phase_of(episode: Episode) -> Stands:
    """Return how often the work has moved to another phase, and the last time."""
    changes = episode.phase_changes.select_related("by")
    newest = changes.last()
    return Stands(str(changes.count()), newest.by, newest.at) if newest else Stands()


def acts_on(signal: Signal) -> Stands:
    """Return how often something was done about a signal, and the last time."""
    acts = signal.acts.select_related("by")
    newest = acts.last()
    return Stands(str(acts.count()), newest.by, newest.at) if newest else Stands()


def decision_on(suggestion: Suggestion) -> Stands:
    """Return the decision on a suggestion that was taken last."""
    newest = suggestion.decisions.select_related("by").first()
    return Stands(str(newest.pk), newest.by, newest.at) if newest else Stands()
