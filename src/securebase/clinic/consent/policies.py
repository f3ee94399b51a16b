"""Who may propose and invite a partner, share, stop sharing, and read what is shared."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.opening import actor_of
from securebase.clinic.care.policies import is_own_record
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.care.ties import ties_of
from securebase.clinic.consent.models import Entry, Supporter
from securebase.clinic.consent.queries import KEPT, categories_open_to, partners_of
from securebase.clinic.consent.words import SUPPORT
from securebase.people.access.decide import decide
from securebase.people.access.words import Action, Category, Context, Thing
from securebase.people.accounts.models import Role, User
from securebase.people.accounts.permits import granted


def is_of_record(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this is the person's clinician of record now."""
    bonds = Care.objects.filter(open_bonds(at), clinician=user, patient=patient)
    return user.holds(Role.CLINICIAN) and bonds.filter(part=Care.Part.OF_RECORD).exists()


def check_can_propose(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is the person themselves or their clinician of record."""
    if not (is_own_record(user, patient) or is_of_record(user, patient, at=at)):
        raise PermissionDenied(
            "Only the patient or their clinician of record can propose a partner."
        )


def can_propose(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may propose somebody for the care team."""
    return granted(check_can_propose, user, patient, at=at)


def check_can_invite_partner(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is the clinician of record: they answer for who is invited."""
    if not is_of_record(user, patient, at=at):
        raise PermissionDenied("Only the clinician of record can invite a partner.")


def can_invite_partner(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may invite a partner to the care team."""
    return granted(check_can_invite_partner, user, patient, at=at)


def check_can_record(user: User, patient: Patient, method: str, *, at: datetime) -> None:
    """Raise unless this person may enter the patient's decision in this way.

    A patient decides on their own page. What was signed on paper, or said in a session,
    is entered by the clinician of record, and the ledger says so.
    """
    if method == Entry.Method.APP:
        if not is_own_record(user, patient):
            raise PermissionDenied("Only the patient decides what is shared.")
    elif not is_of_record(user, patient, at=at):
        raise PermissionDenied("Only the clinician of record enters a consent from paper.")


def can_record(user: User, patient: Patient, method: str, *, at: datetime) -> bool:
    """Whether this person may enter the patient's decision in this way."""
    return granted(check_can_record, user, patient, method, at=at)


def check_can_receive(recipient: User, patient: Patient, purpose: str = "") -> None:
    """Raise unless this partner, or for support somebody close, was asked by the person."""
    if purpose == SUPPORT:
        asked = Supporter.objects.filter(patient=patient, account=recipient, removed_at=None)
        if not (asked.exists() and recipient.holds(Role.SUPPORTER) and recipient.is_active):
            raise PermissionDenied("This person is not among those you asked. Ask them first.")
        return
    invited = partners_of(patient).filter(pk=recipient.pk).exists()
    if not (invited and recipient.holds(Role.PARTNER)):
        raise PermissionDenied("This person is not on the care team. Invite them first.")


def can_receive(recipient: User, patient: Patient, purpose: str = "") -> bool:
    """Whether something may be shared with this account."""
    return granted(check_can_receive, recipient, patient, purpose)


def kinds_open_to(user: User, patient: Patient, *, at: datetime) -> frozenset[Category]:
    """Return the kinds a partner may read now: named by consent, and by the one decision.

    The decision can only take away from what consent names: a refusal outweighs it.
    """
    context = Context(at, ties_of(user, patient, at=at))
    actor = actor_of(user)

    def permitted(category: Category) -> bool:
        thing = Thing(category, about=patient.pk, signed=True)
        decision = decide(actor, Action.READ, thing, context)
        return decision.permitted and decision.obligations <= KEPT

    return frozenset(filter(permitted, categories_open_to(user, patient, at=at)))


def check_can_read_shared(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this person shares anything with this partner now."""
    if not kinds_open_to(user, patient, at=at):
        raise PermissionDenied("Nothing is shared with you here now.")


def can_read_shared(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person shares anything with this partner now."""
    return granted(check_can_read_shared, user, patient, at=at)


def check_can_list_shared(user: User) -> None:
    """Raise unless this is a partner, who may see the list of people sharing with them."""
    if not user.holds(Role.PARTNER):
        raise PermissionDenied("Only a partner has a list of people who share with them.")


def can_list_shared(user: User) -> bool:
    """Whether this person may see the list of people sharing with them."""
    return granted(check_can_list_shared, user)
