"""Supervision: a contract that opens a clinician's work to a supervisor, by initials."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from securebase.clinic.care.days import Days
from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Care, Patient, Supervision
from securebase.clinic.care.queries import open_bonds
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

ALREADY = "These two have a contract in these days already. End it first, or begin later."


def supervisors() -> QuerySet[User]:
    """Return everybody who may be chosen as a supervisor."""
    held = RoleHeld.objects.filter(role=Role.SUPERVISOR, until__isnull=True)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def clinicians() -> QuerySet[User]:
    """Return everybody whose work may be supervised."""
    held = RoleHeld.objects.filter(role=Role.CLINICIAN, until__isnull=True)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def contracts_not_over(*, at: datetime) -> QuerySet[Supervision]:
    """Return contracts that hold now or are still to come; one ended early is neither."""
    ahead = Supervision.objects.filter(Q(until__gt=at) & Q(until__gt=F("since")))
    return ahead.select_related("supervisor", "supervisee")


def contracts_visible_to(user: User, *, at: datetime) -> QuerySet[Supervision]:
    """Return the contracts a person may see: their own, and all of them for a host."""
    contracts = contracts_not_over(at=at)
    if user.holds(Role.HOST):
        return contracts
    return contracts.filter(Q(supervisor=user) | Q(supervisee=user))


def supervisees_of(user: User, *, at: datetime) -> QuerySet[Supervision]:
    """Return the contracts through which this supervisor sees somebody's work now."""
    held = Supervision.objects.filter(open_bonds(at), supervisor=user)
    return held.select_related("supervisee") if user.holds(Role.SUPERVISOR) else held.none()


def patients_supervised_by(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the people whose clinician of record this supervisor supervises now.

    Never somebody whom the supervisor is: one's own record is not seen from this side.
    """
    clinicians = supervisees_of(user, at=at).values("supervisee")
    bonds = Care.objects.filter(
        open_bonds(at), part=Care.Part.OF_RECORD, clinician__in=clinicians
    )
    return Patient.objects.filter(pk__in=bonds.values("patient")).exclude(account=user)


def check_can_supervise(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless a contract opens the work with this patient to this supervisor now."""
    if not patients_supervised_by(user, at=at).filter(pk=patient.pk).exists():
        raise PermissionDenied("No supervision contract opens this work to you now.")


def can_supervise(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether a contract opens the work with this patient to this supervisor now."""
    return granted(check_can_supervise, user, patient, at=at)


def check_can_agree(user: User, supervisee: User) -> None:
    """Raise unless this person may record a contract: a host, or the one supervised."""
    if user.holds(Role.HOST):
        return
    if not (user.pk == supervisee.pk and user.holds(Role.CLINICIAN)):
        raise PermissionDenied("A host records supervision, or the clinician supervised.")


def can_agree(user: User, supervisee: User) -> bool:
    """Whether this person may record a supervision contract of this clinician."""
    return granted(check_can_agree, user, supervisee)


def check_can_end_supervision(user: User, contract: Supervision, *, at: datetime) -> None:
    """Raise unless the contract goes on and this person is part of it, or a host."""
    if contract.until <= max(at, contract.since):
        raise PermissionDenied("This contract is over already.")
    part_of_it = user.pk in (contract.supervisor_id, contract.supervisee_id)
    if not (part_of_it or user.holds(Role.HOST)):
        raise PermissionDenied("Only those who agreed on it, or a host, end a supervision.")


def can_end_supervision(user: User, contract: Supervision, *, at: datetime) -> bool:
    """Whether this person may end this contract now."""
    return granted(check_can_end_supervision, user, contract, at=at)


@transaction.atomic
def agree_on_supervision(
    *,
    supervisor: User,
    supervisee: User,
    days: Days,
    by: User,
    at: datetime,
    note: str = "",
) -> Supervision:
    """Record who supervises whom, from when until when, and what was agreed."""
    check_can_agree(by, supervisee)
    _check_pair(supervisor, supervisee)
    days.check(most=limits().supervision, at=at)
    User.objects.select_for_update(no_key=True).get(pk=supervisee.pk)
    since, until = days.since(at=at), days.until
    between = contracts_not_over(at=at).filter(supervisor=supervisor, supervisee=supervisee)
    if between.filter(since__lt=until, until__gt=since).exists():
        raise ValidationError({"first": ALREADY})
    contract = Supervision.objects.create(
        supervisor=supervisor,
        supervisee=supervisee,
        since=since,
        until=until,
        note=note.strip(),
    )
    trail.record(Verb.SUPERVISION_BEGIN, by=by, at=at, about=contract)
    return contract


@transaction.atomic
def end_supervision(*, contract: Supervision, by: User, at: datetime) -> Supervision:
    """End a contract before its day; the work closes to the supervisor at once."""
    contract = Supervision.objects.select_for_update(no_key=True).get(pk=contract.pk)
    check_can_end_supervision(by, contract, at=at)
    contract.until = max(at, contract.since)
    contract.save(update_fields=["until"])
    trail.record(Verb.SUPERVISION_END, by=by, at=at, about=contract)
    return contract


@transaction.atomic
def note_supervised_list(*, by: User, at: datetime) -> None:
    """Put on the trail that a supervisor looked at the list of initials."""
    if not by.holds(Role.SUPERVISOR):
        raise PermissionDenied("Only a supervisor opens this list.")
    trail.record(Verb.SUPERVISION_LIST, by=by, at=at)


@transaction.atomic
def note_supervised_read(*, patient: Patient, by: User, at: datetime) -> None:
    """Put on the trail that a supervisor looked at the work with one person."""
    check_can_supervise(by, patient, at=at)
    trail.record(Verb.SUPERVISION_READ, by=by, at=at, patient=patient.pk, about=patient)


def _check_pair(supervisor: User, supervisee: User) -> None:
    if supervisor.pk == supervisee.pk:
        raise ValidationError({"supervisor": "Nobody supervises themselves. Choose another."})
    if not supervisor.holds(Role.SUPERVISOR) or not supervisor.is_active:
        raise ValidationError({"supervisor": "This account is not a supervisor's."})
    if not supervisee.holds(Role.CLINICIAN) or not supervisee.is_active:
        raise ValidationError({"supervisee": "Only a clinician's work is supervised."})
