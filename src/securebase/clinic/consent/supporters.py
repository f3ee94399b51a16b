"""Somebody close whom a patient asks: adding them, removing them, and what is open to them."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import actor_of
from securebase.clinic.care.policies import is_own_record
from securebase.clinic.care.ties import ties_of
from securebase.clinic.consent.actions import withdraw
from securebase.clinic.consent.models import Entry, Supporter
from securebase.clinic.consent.queries import grants_in_force
from securebase.clinic.consent.words import SUPPORT, offered
from securebase.people.access.decide import decide
from securebase.people.access.words import Action, Category, Context, Kind, Thing
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

MOST = 10
"""People one patient may have asked at a time; a list longer than that is a mistake."""
SORTS = {Category.PLAN: Kind.CRISIS_STEPS, Category.SCHEDULE: Kind.ORDINARY}
"""What of each kind a supporter may ever see."""


def support_in_force(*, at: datetime) -> QuerySet[Entry]:
    """Return the grants to people close that hold at a moment."""
    return grants_in_force(at=at).filter(purpose=SUPPORT)


def supporters_visible_to(user: User, *, at: datetime) -> QuerySet[Supporter]:
    """Return whom a patient asked and did not remove: for the patient alone."""
    asked = Supporter.objects.filter(patient__account=user, asked_at__lte=at)
    found = asked.filter(removed_at__isnull=True)
    return found.select_related("patient", "account")


def asked_by_others(user: User, *, at: datetime) -> QuerySet[Supporter]:
    """Return through whom something is open to this supporter now."""
    if not (user.is_active and user.holds(Role.SUPPORTER)):
        return Supporter.objects.none()
    open_now = support_in_force(at=at).filter(recipient=user).values("patient")
    asked = Supporter.objects.filter(account=user, removed_at=None, patient__in=open_now)
    return asked.select_related("patient")


def open_to_supporter(user: User, patient: Patient, *, at: datetime) -> frozenset[Category]:
    """Return the kinds the one decision opens to somebody close now."""
    context, actor = Context(at, ties_of(user, patient, at=at)), actor_of(user)

    def is_open(category: Category) -> bool:
        thing = Thing(category, about=patient.pk, kind=SORTS[category], released=True)
        return decide(actor, Action.READ, thing, context).permitted

    shared = support_in_force(at=at).filter(recipient=user, patient=patient).exists()
    return frozenset(filter(is_open, offered().support.kinds)) if shared else frozenset()


def check_can_ask(user: User, patient: Patient) -> None:
    """Raise unless this is the patient: nobody else decides who is close to them."""
    if not is_own_record(user, patient):
        raise PermissionDenied("Only the patient decides who is there for them.")


def can_ask(user: User, patient: Patient) -> bool:
    """Whether this person may say who is there for the patient."""
    return granted(check_can_ask, user, patient)


def check_can_see_support(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless the patient shares anything with this person as somebody close."""
    if not open_to_supporter(user, patient, at=at):
        raise PermissionDenied("Nothing is shared with you here now.")


def can_see_support(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether the patient shares anything with this person as somebody close."""
    return granted(check_can_see_support, user, patient, at=at)


@transaction.atomic
def add_supporter(
    *, patient: Patient, account: User, name: str, called: str, by: User, at: datetime
) -> Supporter:
    """Put somebody close on the patient's list; asked again, the line that holds returns."""
    Patient.objects.select_for_update(no_key=True, of=("self",)).get(pk=patient.pk)
    check_can_ask(by, patient)
    if not name.strip():
        raise ValidationError({"name": "The name is empty. Write what they are called."})
    if not called.strip():
        raise ValidationError({"called": "This is empty. Write what they call you."})
    if account.pk == by.pk:
        raise ValidationError({"email": "This is your own address. Write theirs."})
    standing = Supporter.objects.filter(patient=patient, removed_at=None)
    held = standing.filter(account=account).first()
    if held is not None:
        return held
    if standing.count() >= MOST:
        raise ValidationError(f"You asked {MOST} people. Take somebody off first.")
    added = Supporter.objects.create(
        patient=patient,
        account=account,
        name=name.strip(),
        called=called.strip(),
        asked_at=at,
    )
    trail.record(Verb.SUPPORTER_ASK, by=by, at=at, patient=patient.pk, about=added)
    return added


@transaction.atomic
def remove_supporter(*, supporter: Supporter, by: User, at: datetime) -> Supporter:
    """Take somebody off the list, and back all that is shared with them. Nobody tells them."""
    check_can_ask(by, supporter.patient)
    locked = Supporter.objects.select_for_update(no_key=True, of=("self",)).get(pk=supporter.pk)
    if locked.removed_at is not None:
        return locked
    standing = Entry.objects.filter(
        act=Entry.Act.GRANT,
        patient=locked.patient_id,
        recipient=locked.account_id,
        purpose=SUPPORT,
        until__gt=at,
        withdrawal__isnull=True,
    )
    for consent in standing:
        withdraw(consent=consent, by=by, at=at)
    locked.removed_at = at
    locked.save(update_fields=["removed_at"])
    patient = locked.patient_id
    trail.record(Verb.SUPPORTER_REMOVE, by=by, at=at, patient=patient, about=locked)
    return locked


@transaction.atomic
def note_support_read(*, patient: Patient, by: User, at: datetime) -> frozenset[Category]:
    """Put on the trail each kind that somebody close is shown; return the kinds."""
    check_can_see_support(by, patient, at=at)
    shown = open_to_supporter(by, patient, at=at)
    for category in sorted(shown):
        trail.record(
            Verb.SUPPORT_READ,
            by=by,
            at=at,
            patient=patient.pk,
            reason=f"for {SUPPORT}",
            category=category.value,
        )
    return shown


@transaction.atomic
def note_support_list_read(*, by: User, at: datetime) -> None:
    """Put on the trail that a supporter looked at who shares with them."""
    if not by.holds(Role.SUPPORTER):
        raise PermissionDenied("Only a supporter has a list of people close to them.")
    trail.record(Verb.SUPPORT_LIST, by=by, at=at)
