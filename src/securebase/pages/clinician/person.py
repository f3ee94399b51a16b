"""The person page: two minutes before a session, one person whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.actions import note_read
from securebase.clinic.care.cover import can_arrange_cover
from securebase.clinic.care.emergency import record_number
from securebase.clinic.checkins.queries import next_checkin
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.policies import can_record
from securebase.clinic.notes.policies import can_write
from securebase.pages.clinician.answers import heard, score_lines
from securebase.pages.clinician.attachment import attachment, other_charts
from securebase.pages.clinician.changes import changes, since_words
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.forms import RuptureForm, SessionForm
from securebase.pages.clinician.made_of import made_of
from securebase.pages.clinician.partners import shares
from securebase.pages.clinician.said import said_of
from securebase.pages.clinician.timeline import timeline
from securebase.pages.clinician.wording import STATES, clock, day, offer_card, says
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.shapes import SignalRow
from securebase.people.access.words import Category
from securebase.stories.attachment_places import attachment_places
from securebase.stories.care_team import care_team
from securebase.stories.open_record import Noticed, Offer, Record, at_hand, open_record
from securebase.stories.read_trail import may_read_trail
from securebase.stories.who_sees import who_sees


@for_audience(Audience.CLINICIAN, Category.MEASURE, of="care.Patient")
@require_safe
@in_practice_time
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one person: how they are, what changed, what was noticed and what may help."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    note_read(patient=patient, by=request.user, at=at)
    record = open_record(user=request.user, patient=patient, at=at)
    planes = attachment_places(user=request.user, patient=patient, at=at)
    context = _shown(record) | {
        "attachment": attachment(planes, record),
        "may_enter": can_record(request.user, patient, Response.Source.PAPER, at=at),
        "sees_trail": may_read_trail(request.user, patient, at=at),
        "shares": shares(who_sees(patient=patient, user=request.user, at=at)),
        "partners_link": True,
        "said": said_of(patient, user=request.user, at=at),
        "team": care_team(user=request.user, patient=patient, at=at),
        "of_record": can_arrange_cover(request.user, patient, at=at),
        "number": record_number(patient),
        "writes": can_write(request.user, patient, at=at),
    }
    return render(request, "clinician/person.html", context)


def _shown(record: Record) -> dict[str, Any]:
    return {
        "record": record,
        "patient": record.patient,
        "facts": facts(record),
        "since": since_words(record),
        "changes": changes(record),
        "noticed": [_noticed(one, cards) for one, cards in at_hand(record.noticed)],
        "charts": other_charts(record),
        "makeup": [made for course in record.courses if (made := made_of(course))],
        "answered": [(one, heard(one), score_lines(one)) for one in record.answered],
        "timeline": timeline(record),
        "session_form": SessionForm(),
        "rupture_form": RuptureForm(),
    }


def facts(record: Record) -> list[tuple[str, str]]:
    """Return the header's words and values."""
    episode, held = record.episode, len(record.held)
    planned = episode.planned_sessions if episode else None
    return [
        ("Phase of care", episode.get_phase_display() if episode else "no episode is open"),
        ("Sessions held", f"{held} of {planned} planned" if planned else str(held)),
        *coming_up(record),
    ]


def coming_up(record: Record) -> list[tuple[str, str]]:
    """Return what is on the calendar next, in words."""
    next_session = record.next_session
    coming = next_checkin(record.patient, at=record.at)
    return [
        ("Next session", _moment(next_session.starts_at) if next_session else "none planned"),
        ("Next check-in", _moment(coming) if coming else "none agreed"),
    ]


def _moment(at: Any) -> str:
    return f"{day(at)}, {clock(at)}"


def _noticed(noticed: Noticed, offers: Sequence[Offer]) -> dict[str, Any]:
    signal = noticed.signal
    why = reverse("desk_signal", args=[signal.pk])
    return {
        "row": SignalRow(
            state=STATES[signal.tier],
            who="",
            says=says(signal),
            open_url=why,
        ),
        "signal": signal,
        "why_url": why,
        "cards": [offer_card(offer) for offer in offers],
        "waiting": len(noticed.offers) - len(offers),
    }
