"""The clinician's pages.

Who to look at first and why, one person whole, what is behind a signal and what to do
about it. A record in somebody else's care answers like one that does not exist.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from securebase.clinic.care.models import Practice
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.therapy.actions import note_rupture, plan_session
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.people.audit.models import AuditEvent
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from securebase.stories.submit_checkin import submit_checkin
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    answer,
    the_account,
)
from tests.pages.signed import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from securebase.clinic.care.models import Patient
    from securebase.clinic.checkins.models import CheckIn
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('x')</script>"
ESCAPED = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"
LAST_WEEK = NOW - timedelta(weeks=1)


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    """Return somebody in this clinician's care."""
    return a_patient(of=clinician, name="Sam Reed", at=NOW - timedelta(weeks=3))


@pytest.fixture
def checkin(patient: Patient) -> CheckIn:
    """Return a check-in sent last week: tension, a marked safety question, and words."""
    checkin = a_checkin(patient, "session-check-in", "phq-9", at=LAST_WEEK)
    given: dict[str, int | str | None] = {"session-check-in.tension": 2, "phq-9.9": 1}
    answer(checkin, given | {"session-check-in.matters": SCRIPT}, at=LAST_WEEK)
    account = the_account(patient)
    return submit_checkin(checkin=checkin, key=uuid4(), by=account, at=LAST_WEEK).checkin


@pytest.fixture
def signal(checkin: CheckIn) -> Signal:
    """Return the signal that the tension raised."""
    return Signal.objects.get(patient=checkin.patient, kind="RUP")


@pytest.fixture
def suggestion(signal: Signal) -> Suggestion:
    """Return the first way of working that was offered for it."""
    return Suggestion.objects.filter(signal=signal)[0]


def shows(response: Any, *words: str) -> bool:
    """Whether a page came back well and says all of this."""
    page = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert page.count("<h1") == 1
    return all(word in page for word in words)


# Today


def test_today_before_anybody_is_in_care_says_how_to_begin(desk: Client) -> None:
    response = desk.get(reverse("desk_today"))

    assert shows(response, "A quiet start", reverse("desk_new"))


def test_today_tells_nothing_to_look_at_from_signals_that_are_off(
    desk: Client, patient: Patient
) -> None:
    quiet = desk.get(reverse("desk_today"))
    Practice.objects.update(signals_on=False)

    off = desk.get(reverse("desk_today"))

    assert shows(quiet, "Nothing asks for a look", "1 person on their way")
    assert shows(off, "Signals are off in this practice")


def test_today_shows_who_to_look_at_first_and_what_may_help(
    desk: Client, signal: Signal
) -> None:
    safety = Signal.objects.get(kind="SAFE")

    response = desk.get(reverse("desk_today"))

    assert shows(response, "S.R.", "Read within: today", "1 more reason to look", "Try:")
    assert reverse("desk_signal", args=[safety.pk]) in response.content.decode()


def test_today_shows_what_was_promised(desk: Client, checkin: CheckIn) -> None:
    response = desk.get(reverse("desk_today"))

    assert shows(response, "Read the check-in of S.R.", "was due")


def test_today_shows_sessions_with_their_time_in_the_practice(
    desk: Client, patient: Patient, clinician: User
) -> None:
    plan_session(
        patient=patient,
        clinician=clinician,
        starts_at=NOW + timedelta(hours=5),
        by=clinician,
        at=NOW,
    )

    assert shows(desk.get(reverse("desk_today")), "14:00")


def test_no_title_holds_a_name(desk: Client, patient: Patient, signal: Signal) -> None:
    pages = [
        reverse("desk_person", args=[patient.pk]),
        reverse("desk_signal", args=[signal.pk]),
        reverse("desk_rhythm", args=[patient.pk]),
        reverse("desk_history", args=[patient.pk]),
    ]

    titles = [
        desk.get(page).content.decode().split("<title>")[1].split("</title>")[0]
        for page in pages
    ]

    assert titles == ["Person", "Why?", "Check-ins", "Past scores"]


