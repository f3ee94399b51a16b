"""Today: on one page who needs attention, why, and what may help."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from securebase.clinic.care.actions import note_list_read
from securebase.clinic.care.emergency import waiting_for_review
from securebase.clinic.care.exclusion import parts_ended
from securebase.clinic.care.models import Care
from securebase.clinic.care.queries import patients_treated_by
from securebase.clinic.therapy.models import Rupture
from securebase.clinic.therapy.queries import strains_unanswered
from securebase.pages.clinician.wording import STATES, day, today_row
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.people.vault.keys import hold_keys
from securebase.stories.keep_promises import promises_to_keep
from securebase.stories.open_today import open_today
from securebase.stories.raise_concern import concerns_to_answer
from securebase.stories.stock.work import reminders_stopped
from securebase.stories.words_waiting import words_waiting


@for_audience(Audience.CLINICIAN, Category.MEASURE)
@require_safe
@in_practice_time
def today(request: SignedInRequest) -> HttpResponse:
    """Show who to look at first, today's sessions, promises, and what is quiet."""
    at = timezone.now()
    note_list_read(by=request.user, at=at)
    now = open_today(user=request.user, at=at)
    waiting = waiting_for_review(request.user, at=at)
    return render(
        request,
        "clinician/today.html",
        {
            "today": now,
            "weekday": day(at),
            "emergencies": [(one, one.review_by < at) for one in waiting],
            "ended": _ended(request.user, at=at),
            "rows": [today_row(look) for look in now.look_first],
            "stopped": reminders_stopped(at=at),
            "words": words_waiting(user=request.user, at=at),
            "promised": promises_to_keep(user=request.user, at=at),
            "raised": _raised(request.user, at=at),
            "concerns": concerns_to_answer(user=request.user, at=at),
            "sessions": [(s.session, STATES.get(s.tier, "settled")) for s in now.sessions],
        },
    )


def _raised(user: User, *, at: datetime) -> list[Rupture]:
    """Return what people raised between them and the clinician and nobody spoke of yet."""
    raised = list(
        strains_unanswered(patients_treated_by(user, at=at)).select_related("patient")
    )
    hold_keys({strain.patient_id for strain in raised})
    return raised


def _ended(user: User, *, at: datetime) -> list[Care]:
    """Return which parts of colleagues ended because somebody keeps them out."""
    ended = list(parts_ended(user, at=at))
    hold_keys({part.patient_id for part in ended})
    return ended
