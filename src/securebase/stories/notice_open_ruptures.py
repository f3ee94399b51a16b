"""A strain was noted or noticed and never its repair: the clinician is reminded.

Strains left open are the ones that matter, and they are easily taken for mended.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from securebase.clinic.care.queries import the_practice
from securebase.clinic.episodes.following import dose_of, raise_signals
from securebase.clinic.episodes.models import Episode, Signal
from securebase.clinic.episodes.queries import strains_told_of
from securebase.clinic.guidance.actions import suggest_for
from securebase.clinic.measurement.queries import instruments_answered
from securebase.clinic.therapy.queries import strains_waiting
from securebase.science.signals.assess import Situation
from securebase.science.signals.open_strain import Strain, open_strain
from securebase.science.signals.rules import load_rules
from securebase.science.words import Kind

TOLD_OF = "A low rating or tension, no repair since"


@transaction.atomic
def notice_open_ruptures(*, at: datetime) -> list[Signal]:
    """Return the signals that strains open for too long raised now.

    A second run at the same moment changes nothing, and of two runs at once one waits
    for the other. Somebody who has been reminded is left alone until the signal is closed.
    """
    practice = the_practice()
    if practice is None or not practice.signals_on:
        return []
    due = _due(at)
    if not due:
        return []
    episodes = (
        Episode.objects.select_for_update(no_key=True, of=("self",))
        .filter(patient__in=due, closed_at__isnull=True)
        .select_related("patient")
        .order_by("pk")
    )
    return [
        signal
        for episode in episodes
        for signal in _noticed(episode, due[episode.patient_id], at=at)
    ]


def _due(at: datetime) -> dict[UUID, Strain]:
    """Return the strain to speak of for each person who has one and was not reminded."""
    rules = load_rules()
    due: dict[UUID, Strain] = {}
    for patient, noticed, held in strains_waiting(at=at):
        strain = Strain(noticed=noticed, held=held)
        if open_strain(strain, rules, at=at) is not None:
            due.setdefault(patient, strain)
    for patient, noticed, held in strains_told_of(at=at):
        strain = Strain(noticed=noticed, held=held, label=TOLD_OF)
        if open_strain(strain, rules, at=at) is not None:
            due.setdefault(patient, strain)
    reminded = Signal.objects.filter(patient__in=due, kind=Kind.OPEN_RUPTURE.value).exclude(
        state=Signal.State.CLOSED
    )
    for patient in reminded.order_by().values_list("patient_id", flat=True):
        due.pop(patient, None)
    return due


def _noticed(episode: Episode, strain: Strain, *, at: datetime) -> list[Signal]:
    signals = raise_signals(
        episode=episode,
        situation=Situation(at=at, session=0.0, strain=strain),
        dose=dose_of(episode, at=at),
    )
    if signals:
        measured = instruments_answered(episode.patient, at=at)
        suggest_for(signals=signals, measured=measured, at=at)
    return signals