# The person


def test_a_new_person_has_a_page_that_says_what_comes(desk: Client, patient: Patient) -> None:
    response = desk.get(reverse("desk_person", args=[patient.pk]))

    assert shows(
        response,
        "Sam Reed",
        "No scores yet",
        "No symptom score has come in since then.",
        "The work together has not been rated yet.",
        "No check-in has come back yet.",
    )


def test_a_person_page_shows_signals_charts_words_and_what_happened(
    desk: Client, patient: Patient, signal: Signal
) -> None:
    response = desk.get(reverse("desk_person", args=[patient.pk]))

    assert shows(response, "Said there was tension", "chart-drawing", "Check-in sent", "Why?")


def test_opening_a_person_is_on_the_trail(
    desk: Client, patient: Patient, clinician: User
) -> None:
    desk.get(reverse("desk_person", args=[patient.pk]))

    last = AuditEvent.objects.latest("number")
    assert (last.verb, last.patient, last.actor) == (
        "care.record.read",
        patient.pk,
        clinician.pk,
    )


def test_what_a_person_writes_is_shown_as_text(
    desk: Client, patient: Patient, checkin: CheckIn
) -> None:
    for page in (
        reverse("desk_person", args=[patient.pk]),
        reverse("desk_checkin", args=[checkin.pk]),
    ):
        text = desk.get(page).content.decode()

        assert ESCAPED in text
        assert SCRIPT not in text


def test_a_session_is_planned_and_then_noted_as_held(desk: Client, patient: Patient) -> None:
    page = reverse("desk_sessions", args=[patient.pk])
    said = {"day": "2026-11-22", "time": "10:00", "minutes": "50"}

    desk.post(page, said)
    session = TherapySession.objects.get()
    desk.post(reverse("desk_session_close", args=[session.pk]), {"state": "held"})
    session.refresh_from_db()

    assert session.starts_at == NOW - timedelta(hours=23)
    assert session.state == "held"


def test_the_next_session_is_filled_in_as_they_have_met_so_far(
    desk: Client, patient: Patient
) -> None:
    page = reverse("desk_sessions", args=[patient.pk])
    desk.post(page, {"day": "2026-11-22", "time": "10:00", "minutes": "80"})

    filled = desk.get(page).content.decode()

    for value in ("2026-11-29", "10:00", "80"):
        assert f'value="{value}' in filled


def test_a_session_without_a_day_is_not_planned(desk: Client, patient: Patient) -> None:
    page = reverse("desk_sessions", args=[patient.pk])

    response = desk.post(page, {"time": "10:00", "minutes": "50"}, follow=True)

    assert shows(response, "Not planned")
    assert not TherapySession.objects.exists()


def test_a_strain_still_open_can_be_noted_as_repaired_beside_its_reminder(
    desk: Client, clinician: User
) -> None:
    then = NOW - timedelta(weeks=5)
    patient = a_patient(of=clinician, name="Sam Reed", at=then)
    open_episode(patient=patient, by=clinician, at=then)
    strain = note_rupture(patient=patient, kind="unclear", note="", by=clinician, at=then)
    (reminder,) = notice_open_ruptures(at=NOW)

    page = desk.get(reverse("desk_signal", args=[reminder.pk])).content.decode()

    assert reverse("desk_rupture", args=[strain.pk]) in page


def test_a_strain_is_noted_and_its_repair_as_well(
    desk: Client, patient: Patient, signal: Signal
) -> None:
    back = reverse("desk_signal", args=[signal.pk])
    said = {"kind": "withdrawal", "note": SCRIPT, "back": back}

    noted = desk.post(reverse("desk_ruptures", args=[patient.pk]), said)
    rupture = Rupture.objects.get()
    shown = desk.get(reverse("desk_person", args=[patient.pk])).content.decode()
    close = reverse("desk_rupture_repair", args=[rupture.pk])
    assert desk.post(close).status_code == 422
    desk.post(close, {"because": "We spoke of it, and it is mended."})
    rupture.refresh_from_db()

    assert noted["Location"] == back
    assert ESCAPED in shown
    assert SCRIPT not in shown
    assert not rupture.is_open


