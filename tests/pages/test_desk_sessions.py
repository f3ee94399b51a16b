"""Before, during and after a session at the desk.

The brief is from data and fits on a page. The hour has the patient's things first, a clock
that says when to close, the note and the skills. Promises wait until they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.notes.actions import Said, begin_note, keep_note, sign_note
from securebase.clinic.notes.models import NoteDraft, Promise
from securebase.clinic.notes.promising import keep_promise, promise, release_promise
from securebase.clinic.said import actions as said
from securebase.clinic.said.actions import Seen, Words
from securebase.clinic.therapy.actions import Minute, note_rupture, plan_session
from securebase.clinic.therapy.hour import AgendaItem, SkillTaught
from securebase.clinic.therapy.models import Rupture, TherapySession
from securebase.clinic.therapy.working import Skill, bring, note_skill, tick
from securebase.people.accounts.models import User
from securebase.stories.brief_before import brief_before
from securebase.stories.close_session import close_session
from securebase.stories.keep_promises import promises_tallied, promises_to_keep
from securebase.stories.list_sessions import MOST, list_sessions
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    send,
    the_account,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_ten() -> Iterator[None]:
    with time_machine.travel(NOW + HOUR, tick=False):
        yield


@pytest.fixture
def patient(clinician: User) -> Patient:
    patient = a_patient(of=clinician, at=NOW - 30 * DAY)
    open_episode(patient=patient, by=clinician, at=NOW - 30 * DAY)
    return patient


@pytest.fixture
def session(patient: Patient, clinician: User) -> TherapySession:
    return plan_session(
        patient=patient, clinician=clinician, starts_at=NOW + 2 * HOUR, by=clinician, at=NOW
    )


def a_held_session(patient: Patient, by: User, minute: Minute) -> TherapySession:
    begun = NOW - 7 * DAY
    held = plan_session(patient=patient, clinician=by, starts_at=begun, by=by, at=begun)
    close_session(session=held, state="held", minute=minute, by=by, at=begun + HOUR)
    return held


def a_promise(patient: Patient, by: User, *, days: int = 2, **terms: str) -> Promise:
    told = {"kind": "other", "text": "Send the letter"} | terms
    return promise(patient=patient, due_at=NOW + days * DAY, by=by, at=NOW - DAY, **told)


def brings(patient: Patient, told: Words) -> None:
    """Let the patient bring something to the next session."""
    by = the_account(patient)
    draft = said.begin_draft(patient=patient, about="need", by=by, at=NOW)
    draft = said.keep_draft(draft=draft, said=told, seen=Seen(draft.version), by=by, at=NOW)
    said.bring(draft=draft, whole=True, by=by, at=NOW)


def words(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_the_brief_says_what_changed_what_is_asked_for_and_what_is_open(
    desk: Client, patient: Patient, clinician: User, session: TherapySession
) -> None:
    last = a_held_session(patient, clinician, Minute(tension=1, distress=4, processed=True))
    skill = Skill("slow-breathing", before=7, after=4)
    note_skill(session=last, skill=skill, by=clinician, at=NOW - 7 * DAY)
    note_rupture(patient=patient, kind="withdrawal", note="", by=clinician, at=NOW - 7 * DAY)
    a_promise(patient, clinician)
    checkin = a_checkin(patient, "session-check-in", at=NOW)
    send(checkin, {"session-check-in.matters": "I want to speak of Sunday"}, at=NOW)
    brings(patient, Words("The letter", "To my father"))

    page = words(desk.get(reverse("desk_brief", args=[session.pk])))

    for told in (
        "Since the session of Monday 16 November",
        "The letter",
        "To my father",
        "I want to speak of Sunday",
        "distress 4 of 10 at the end",
        "A memory was worked on.",
        "distress 7 before, 4 after",
        "A strain of 16 November, moving away, is open",
        "Something else: Send the letter",
    ):
        assert told in page


def test_the_first_brief_says_what_is_not_known(desk: Client, session: TherapySession) -> None:
    page = words(desk.get(reverse("desk_brief", args=[session.pk])))

    for told in (
        "Nothing was brought, and no check-in has come in yet.",
        "This is the first session with a date here.",
        "No signal asks for a look, and no strain is open.",
        "Nothing promised is waiting.",
    ):
        assert told in page


def test_a_brief_asks_as_often_of_a_long_record_as_of_a_short_one(
    patient: Patient,
    clinician: User,
    session: TherapySession,
    django_assert_max_num_queries: Any,
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(60) as counted:
            brief_before(session=session, user=clinician, at=NOW)
        return len(counted)

    a_held_session(patient, clinician, Minute())
    send(a_checkin(patient, at=NOW), {"phq-9.1": 1}, at=NOW)
    short = asked()
    for day in range(1, 6):
        bring(patient=patient, text="again", by=clinician, at=NOW)
        a_promise(patient, clinician, days=day)
        checkin = a_checkin(patient, "session-check-in", at=NOW - day * DAY)
        send(checkin, {"session-check-in.tension": 1}, at=NOW - day * DAY)

    assert asked() == short


@pytest.mark.parametrize("name", ["desk_session", "desk_brief"])
def test_the_pages_of_a_session_ask_as_often_of_a_long_record_as_of_a_short_one(
    desk: Client, patient: Patient, clinician: User, session: TherapySession, name: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            desk.get(reverse(name, args=[session.pk]))
        return len(counted)

    a_held_session(patient, clinician, Minute())
    send(a_checkin(patient, at=NOW), {"phq-9.1": 1}, at=NOW)
    bring(patient=patient, text="once", by=clinician, at=NOW)
    a_promise(patient, clinician, days=1)
    asked()
    short = asked()
    for day in range(2, 6):
        bring(patient=patient, text="again", by=clinician, at=NOW)
        a_promise(patient, clinician, days=day)
        checkin = a_checkin(patient, "session-check-in", at=NOW - day * DAY)
        send(checkin, {"session-check-in.tension": 1}, at=NOW - day * DAY)

    assert asked() == short


def test_the_patients_things_come_first_on_the_agenda(
    desk: Client, patient: Patient, session: TherapySession
) -> None:
    brings(patient, Words("Theirs", "x"))

    desk.post(reverse("desk_agenda", args=[session.pk]), {"text": "Mine"})
    page = words(desk.get(reverse("desk_session", args=[session.pk])))

    agenda = page[page.index(">Agenda<") :]
    assert agenda.index("Theirs") < agenda.index("Mine")


def test_what_was_talked_about_is_ticked_off(
    desk: Client, patient: Patient, session: TherapySession, clinician: User
) -> None:
    item = bring(patient=patient, text="Mine", by=clinician, at=NOW)
    address = reverse("desk_agenda_done", args=[item.pk])

    here = desk.post(address, {"session": str(session.pk)})
    there = desk.post(address)

    assert here.url == reverse("desk_session", args=[session.pk])  # type: ignore[attr-defined]
    assert there.url == reverse("desk_person", args=[patient.pk])  # type: ignore[attr-defined]
    assert AgendaItem.objects.get().done_at == NOW + HOUR


@pytest.mark.parametrize("text", ["", "a" * 501])
def test_an_agenda_takes_a_few_words(desk: Client, session: TherapySession, text: str) -> None:
    page = desk.post(reverse("desk_agenda", args=[session.pk]), {"text": text}, follow=True)

    assert "Not added" in words(page)
    assert not AgendaItem.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        # minutes after the beginning; whether it is said that it is time to close
        (0, False),
        (39, False),
        (40, True),
        (49, True),
        (50, False),
    ],
)
def test_the_clock_says_when_to_close(
    desk: Client, session: TherapySession, minutes: int, told: bool
) -> None:
    with time_machine.travel(session.starts_at + timedelta(minutes=minutes), tick=False):
        page = words(desk.get(reverse("desk_session", args=[session.pk])))

    assert ("It is time to close." in page) is told
    assert "11:40" in page


def test_a_skill_is_noted_with_distress_before_and_after(
    desk: Client, session: TherapySession
) -> None:
    form = {"skill-exercise": "slow-breathing", "skill-before": "7", "skill-after": "3"}

    page = desk.post(reverse("desk_skill", args=[session.pk]), form, follow=True)
    refused = desk.post(
        reverse("desk_skill", args=[session.pk]), {"skill-exercise": "magic"}, follow=True
    )

    assert "distress 7 before, 3 after" in words(page)
    assert "Not noted" in words(refused)
    assert SkillTaught.objects.count() == 1


def test_a_strain_is_noted_in_the_hour_and_its_log_is_one_step_away(
    desk: Client, session: TherapySession
) -> None:
    hour = reverse("desk_session", args=[session.pk])
    form = {"kind": "withdrawal", "marker": "", "note": "", "back": hour}

    noted = desk.post(reverse("desk_ruptures", args=[session.patient_id]), form)
    pages = [words(desk.get(at)) for at in (hour, reverse("desk_brief", args=[session.pk]))]

    assert noted.url == hour  # type: ignore[attr-defined]
    log = reverse("desk_rupture", args=[Rupture.objects.get().pk])
    assert all(log in page for page in pages)


def test_a_note_is_begun_in_the_hour_and_written_there(
    desk: Client, session: TherapySession
) -> None:
    address = reverse("desk_session_note", args=[session.pk])

    desk.post(address, {"shape": "processing"})
    desk.post(address)
    page = words(desk.get(reverse("desk_session", args=[session.pk])))

    assert NoteDraft.objects.get().session == session
    assert "What was worked on" in page


def test_the_desk_lists_the_day_the_week_and_what_is_not_written(
    desk: Client, patient: Patient, clinician: User, session: TherapySession
) -> None:
    a_held_session(patient, clinician, Minute())
    plan_session(
        patient=patient, clinician=clinician, starts_at=NOW + 3 * DAY, by=clinician, at=NOW
    )
    begin_note(patient=patient, shape="free", by=clinician, at=NOW)

    page = words(desk.get(reverse("desk_sessions_all")))

    for told in ("11:00", "Thursday 26 Nov", "session of Mon 16 Nov", ": Free text"):
        assert told in page


def test_a_session_of_today_that_was_held_asks_for_its_note_until_it_is_signed(
    desk: Client, session: TherapySession, clinician: User
) -> None:
    close_session(
        session=session, state="held", minute=Minute(), by=clinician, at=NOW + 3 * HOUR
    )
    before = words(desk.get(reverse("desk_sessions_all")))
    draft = begin_note(
        patient=session.patient, session=session, shape="free", by=clinician, at=NOW
    )
    draft = keep_note(draft=draft, said=Said(1, {"note": "Met."}), by=clinician, at=NOW)
    sign_note(draft=draft, version=draft.version, by=clinician, at=NOW)
    after = words(desk.get(reverse("desk_sessions_all")))

    assert ("Write<" in before, "note signed" in before) == (True, False)
    assert ("Write<" in after, "note signed" in after) == (False, True)


def test_the_newest_wait_in_sight_and_the_earlier_behind_a_word(
    patient: Patient, clinician: User
) -> None:
    for number in range(MOST + 2):
        begun = NOW - number * 15 * HOUR - DAY
        one = plan_session(
            patient=patient, clinician=clinician, starts_at=begun, by=clinician, at=begun
        )
        close_session(session=one, state="held", minute=Minute(), by=clinician, at=begun + HOUR)

    listed = list_sessions(user=clinician, at=NOW)
    page = render_to_string("clinician/_not_written.html", {"listed": listed})

    in_sight, earlier = page.split("<details")
    assert (in_sight.count(": session of"), earlier.count(": session of")) == (6, MOST - 6)
    assert f"And {listed.more_unwritten} more" in unescape(earlier)
    assert listed.unwritten[0].starts_at > listed.unwritten[-1].starts_at


def test_a_session_whose_note_is_begun_waits_once(
    desk: Client, patient: Patient, clinician: User
) -> None:
    held = a_held_session(patient, clinician, Minute())
    begin_note(patient=patient, session=held, shape="free", by=clinician, at=NOW)

    page = words(desk.get(reverse("desk_sessions_all")))

    assert "session of Mon 16 Nov" not in page
    assert page.count("not signed") == 1


def test_a_promise_is_made_shown_on_today_and_kept(desk: Client, patient: Patient) -> None:
    form = {"kind": "plan", "text": "Plan for August", "day": "2026-11-25"}
    desk.post(reverse("desk_promise_make", args=[patient.pk]), form)
    today = words(desk.get(reverse("desk_today")))
    listed = words(desk.get(reverse("desk_promises")))

    desk.post(reverse("desk_promise", args=[Promise.objects.get().pk]))

    assert "a plan for a break" in today
    assert "by Wed 25 Nov, 23:59" in today
    assert "Plan for August" in listed
    assert Promise.objects.get().kept_at == NOW + HOUR
    assert "Nothing you promised is waiting." in words(desk.get(reverse("desk_promises")))


@pytest.mark.parametrize("day", ["", "2026-11-22"])
def test_a_promise_needs_a_day_ahead(desk: Client, patient: Patient, day: str) -> None:
    form = {"kind": "reply", "text": "", "day": day}

    page = desk.post(reverse("desk_promise_make", args=[patient.pk]), form, follow=True)

    assert "Not noted" in words(page)
    assert not Promise.objects.exists()


def test_a_promise_that_is_not_needed_any_more_counts_neither_way(
    desk: Client, patient: Patient, clinician: User
) -> None:
    one = a_promise(patient, clinician)

    desk.post(
        reverse("desk_promise", args=[one.pk]),
        {"do": "release", "back": reverse("desk_promises")},
    )

    tally = promises_tallied(user=clinician, at=NOW + 5 * DAY)
    assert (tally.due, tally.released) == (0, 1)


def test_promises_are_counted_for_whoever_made_them(patient: Patient, clinician: User) -> None:
    in_time, late, gone, _ = (a_promise(patient, clinician) for _ in range(4))
    keep_promise(promise=in_time, by=clinician, at=NOW)
    keep_promise(promise=late, by=clinician, at=NOW + 3 * DAY)
    release_promise(promise=gone, by=clinician, at=NOW)
    other = a_clinician()

    tally = promises_tallied(user=clinician, at=NOW + 5 * DAY)

    assert (tally.in_time, tally.late, tally.open, tally.released) == (1, 1, 1, 1)
    assert promises_tallied(user=other, at=NOW + 5 * DAY).due == 0
    assert promises_to_keep(user=other, at=NOW) == ()


def test_a_session_keeps_the_promise_of_a_next_contact_made_before_it(
    patient: Patient, clinician: User, session: TherapySession
) -> None:
    before = a_promise(patient, clinician, kind="contact")
    reply = a_promise(patient, clinician, kind="reply")
    in_it = promise(
        patient=patient,
        kind="contact",
        text="",
        due_at=NOW + 9 * DAY,
        by=clinician,
        at=session.starts_at + timedelta(minutes=30),
    )

    close_session(session=session, state="held", by=clinician, at=session.ended_at)

    kept = set(Promise.objects.filter(kept_at__isnull=False))
    assert kept == {before}
    assert {reply, in_it}.isdisjoint(kept)
    assert Promise.objects.get(pk=before.pk).kept_at == session.starts_at


def test_what_is_settled_stays_settled(patient: Patient, clinician: User) -> None:
    one = a_promise(patient, clinician)
    keep_promise(promise=one, by=clinician, at=NOW)

    with pytest.raises(PermissionDenied, match="noted already"):
        release_promise(promise=one, by=clinician, at=NOW)


def test_nothing_is_taught_in_a_session_that_was_missed(
    patient: Patient, clinician: User
) -> None:
    missed = plan_session(
        patient=patient, clinician=clinician, starts_at=NOW, by=clinician, at=NOW
    )
    close_session(session=missed, state="missed", by=clinician, at=NOW)
    missed.refresh_from_db()

    with pytest.raises(PermissionDenied, match="did not take place"):
        note_skill(session=missed, skill=Skill("slow-breathing"), by=clinician, at=NOW)


def test_an_agenda_has_an_end(patient: Patient, clinician: User) -> None:
    items = [bring(patient=patient, text=str(n), by=clinician, at=NOW) for n in range(20)]

    with pytest.raises(ValidationError, match="20 things wait already"):
        bring(patient=patient, text="one more", by=clinician, at=NOW)
    tick(item=items[0], by=clinician, at=NOW)
    bring(patient=patient, text="one more", by=clinician, at=NOW)


@pytest.mark.parametrize(
    ("skill", "told"),
    [
        ({"exercise": "magic"}, "no exercise 'magic'"),
        ({"exercise": "slow-breathing", "after": 11}, "Distress after is 11"),
    ],
)
def test_a_skill_is_one_we_know_rated_within_its_scale(
    skill: dict[str, object], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        Skill(**skill)  # type: ignore[arg-type]
