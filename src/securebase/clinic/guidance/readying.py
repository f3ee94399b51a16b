"""A clinician's own view of readiness, and going ahead: advisory, with a reason kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from securebase.clinic.care.models import Patient
from securebase.clinic.care.opening import check_may, patients_open_to
from securebase.clinic.guidance.models import Proceeding, ReadinessView
from securebase.people.access.words import Action, Category, Thing
from securebase.people.accounts.models import User
from securebase.people.accounts.permits import granted
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.readiness import readiness_panel

MOST_REASON = 1000
PLAN = Thing(Category.PLAN)


def check_can_weigh(user: User, patient: Patient, *, at: datetime) -> None:
    """Raise unless this clinician plans the treatment of this patient."""
    check_may(user, Action.WRITE, Thing(Category.PLAN, about=patient.pk), at=at)


def can_weigh(user: User, patient: Patient, *, at: datetime) -> bool:
    """Whether this clinician plans the treatment of this patient."""
    return granted(check_can_weigh, user, patient, at=at)


def proceedings_visible_to(user: User, *, at: datetime) -> QuerySet[Proceeding]:
    """Return the decisions to go ahead in every record whose plan this person may read."""
    return Proceeding.objects.filter(patient__in=patients_open_to(user, PLAN, at=at))


def last_views(patient: Patient) -> dict[str, ReadinessView]:
    """Return the last view of each domain, by its key."""
    views = ReadinessView.objects.filter(patient=patient).select_related("by")
    return {view.domain: view for view in views.order_by("at")}


@transaction.atomic
def view_readiness(
    *, patient: Patient, domain: str, view: str, note: str, by: User, at: datetime
) -> ReadinessView:
    """Keep how the clinician sees one domain; an earlier view stays beside it."""
    check_can_weigh(by, patient, at=at)
    known = [one.key for one in readiness_panel().domains]
    if domain not in known:
        raise ValidationError(f"No domain is called {domain!r}; choose {', '.join(known)}.")
    if len(note) > MOST_REASON:
        raise ValidationError(f"{len(note)} characters; write at most {MOST_REASON}.")
    kept = ReadinessView.objects.create(
        patient=patient,
        domain=domain,
        view=ReadinessView.View(view),
        note=note.strip(),
        by=by,
        at=at,
    )
    trail.record(Verb.READINESS_VIEW, by=by, at=at, patient=patient.pk, about=kept)
    return kept


@transaction.atomic
def proceed(
    *, patient: Patient, reason: str, standing: Mapping[str, str], by: User, at: datetime
) -> Proceeding:
    """Keep that trauma processing begins, why, and how each domain stood; never a lock."""
    check_can_weigh(by, patient, at=at)
    said = reason.strip()
    if not 1 <= len(said) <= MOST_REASON:
        raise ValidationError(
            f"A reason of {len(said)} characters; say in 1 to {MOST_REASON} why you go ahead."
        )
    kept = Proceeding.objects.create(
        patient=patient, reason=said, standing=dict(standing), by=by, at=at
    )
    trail.record(Verb.READINESS_PROCEED, by=by, at=at, patient=patient.pk, about=kept)
    return kept
