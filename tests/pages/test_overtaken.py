"""Two clinicians at one form.

Both opened it, one was first. Whoever comes second reads both, and writes nothing over
what they have not read; they may write theirs afterwards, or leave it out. A button that
was pressed twice asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from securebase.clinic.care.models import Care, Patient
from securebase.clinic.care.together import let_treat_too
from securebase.clinic.checkins.models import Rhythm
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.episodes.models import Episode, Signal, SignalAct
from securebase.clinic.guidance.models import Decision, Suggestion
from securebase.clinic.therapy.actions import note_rupture
from securebase.clinic.therapy.models import AgreedInterval
from securebase.stories.notice_open_ruptures import notice_open_ruptures
from tests.factories import NOW, a_clinician, a_patient, a_practice
from tests.pages.signed import signed_in

pytestmark = pytest.mark.django_db

A_RHYTHM = {
    "weekdays": ["2"],
    "at_time": "19:00",
    "every_weeks": "1",
    "open_hours": "48",
    "starts_on": "2999-11-23",
    "phq-9": "1",
}


@dataclass(frozen=True, slots=True)
class Room:
    """One patient, two clinicians who treat them, and a signal with a suggestion."""

    patient: Patient
    jo: Client
    kit: Client
    signal: Signal
    suggestion: Suggestion


@pytest.fixture
def room() -> Room:
    a_practice()
    jo, kit, then = a_clinician("Dr Jo Marsh"), a_clinician("Dr Kit Lane"), NOW
    patient = a_patient(of=jo, at=then)
    let_treat_too(patient=patient, colleague=kit, by=jo, at=then)
    if not patient.episodes.exists():
        open_episode(patient=patient, by=jo, at=then)
    note_rupture(patient=patient, kind="unclear", note="", by=jo, at=then)
    (signal,) = notice_open_ruptures(at=then + timedelta(weeks=6))
    suggestion = signal.suggestions.first() or Suggestion.objects.create(
        signal=signal,
        patient=patient,
        strategy="name-the-strain",
        strategy_version="1",
        rank=1,
        because="A strain is open.",
        offered_at=then,
    )
    return Room(patient, signed_in(jo), signed_in(kit), signal, suggestion)


@dataclass(frozen=True, slots=True)
class Form:
    """A form two people fill in differently, and what is kept of each filling in."""

    name: str
    about: Callable[[Room], Any]
    first: dict[str, Any]
    second: dict[str, Any]
    kept: Callable[[Room], list[Any]]
    words: tuple[str, str]
    opened: str = ""
    """The page that holds the form, if it is another address."""


FORMS = {
    "reading": Form(
        "desk_frame",
        lambda room: room.patient.pk,
        {"days": ["1"], "reading_by": "17:30"},
        {"days": ["4"], "reading_by": "09:00"},
        lambda room: [Care.objects.get(patient=room.patient, part="of_record").reading_days],
        ("Tuesday, by 17:30", "Friday, by 09:00"),
    ),
    "interval": Form(
        "desk_interval",
        lambda room: room.patient.pk,
        {"days": "7"},
        {"days": "14"},
        lambda room: list(AgreedInterval.objects.values_list("days", flat=True)),
        ("7 days", "14 days"),
        "desk_frame",
    ),
    "phase": Form(
        "desk_phase",
        lambda room: room.patient.pk,
        {"phase": "process"},
        {"phase": "integrate"},
        lambda room: [Episode.objects.get(patient=room.patient).phase],
        (str(Episode.Phase("process").label), str(Episode.Phase("integrate").label)),
        "desk_frame",
    ),
    "rhythm": Form(
        "desk_rhythm",
        lambda room: room.patient.pk,
        A_RHYTHM,
        A_RHYTHM | {"weekdays": ["5"], "session-check-in": "1"},
        lambda room: [one.weekdays for one in Rhythm.objects.order_by("planned_at")],
        ("A check-in on Wednesday", "A check-in on Saturday"),
    ),
    "decision": Form(
        "desk_suggestion",
        lambda room: room.suggestion.pk,
        {"decision": "accept"},
        {"decision": "no", "reason_code": "doubt", "reason": "We spoke of it."},
        lambda room: [one.choice for one in Decision.objects.order_by("at")],
        ("Accepted", "We spoke of it."),
        "desk_signal",
    ),
    "signal": Form(
        "desk_signal_disagree",
        lambda room: room.signal.pk,
        {"reason": "It was a joke."},
        {"reason": "It was the bus."},
        lambda room: [one.reason for one in SignalAct.objects.order_by("at")],
        ("It was a joke.", "It was the bus."),
        "desk_signal",
    ),
}


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def mark_in(room: Room, form: Form) -> str:
    """Return the mark that the form carries when its page is opened."""
    about = room.signal.pk if form.opened == "desk_signal" else room.patient.pk
    page = room.jo.get(reverse(form.opened or form.name, args=[about]))
    context = page.context
    if form is FORMS["decision"]:
        return next(
            str(card.seen)
            for card in context["cards"]
            if str(room.suggestion.pk) in card.decide_url
        )
    if "marks" in context:
        part = {"desk_frame": "reading", "desk_interval": "interval", "desk_phase": "phase"}
        return str(context["marks"][part[form.name]])
    return str(context["mark"])


def test_who_comes_second_reads_both_and_writes_nothing(room: Room, form: Form) -> None:
    address, mark = reverse(form.name, args=[form.about(room)]), mark_in(room, form)
    room.jo.post(address, form.first | {"seen": mark})
    before = form.kept(room)

    answer = room.kit.post(address, form.second | {"seen": mark})

    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in form.words)
    assert form.kept(room) == before


def test_they_may_write_theirs_after_the_other(room: Room, form: Form) -> None:
    address, mark = reverse(form.name, args=[form.about(room)]), mark_in(room, form)
    room.jo.post(address, form.first | {"seen": mark})
    before = form.kept(room)
    again = room.kit.post(address, form.second | {"seen": mark}).context["form"]
    sent = {name: again[name].value() for name in again.fields}

    answer = room.kit.post(address, sent)

    assert answer.status_code == 302
    assert form.kept(room) != before


def test_a_button_pressed_twice_asks_nobody(room: Room, form: Form) -> None:
    address, mark = reverse(form.name, args=[form.about(room)]), mark_in(room, form)
    room.jo.post(address, form.first | {"seen": mark})
    before = form.kept(room)

    answer = room.jo.post(address, form.first | {"seen": mark})

    assert answer.status_code == 302
    assert form.kept(room) == before


def test_the_page_says_who_was_first(room: Room) -> None:
    form = FORMS["signal"]
    address = reverse(form.name, args=[room.signal.pk])
    room.jo.post(address, form.first | {"seen": "0"})

    page = room.kit.post(address, form.second | {"seen": "0"}).content.decode()

    assert "Dr Jo Marsh changed this for Sam Reed" in page
    assert "Write mine now" in page


def test_what_cannot_be_done_any_more_is_shown_and_not_offered(room: Room) -> None:
    close = reverse("desk_signal_close", args=[room.signal.pk])
    disagree = reverse("desk_signal_disagree", args=[room.signal.pk])
    room.jo.post(close, {"reason_code": "talked", "seen": "0"})

    page = room.kit.post(disagree, {"reason": "It was the bus.", "seen": "0"})

    assert page.status_code == 409
    assert "It was the bus." in page.content.decode()
    assert "Write mine now" not in page.content.decode()
