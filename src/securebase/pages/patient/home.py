"""The patient's first page: the doors, and under them what was promised."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from securebase.clinic.care.emergency import emergencies_told_to
from securebase.clinic.care.models import Patient
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.checkins.queries import checkins_visible_to, next_checkin, open_checkin
from securebase.clinic.checkins.questions import minutes_of
from securebase.clinic.safety.queries import current_plan
from securebase.clinic.said.promise import promise_for
from securebase.clinic.said.queries import new_answers
from securebase.clinic.therapy.queries import sessions_visible_to
from securebase.pages.patient.bridge import plans_for
from securebase.pages.patient.checkin import sheet_of
from securebase.pages.patient.moments import covers_told, own_record, reader_of, show
from securebase.pages.patient.priming import moment_now
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.access.words import Category
from securebase.people.accounts.models import User
from securebase.people.audit.verbs import Verb
from securebase.stories.raise_concern import has_new_answer
from securebase.stories.what_changed import last_here, what_changed


@for_audience(Audience.PATIENT, Category.SCHEDULE)
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show what the patient can do now and what will happen next."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    checkin = open_checkin(patient, at=at)
    context = {
        "checkin": checkin,
        "checkin_says": _door_words(checkin, request.user),
        "changes": _changes(request, patient),
        "promise": promise_for(patient, at=at),
        "new_answer": new_answers(patient).first(),
        "has_plan": current_plan(patient) is not None,
        "last_sent": _last_sent(request, patient, at=at),
        "next_checkin": next_checkin(patient, at=at),
        "next_session": _next_session(request, patient, at=at),
        "reader": reader_of(patient, after=at, at=at),
        "answered": has_new_answer(patient=patient),
        "moment": moment_now(request, patient, at=at),
        "bridges": plans_for(request.user, patient, at=at),
        "covers": covers_told(patient, at=at),
        "emergencies": emergencies_told_to(patient, at=at),
    }
    return show(request, "patient/home.html", context, patient=patient)


CHANGES = {
    Verb.MESSAGE_ANSWER: ("There is an answer to what you sent.", "me_say"),
    Verb.CONCERN_ANSWER: ("There is an answer to what you asked.", "me_record"),
    Verb.SESSION_PLAN: ("A session was planned.", ""),
    Verb.BRIDGE_WRITE: ("There is a plan for when your therapist is away.", "me_bridge"),
    Verb.CHECKIN_PLAN: ("When your check-ins come was changed.", ""),
    Verb.CARE_READING: ("The days on which your words are read were changed.", ""),
    Verb.SAFETY_WRITE: ("Your plan was written anew with you.", "me_plan"),
    Verb.MESSAGE_READ: ("What you sent was read.", "me_say"),
}
"""What is said of a change made by somebody else, and the page that shows it."""


def _changes(request: SignedInRequest, patient: Patient) -> list[tuple[str, str]]:
    """Return what changed since the person was last here; nothing on a first visit."""
    visit = getattr(request, "visit", None)
    since = last_here(user=request.user, before=visit.began_at) if visit else None
    if since is None:
        return []
    changed = what_changed(patient=patient, since=since, by=request.user)
    return [CHANGES[one.verb] for one in changed]


def _door_words(checkin: CheckIn | None, user: User) -> str:
    """Return what the door to the check-in says: how much, or that some is kept."""
    if checkin is None:
        return gettext("None is open now. When the next one comes is below.")
    sheet = sheet_of(checkin, by=user)
    if sheet.begun:
        return gettext("Go on where you left off. Your answers are kept.")
    questions, minutes = sheet.about, minutes_of(checkin)
    how_many = ngettext("%(n)s question", "%(n)s questions", questions) % {"n": questions}
    how_long = ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": minutes}
    return gettext("%(how_many)s, %(how_long)s. You can skip any.") % {
        "how_many": how_many,
        "how_long": how_long,
    }


def _last_sent(request: SignedInRequest, patient: Patient, *, at: datetime) -> CheckIn | None:
    sent = checkins_visible_to(request.user, at=at).filter(
        patient=patient, state=CheckIn.State.SUBMITTED
    )
    return sent.order_by("-submitted_at").first()


def _next_session(
    request: SignedInRequest, patient: Patient, *, at: datetime
) -> datetime | None:
    sessions = sessions_visible_to(request.user, at=at).filter(
        patient=patient, starts_at__gt=at, state="planned"
    )
    return sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
