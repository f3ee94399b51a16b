"""Everyone in one's care, found by name; and inviting somebody new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.clinic.care.actions import note_list_read
from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import checkins_visible_to
from securebase.clinic.therapy.queries import ruptures_visible_to
from securebase.pages.clinician.forms import InviteForm
from securebase.pages.clinician.wording import STATES
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.people.accounts.models import User
from securebase.people.vault.blind import find_owners
from securebase.people.vault.keys import hold_keys
from securebase.stories.open_today import first_signals, waiting_signals, zone_of_practice
from securebase.stories.welcome_patient import Home, Welcome, welcome_patient

ON_A_PAGE = 50
NAME = "care.patient.name"
"""What the index of names calls this field."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list."""

    patient: Patient
    state: str
    last_checkin: datetime | None


@for_audience(Audience.CLINICIAN, Category.IDENTITY)
@require_safe
@in_practice_time
def people(request: SignedInRequest) -> HttpResponse:
    """List the people in this clinician's care, those with a reason to look marked."""
    at = timezone.now()
    note_list_read(by=request.user, at=at)
    mine = patients_treated_by(request.user, at=at)
    states = _states(request.user, mine, at=at)
    wanted = request.GET.get("q", "").strip()
    found = mine.filter(pk__in=named(mine, wanted)) if wanted else mine
    if request.GET.get("show") == "look":
        found = found.filter(pk__in=list(states))
    newest = found.order_by("-welcomed_at", "pk")
    page = Paginator(newest, ON_A_PAGE).get_page(request.GET.get("page"))
    people = by_name(page)
    last = _last_checkins(request.user, [patient.pk for patient in people], at=at)
    rows = [Row(p, states.get(p.pk, "settled"), last.get(p.pk)) for p in people]
    return render(
        request,
        "clinician/people.html",
        {
            "rows": rows,
            "page": page,
            "wanted": wanted,
            "look_only": request.GET.get("show") == "look",
            "anybody": bool(wanted) or mine.exists(),
        },
    )


def named(mine: QuerySet[Patient], wanted: str) -> list[UUID]:
    """Return who is meant by a name: the whole name by its index, or a part of it.

    A whole name opens nobody else's. Only where no whole name fits are the names of this
    clinician's own people opened, with one query for all their keys.
    """
    whole = list(mine.filter(pk__in=find_owners(NAME, wanted)).values_list("pk", flat=True))
    if whole:
        return whole
    words = wanted.casefold().split()
    return [p.pk for p in by_name(mine) if all(word in p.name.casefold() for word in words)]


def by_name(patients: Iterable[Patient]) -> list[Patient]:
    """Open the names of these people, and return them in the order of their names."""
    opened = list(patients)
    hold_keys(patient.pk for patient in opened)
    return sorted(opened, key=lambda patient: patient.name.casefold())


def _states(user: User, patients: QuerySet[Patient], *, at: datetime) -> dict[UUID, str]:
    """Return how it stands with those who have a signal, or a strain that is open."""
    strains = ruptures_visible_to(user, at=at).filter(repaired_at__isnull=True)
    states = dict.fromkeys(strains.values_list("patient", flat=True), "look")
    signals = first_signals(waiting_signals(patients, at=at))
    return states | {pk: STATES[found[0].tier] for pk, found in signals.items()}


def _last_checkins(user: User, patients: list[UUID], *, at: datetime) -> dict[UUID, datetime]:
    sent = checkins_visible_to(user, at=at).filter(
        patient__in=patients, state=CheckIn.State.SUBMITTED
    )
    return dict(
        sent.order_by()
        .values("patient")
        .annotate(last=Max("submitted_at"))
        .values_list("patient", "last")
    )


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def invite(request: SignedInRequest) -> HttpResponse:
    """Welcome somebody new and show their link once."""
    form = InviteForm(request.POST or None)

    def welcome_them() -> Welcome:
        said = form.cleaned_data
        return welcome_patient(
            name=said["name"],
            pronouns=said["pronouns"],
            email=said["email"],
            planned_sessions=said["planned_sessions"],
            home=Home(zone_of_practice().key, said["language"]),
            by=request.user,
            at=timezone.now(),
        )

    welcome = form.made(welcome_them)
    if welcome is None:
        return form_page(request, "clinician/invite.html", form, {})
    context = {"patient": welcome.patient, "link": welcome.link}
    return render(request, "clinician/invited.html", context)