def test_a_form_does_not_lead_out_of_the_house(desk: Client, patient: Patient) -> None:
    said = {"kind": "unclear", "note": "", "back": "//elsewhere.example/desk/"}

    response = desk.post(reverse("desk_ruptures", args=[patient.pk]), said)

    assert response["Location"] == reverse("desk_person", args=[patient.pk])


# Why?, and what is done about it


def test_why_says_what_a_signal_rests_on_and_how_often_it_is_wrong(
    desk: Client, signal: Signal
) -> None:
    response = desk.get(reverse("desk_signal", args=[signal.pk]))

    assert shows(
        response,
        "Tension or feeling misunderstood",
        "16 Nov 2026",
        "2 &gt;= 2",
        "Not looked at:",
        "What the classic rule would say:",
        "RUP.R2, version",
        "I disagree",
        "Why this, why now:",
        reverse("desk_checkin", args=[signal.patient.checkins.get().pk]),
    )


def test_a_signal_is_seen_put_off_doubted_closed_and_reopened(
    desk: Client, signal: Signal
) -> None:
    def state_after(name: str, **said: str) -> str:
        said["seen"] = str(signal.acts.count())
        desk.post(reverse(name, args=[signal.pk]), said)
        signal.refresh_from_db()
        return signal.state

    assert state_after("desk_signal_seen") == "seen"
    assert state_after("desk_signal_later", day="2026-11-30") == "later"
    assert state_after("desk_signal_disagree", reason="We laughed about it.") == "seen"
    assert state_after("desk_signal_close", reason_code="noise") == "closed"
    assert state_after("desk_signal_reopen") == "open"
    acts = [act.act for act in signal.acts.all()]
    assert acts == ["seen", "later", "disagreed", "closed", "reopened"]


@pytest.mark.parametrize(
    ("name", "said", "complaint"),
    [
        ("desk_signal_disagree", {"reason": ""}, "This field is required."),
        ("desk_signal_close", {"reason": "Because."}, "This field is required."),
        ("desk_signal_later", {"day": "2026-11-23"}, "Choose tomorrow or a later day."),
    ],
)
def test_an_act_without_what_it_needs_is_not_kept(
    desk: Client, signal: Signal, name: str, said: dict[str, str], complaint: str
) -> None:
    response = desk.post(reverse(name, args=[signal.pk]), said)
    signal.refresh_from_db()

    assert response.status_code == 422
    assert complaint in response.content.decode()
    assert signal.state == "open"


def test_a_reason_is_shown_as_text(desk: Client, signal: Signal) -> None:
    page = reverse("desk_signal", args=[signal.pk])

    desk.post(reverse("desk_signal_disagree", args=[signal.pk]), {"reason": SCRIPT})
    text = desk.get(page).content.decode()

    assert ESCAPED in text
    assert SCRIPT not in text


def test_putting_off_is_offered_on_a_page_of_its_own(desk: Client, signal: Signal) -> None:
    response = desk.get(reverse("desk_signal_later", args=[signal.pk]))

    assert shows(response, "Show it again on", 'value="2026-11-30"')


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"decision": "accept"}, ("accept", "")),
        ({"decision": "later", "reason_code": "known"}, ("later", "")),
        ({"decision": "no", "reason_code": "doubt"}, ("no", "doubt")),
        ({"decision": "no"}, None),
        ({"decision": "perhaps"}, None),
    ],
)
def test_a_suggestion_is_decided_on_and_a_no_has_a_reason(
    desk: Client,
    suggestion: Suggestion,
    said: dict[str, str],
    kept: tuple[str, str] | None,
) -> None:
    response = desk.post(reverse("desk_suggestion", args=[suggestion.pk]), said)

    assert response["Location"] == reverse("desk_signal", args=[suggestion.signal_id])
    decision = Decision.objects.first()
    assert (decision and (decision.choice, decision.reason_code)) == kept


