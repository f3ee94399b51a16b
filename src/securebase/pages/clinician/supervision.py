"""Supervision: what a supervisor sees of the work, and the contracts that open it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securebase.clinic.care.days import last_day
from securebase.clinic.care.models import Supervision
from securebase.clinic.care.supervision import (
    agree_on_supervision,
    contracts_not_over,
    end_supervision,
    patients_supervised_by,
    supervisors,
)
from securebase.clinic.guidance.talking import open_marks, supervision_notes_of
from securebase.clinic.guidance.talks import AgendaMark
from securebase.clinic.notes.showing import notes_shown_to
from securebase.pages.clinician.courses import charts
from securebase.pages.clinician.wording import STATES, decided, says
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.tie_forms import SupervisionForm
from securebase.people.access.words import Action, Category
from securebase.people.accounts.models import Role, User
from securebase.stories.open_today import zone_of_practice
from securebase.stories.supervise import (
    Handled,
    Supervised,
    list_supervised,
    read_supervised,
)


@for_audience(Audience.SUPERVISOR, Category.IDENTITY)
@require_safe
@in_practice_time
def supervision(request: SignedInRequest) -> HttpResponse:
    """Show the people in the care of every clinician supervised, by initials."""
    at = timezone.now()
    zone = zone_of_practice().key
    marks = _marks(request.user, at=at)
    supervised = [
        {
            "contract": one.contract,
            "last": last_day(one.contract.until, zone),
            "people": [_line(person, marks) for person in one.people],
        }
        for one in list_supervised(by=request.user, at=at)
    ]
    supervised_too = request.user.holds(Role.CLINICIAN)
    context = {"supervised": supervised, "supervised_too": supervised_too}
    return render(request, "clinician/supervision.html", context)


@for_audience(Audience.SUPERVISOR, Category.MEASURE, of="care.Patient")
@require_safe
@in_practice_time
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the work with one person: what was noticed, decided, and why."""
    at = timezone.now()
    patient = get_object_or_404(patients_supervised_by(request.user, at=at), pk=pk)
    work = read_supervised(patient=patient, by=request.user, at=at)
    context = {
        "initials": patient.initials,
        "episode": work.record.episode,
        "held": len(work.record.held),
        "handled": [_handled(one) for one in work.handled],
        "ruptures": work.record.ruptures,
        "charts": charts(work.record),
        "proceedings": work.proceedings,
        "pk": patient.pk,
        "marks": open_marks(request.user, at=at).filter(patient=patient),
        "kept": supervision_notes_of(request.user).filter(patient=patient),
        "shown": notes_shown_to(request.user, at=at).filter(patient=patient).defer("text"),
    }
    return render(request, "clinician/supervision_person.html", context)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def contracts(request: SignedInRequest) -> HttpResponse:
    """Show who supervises one's own work, and record a contract."""
    at = timezone.now()
    choice, zone = supervisors().exclude(pk=request.user.pk), zone_of_practice().key
    form = SupervisionForm(request.POST or None, supervisors=choice, supervisees=None)
    me = request.user
    if form.took(
        lambda: agree_on_supervision(supervisee=me, by=me, at=at, **form.agreed(zone))
    ):
        messages.success(request, "Recorded. It opens on the first day and ends by itself.")
        return redirect("desk_contracts")
    mine = contracts_not_over(at=at).filter(supervisee=request.user)
    rows = [(one, last_day(one.until, zone), one.since <= at) for one in mine]
    context = {"rows": rows, "may_record": choice.exists()}
    return form_page(request, "clinician/supervision_contracts.html", form, context)


@for_audience(Audience.CLINICIAN, Category.IDENTITY, Action.WRITE, of="care.Supervision")
@require_POST
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a contract about one's own work before its day."""
    at = timezone.now()
    mine = contracts_not_over(at=at).filter(supervisee=request.user)
    contract: Supervision = get_object_or_404(mine, pk=pk)
    end_supervision(contract=contract, by=request.user, at=at)
    messages.success(request, "Ended. Your work is closed to this supervisor.")
    return redirect("desk_contracts")


def _marks(user: User, *, at: datetime) -> dict[UUID, list[AgendaMark]]:
    """Return what clinicians bring to this supervisor, by patient."""
    found: dict[UUID, list[AgendaMark]] = defaultdict(list)
    for mark in open_marks(user, at=at).exclude(by=user):
        found[mark.patient_id].append(mark)
    return found


def _line(person: Supervised, marks: Mapping[UUID, list[AgendaMark]]) -> dict[str, Any]:
    """Return one person of the list, without a name."""
    episode, signals = person.episode, person.signals
    return {
        "pk": person.patient.pk,
        "initials": person.patient.initials,
        "phase": episode.get_phase_display() if episode else "no episode is open",
        "state": _state(person),
        "says": [says(signal) for signal in signals],
        "marks": marks.get(person.patient.pk, []),
        "strains": person.strains,
    }


def _state(person: Supervised) -> str:
    """Return how the work stands: an open strain alone is a reason to look."""
    if person.signals:
        return STATES[person.signals[0].tier]
    return "look" if person.strains else "settled"


def _handled(one: Handled) -> dict[str, Any]:
    """Return one signal with what was decided and done, each with its reason."""
    signal = one.noticed.signal
    return {
        "signal": signal,
        "state": STATES.get(signal.tier, "settled"),
        "says": says(signal),
        "decisions": [
            (offer.card.title, decided(offer.decision)) for offer in one.noticed.offers
        ],
        "acts": one.acts,
    }
