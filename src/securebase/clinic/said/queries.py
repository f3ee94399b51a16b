"""Words by who may see them. Drafts are their writer's alone, on every way in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.opening import patients_open_to
from securebase.clinic.care.queries import open_bonds
from securebase.clinic.said.models import (
    UNTOUCHED,
    Brought,
    CourseNote,
    CourseView,
    Draft,
    Feeling,
    Message,
)
from securebase.people.access.words import Category, Kind, Thing
from securebase.people.accounts.models import User


def drafts_visible_to(user: User, *, at: datetime) -> QuerySet[Draft]:
    """Return the drafts this person wrote; nobody has a way to those of another."""
    return Draft.objects.filter(patient__in=_own(user, at=at))


def drafts_kept(user: User, *, at: datetime) -> QuerySet[Draft]:
    """Return this person's drafts with something written on them, the latest first."""
    kept = drafts_visible_to(user, at=at).exclude(version=UNTOUCHED)
    return kept.select_related("brought")


def messages_visible_to(user: User, *, at: datetime) -> QuerySet[Message]:
    """Return what was sent to, or by, this person."""
    return Message.objects.filter(patient__in=_in_talk_with(user, at=at))


def brought_visible_to(user: User, *, at: datetime) -> QuerySet[Brought]:
    """Return what this person brings to sessions, or what is brought to theirs."""
    return Brought.objects.filter(patient__in=_in_talk_with(user, at=at))


def feelings_visible_to(user: User, *, at: datetime) -> QuerySet[Feeling]:
    """Return the feelings this person named, or that were shown to them."""
    shown = Q(shown=True, patient__in=_in_talk_with(user, at=at))
    return Feeling.objects.filter(Q(patient__in=_own(user, at=at)) | shown)


def course_notes_visible_to(user: User, *, at: datetime) -> QuerySet[CourseNote]:
    """Return the notes on a course that this person wrote, or that were shown to them."""
    shown = Q(shown=True, patient__in=_in_talk_with(user, at=at))
    return CourseNote.objects.filter(Q(patient__in=_own(user, at=at)) | shown)


def view_of_course(patient: Patient) -> CourseView | None:
    """Return what the patient chose to see; None while they chose nothing."""
    return CourseView.objects.filter(patient=patient).first()


def messages_waiting(patients: QuerySet[Patient]) -> QuerySet[Message]:
    """Return what still waits to be read, or for the answer that was promised."""
    unread = Q(read_at__isnull=True)
    unanswered = Q(answer_due_at__isnull=False, answer__isnull=True)
    return Message.objects.filter(unread | unanswered, patient__in=patients.values("pk"))


def new_answers(patient: Patient) -> QuerySet[Message]:
    """Return the messages with an answer that the patient has not opened yet."""
    return Message.objects.filter(
        patient=patient, answer__isnull=False, answer__seen_at__isnull=True
    )


def promises_of_answers(
    patients: QuerySet[Patient], *, at: datetime, within: timedelta
) -> tuple[int, int]:
    """Return how many answers were promised by now, lately, and how many came in time."""
    promised = Message.objects.filter(
        patient__in=patients.values("pk"),
        answer_due_at__gt=at - within,
        answer_due_at__lte=at,
    )
    kept = promised.filter(answer__answered_at__lte=F("answer_due_at"))
    return promised.count(), kept.count()


def _own(user: User, *, at: datetime) -> QuerySet[Patient]:
    draft = Thing(Category.MESSAGE, author=user.pk, kind=Kind.DRAFT)
    return patients_open_to(user, draft, at=at).filter(account=user)


def _in_talk_with(user: User, *, at: datetime) -> QuerySet[Patient]:
    """Return the patients to whose words this person is a party: own, or in their care.

    A consent makes nobody a party: words to a clinician are not passed on with the rest.
    """
    thread = Thing(Category.MESSAGE, parties=frozenset({user.pk}))
    bonds = Care.objects.filter(open_bonds(at), clinician=user)
    party = Q(account=user) | Q(pk__in=bonds.values("patient"))
    return patients_open_to(user, thread, at=at).filter(party)