def test_a_decision_is_shown_on_the_card(desk: Client, suggestion: Suggestion) -> None:
    page = reverse("desk_suggestion", args=[suggestion.pk])

    response = desk.post(page, {"decision": "no", "reason_code": "known"}, follow=True)

    assert shows(response, "No on Monday 23 November: I already know why")


# Reading a check-in


def test_a_check_in_is_read_in_words_with_its_safety_answer_first(
    desk: Client, checkin: CheckIn
) -> None:
    page = desk.get(reverse("desk_checkin", args=[checkin.pk]))

    assert shows(page, "Several days (1)", "A safety question was marked", "skipped")
    assert AuditEvent.objects.filter(
        verb="checkins.checkin.read", object_id=str(checkin.pk)
    ).exists()


def test_a_check_in_that_was_not_sent_cannot_be_read(desk: Client, patient: Patient) -> None:
    waiting = a_checkin(patient, "phq-9")

    response = desk.get(reverse("desk_checkin", args=[waiting.pk]))

    assert response.status_code == 404


# Who may


PAGES = (
    "desk_person",
    "desk_rhythm",
    "desk_frame",
    "desk_interval",
    "desk_phase",
    "desk_history",
    "desk_sessions",
    "desk_ruptures",
    "desk_session_close",
    "desk_rupture",
    "desk_rupture_spoken",
    "desk_rupture_repair",
    "desk_checkin",
    "desk_signal",
    "desk_signal_seen",
    "desk_signal_later",
    "desk_signal_disagree",
    "desk_signal_close",
    "desk_signal_reopen",
    "desk_suggestion",
)
ONLY_POSTED = {
    "desk_interval",
    "desk_phase",
    "desk_sessions",
    "desk_ruptures",
    "desk_rupture_spoken",
    "desk_rupture_repair",
    "desk_signal_seen",
    "desk_signal_disagree",
    "desk_signal_close",
    "desk_signal_reopen",
    "desk_suggestion",
}


@pytest.fixture
def addresses(patient: Patient, suggestion: Suggestion, clinician: User) -> dict[str, str]:
    """Return every address about one patient."""
    session = plan_session(
        patient=patient, clinician=clinician, starts_at=NOW, by=clinician, at=NOW
    )
    rupture = note_rupture(patient=patient, kind="unclear", note="", by=clinician, at=NOW)
    checkin = patient.checkins.get()
    about = {
        "desk_checkin": checkin.pk,
        "desk_session_close": session.pk,
        "desk_rupture": rupture.pk,
        "desk_rupture_spoken": rupture.pk,
        "desk_rupture_repair": rupture.pk,
        "desk_suggestion": suggestion.pk,
    }
    signal = suggestion.signal_id
    return {
        name: reverse(name, args=[about.get(name, signal if "signal" in name else patient.pk)])
        for name in PAGES
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_record_is_open_to_whoever_treats_the_person_and_to_nobody_else(
    client: Client, clinician: User, patient: Patient, addresses: dict[str, str], name: str
) -> None:
    ask = client.post if name in ONLY_POSTED else client.get
    address = addresses[name]

    anonymous = ask(address)
    client.force_login(the_account(patient))
    themselves = ask(address)
    signed_in(a_clinician(), client)
    stranger = ask(address)
    signed_in(clinician, client)
    treating = ask(address)

    assert anonymous.status_code == 302
    assert reverse("account_login") in anonymous["Location"]
    assert (themselves.status_code, stranger.status_code) == (404, 404)
    assert treating.status_code in {200, 302, 403, 422}


def test_a_stranger_gets_the_same_answer_as_for_nothing(
    client: Client, patient: Patient, clinician: User
) -> None:
    signed_in(a_clinician(), client)

    foreign = client.get(reverse("desk_person", args=[patient.pk]))
    nothing = client.get(reverse("desk_person", args=[uuid4()]))

    assert foreign.status_code == nothing.status_code == 404
    assert foreign.content == nothing.content
