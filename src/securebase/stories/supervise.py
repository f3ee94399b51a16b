"""A supervisor looks at a clinician's work: people by initials, never by name.

What is seen is how the work goes: phase, open strains, what asked for a look, and what
was decided and why. Nobody is ranked, nothing is counted against anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from securebase.clinic.care.models import Care, Patient, Supervision
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.care.supervision import (
    note_supervised_list,
    note_supervised_read,
    patients_supervised_by,
    supervisees_of,
)
from securebase.clinic.episodes.models import Episode, Signal, SignalAct
from securebase.clinic.guidance.models import Proceeding
from securebase.clinic.therapy.models import Rupture
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys
from securebase.stories.open_record import Noticed, Record, gather, offers_of
from securebase.stories.open_today import urgency, waiting_signals

T = TypeVar("T", Rupture, Signal)


@dataclass(frozen=True, slots=True)
class Supervised:
    """One person in a supervised clinician's care."""

    patient: Patient
    """Shown by initials."""
    episode: Episode | None
    strains: tuple[Rupture, ...]
    """Open ones, the longest open first."""
    signals: tuple[Signal, ...]
    """Those that ask for a look now, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Supervisee:
    """One contract, and the work it opens."""

    contract: Supervision
    people: tuple[Supervised, ...]


@dataclass(frozen=True, slots=True)
class Handled:
    """One signal, what was offered and decided, and what else was done about it."""

    noticed: Noticed
    acts: tuple[SignalAct, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """The work with one person, as a supervisor reads it."""

    record: Record
    handled: tuple[Handled, ...]
    proceedings: tuple[Proceeding, ...]
    """Decisions to begin trauma work, each with its reason."""


@transaction.atomic
def list_supervised(*, by: User, at: datetime) -> list[Supervisee]:
    """Return every clinician supervised now and the people in their care."""
    note_supervised_list(by=by, at=at)
    contracts = list(supervisees_of(by, at=at))
    people = {one.patient.pk: one for one in _people(by, at=at)}
    bonds = Care.objects.filter(
        open_bonds(at),
        part=Care.Part.OF_RECORD,
        clinician__in=[contract.supervisee_id for contract in contracts],
        patient__in=list(people),
    )
    of_clinician: dict[UUID, list[Supervised]] = defaultdict(list)
    for bond in bonds:
        of_clinician[bond.clinician_id].append(people[bond.patient_id])
    hold_keys(contract.supervisee_id for contract in contracts)
    return [Supervisee(c, _in_order(of_clinician[c.supervisee_id])) for c in contracts]


@transaction.atomic
def read_supervised(*, patient: Patient, by: User, at: datetime) -> Work:
    """Return the work with one person, without process notes, and note the reading."""
    note_supervised_read(patient=patient, by=by, at=at)
    record = gather(patient, at=at)
    for rupture in record.ruptures:
        rupture.note = ""
    acts: dict[UUID, list[SignalAct]] = defaultdict(list)
    for act in SignalAct.objects.filter(signal__patient=patient).select_related("by"):
        acts[act.signal_id].append(act)
    offers = offers_of(record.closed)
    closed = [Noticed(signal, offers.get(signal.pk, ())) for signal in record.closed]
    handled = [Handled(one, tuple(acts[one.signal.pk])) for one in (*record.noticed, *closed)]
    decided = Proceeding.objects.filter(patient=patient).select_related("by")
    return Work(record=record, handled=tuple(handled), proceedings=tuple(decided))


def _people(by: User, *, at: datetime) -> list[Supervised]:
    patients = list(patients_supervised_by(by, at=at))
    hold_keys(patient.pk for patient in patients)
    mine = Patient.objects.filter(pk__in=[patient.pk for patient in patients])
    open_spans = Episode.objects.filter(patient__in=mine, closed_at__isnull=True)
    episodes = {episode.patient_id: episode for episode in open_spans}
    waiting = Rupture.objects.filter(patient__in=mine, repaired_at__isnull=True)
    strains = _by_patient(waiting.order_by("noticed_at"))
    signals = _by_patient(sorted(waiting_signals(mine, at=at), key=urgency))
    return [
        Supervised(
            patient=patient,
            episode=episodes.get(patient.pk),
            strains=tuple(strains[patient.pk]),
            signals=tuple(signals[patient.pk]),
        )
        for patient in patients
    ]


def _by_patient(things: Iterable[T]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for thing in things:
        found[thing.patient_id].append(thing)
    return found


def _in_order(people: Iterable[Supervised]) -> tuple[Supervised, ...]:
    """Put those with open strains and signals first, then by initials."""

    def place(one: Supervised) -> tuple[bool, str]:
        return not (one.strains or one.signals), one.patient.initials

    return tuple(sorted(people, key=place))
