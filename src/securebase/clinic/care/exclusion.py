"""Exclusion: a patient says that somebody here shall not see their record.

It outweighs every tie that person has or gets, an emergency too, until it is taken back.
What they hold of the record ends with it, so that nobody counts on them.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from securebase.clinic.care.cover import bonds_of_record, covers_not_over
from securebase.clinic.care.limits import limits
from securebase.clinic.care.models import Care, Emergency, Exclusion, Patient
from securebase.clinic.care.policies import is_own_record
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.care.ties import exclusions_in_force
from securebase.people.accounts.models import Role, RoleHeld, User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb

COULD_SEE = (Role.CLINICIAN, Role.SUPERVISOR)
"""Roles in which somebody here could come to see a record without the patient's doing."""


def is_kept_out(user: User, patient: Patient) -> bool:
    """Whether the patient has said that this person shall not see their record."""
    return exclusions_in_force().filter(person=user, patient=patient).exists()


def exclusions_visible_to(user: User, *, at: datetime) -> QuerySet[Exclusion]:
    """Return the lines in force a person may read: their own, or as clinician of record."""
    of_record = Care.objects.filter(open_bonds(at), part=Care.Part.OF_RECORD, clinician=user)
    seen = Q(patient__account=user) if user.holds(Role.PATIENT) else Q(pk__in=[])
    if user.holds(Role.CLINICIAN):
        seen |= Q(patient__in=of_record.values("patient"))
    found = exclusions_in_force().filter(seen)
    return found.select_related("person", "patient").order_by("at", "pk")


def parts_ended(user: User, *, at: datetime) -> QuerySet[Care]:
    """Return parts in the care of this clinician's patients that ended with an exclusion.

    Lately, and only while it still matters: a cover is not told of once another colleague
    covers, and nothing is once the exclusion is taken back.
    """
    mine = bonds_of_record(user, at=at) if user.holds(Role.CLINICIAN) else Care.objects.none()
    lately = exclusions_in_force().filter(at__gt=at - limits().ended, at__lte=at)
    shut = lately.filter(patient=OuterRef("patient"), person=OuterRef("clinician"))
    ended = shut.filter(Q(at=OuterRef("until")) | Q(at__lt=OuterRef("since")))
    covered = covers_not_over(at=at).filter(patient=OuterRef("patient"))
    over = Q(until=F("since")) | Q(until__lte=at)
    parts = Care.objects.filter(over, Exists(ended), patient__in=mine.values("patient"))
    parts = parts.exclude(Exists(covered), part=Care.Part.COVERING)
    return parts.select_related("patient", "clinician").order_by("until", "pk")


def could_keep_out(patient: Patient, *, at: datetime) -> QuerySet[User]:
    """Return whom a patient can keep out: who works here, but for the clinician of record."""
    held = RoleHeld.objects.filter(role__in=COULD_SEE, until__isnull=True).values("user")
    bonds = Care.objects.filter(open_bonds(at), part=Care.Part.OF_RECORD, patient=patient)
    out = exclusions_in_force().filter(patient=patient)
    staff = User.objects.filter(is_active=True, pk__in=held)
    staff = staff.exclude(pk__in=bonds.values("clinician")).exclude(patient=patient)
    return staff.exclude(pk__in=out.values("person"))


def check_can_decide(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this is the patient, or their clinician of record, who was told."""
    bonds = Care.objects.filter(open_bonds(at), part=Care.Part.OF_RECORD, patient=patient)
    told = user.holds(Role.CLINICIAN) and bonds.filter(clinician=user).exists()
    if not (told or is_own_record(user, patient)):
        raise PermissionDenied(
            "Only the patient, or their clinician of record for them, keeps somebody out."
        )


def can_decide(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this person may enter whom the patient keeps out."""
    return granted(check_can_decide, user, patient, at=at)


@transaction.atomic
def keep_out(*, patient: Patient, person: User, by: User, at: datetime) -> Exclusion:
    """Keep somebody out from now on; asked twice, the line that holds is returned.

    Their cover, their part in the care and an emergency access of theirs end at once.
    """
    Patient.objects.select_for_update(no_key=True, of=("self",)).get(pk=patient.pk)
    check_can_decide(by, patient, at=at)
    held = exclusions_in_force().filter(patient=patient, person=person).first()
    if held is not None:
        return held
    if not could_keep_out(patient, at=at).filter(pk=person.pk).exists():
        raise ValidationError(
            {"person": "Choose somebody who works here and is not your therapist."}
        )
    line = _write(Exclusion(act=Exclusion.Act.SHUT, patient=patient, person=person), by, at)
    _end_what_they_hold(patient, person, at=at)
    trail.record(Verb.EXCLUSION_SHUT, by=by, at=at, patient=patient.pk, about=line)
    return line


@transaction.atomic
def lift(*, exclusion: Exclusion, by: User, at: datetime) -> Exclusion:
    """Take an exclusion back. It opens nothing by itself: what had ended stays ended."""
    patient = Patient.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=exclusion.patient_id
    )
    check_can_decide(by, patient, at=at)
    earlier = Exclusion.objects.filter(lifts=exclusion).first()
    if earlier is not None:
        return earlier
    act, person = Exclusion.Act.LIFT, exclusion.person
    line = Exclusion(act=act, patient=patient, person=person, lifts=exclusion)
    _write(line, by, at)
    trail.record(Verb.EXCLUSION_LIFT, by=by, at=at, patient=patient.pk, about=line)
    return line


def _write(line: Exclusion, by: User, at: datetime) -> Exclusion:
    own = is_own_record(by, line.patient)
    line.method = Exclusion.Method.APP if own else Exclusion.Method.SAID
    line.by, line.at = by, at
    line.save()
    return line


def _end_what_they_hold(patient: Patient, person: User, *, at: datetime) -> None:
    goes_on = Q(until__isnull=True) | Q(until__gt=at)
    bonds = Care.objects.filter(goes_on, patient=patient, clinician=person)
    for bond in bonds.select_for_update(no_key=True, of=("self",)):
        bond.until = max(at, bond.since)
        bond.save(update_fields=["until"])
    opened = Emergency.objects.filter(open_bonds(at), patient=patient, clinician=person)
    opened.update(until=at)
