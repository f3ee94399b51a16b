"""A session and its note.

The clinician reads the brief, meets, and writes: from the chart to the signed note with the
keyboard alone. What is typed is kept by itself. Where two write, both texts are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.clinic.care.together import let_treat_too
from securebase.clinic.notes.actions import begin_note, sign_note, write_together
from securebase.clinic.notes.models import Note, NoteDraft
from securebase.clinic.notes.promising import promise
from securebase.clinic.therapy.actions import Minute, note_rupture, plan_session
from securebase.clinic.therapy.models import TherapySession
from securebase.clinic.therapy.working import Skill, bring, note_skill
from securebase.people.accounts.models import User
from securebase.stories.close_session import close_session
from tests.factories import a_checkin, a_clinician, a_patient, send, the_account

if TYPE_CHECKING:
    from securebase.clinic.care.models import Patient
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT_WITHIN = 3000
"""Milliseconds in which what was typed is kept."""


@pytest.fixture
def patient(clinician: User) -> Patient:
    return a_patient(of=clinician, name="Ari Lund", at=timezone.now() - timedelta(weeks=5))


@pytest.fixture
def session(patient: Patient, clinician: User) -> TherapySession:
    """Return a session that began half an hour ago, after one a week before."""
    now = timezone.now()
    week_ago = now - timedelta(days=7)
    last = plan_session(
        patient=patient, clinician=clinician, starts_at=week_ago, by=clinician, at=week_ago
    )
    skill = Skill("slow-breathing", before=7, after=4)
    note_skill(session=last, skill=skill, by=clinician, at=week_ago)
    minute = Minute(tension=1, distress=4)
    close_session(session=last, state="held", minute=minute, by=clinician, at=week_ago)
    note_rupture(patient=patient, kind="withdrawal", note="", by=clinician, at=week_ago)
    checkin = a_checkin(patient, "session-check-in", at=now - timedelta(days=1))
    send(
        checkin,
        {"session-check-in.tension": 1, "session-check-in.matters": "Sunday was hard."},
        at=now - timedelta(days=1),
    )
    bring(patient=patient, text="Ask about the move", by=clinician, at=now)
    promise(
        patient=patient,
        kind="plan",
        text="Plan for August",
        due_at=now + timedelta(days=3),
        by=clinician,
        at=now - timedelta(days=1),
    )
    begun = now - timedelta(minutes=30)
    return plan_session(
        patient=patient, clinician=clinician, starts_at=begun, by=clinician, at=begun
    )


def test_the_brief_before_a_session(
    visitor: Callable[..., Visitor], session: TherapySession, clinician: User
) -> None:
    one = visitor(clinician)
    page = one.go("/desk/")

    page.get_by_role("link", name="Brief before A.L.").click()
    page.wait_for_url("**/before")
    told = page.get_by_role("main").inner_text()
    one.picture("brief")

    for words in (
        "The one check-in was answered. 1 of the last ones waits to be read.",
        "Sunday was hard.",
        "distress 4 of 10 at the end, tension 1 of 4.",
        "distress 7 before, 4 after",
        "A strain of",
        "Plan for August",
    ):
        assert words in told, told
    page.get_by_role("link", name="To the session").click()
    page.get_by_text("Ask about the move").wait_for()


def test_from_the_chart_to_a_signed_note_by_keyboard(
    visitor: Callable[..., Visitor], patient: Patient, clinician: User
) -> None:
    one = visitor(clinician)
    page = one.go(f"/desk/people/{patient.pk}/")
    commands = 0

    def press(keys: str) -> None:
        nonlocal commands
        page.keyboard.press(keys)
        commands += 1

    press("Alt+n")
    page.wait_for_url("**/desk/drafts/**")
    page.keyboard.type("We spoke of the move.")
    press("Tab")
    page.keyboard.type("Less afraid than last week.")
    press("Tab")
    page.keyboard.type("We meet on Monday.")
    press("Control+Enter")
    page.wait_for_url("**/sign")
    one.picture("note-sign")
    press("Enter")
    page.wait_for_url("**/desk/notes/**")

    assert commands <= 6
    assert Note.objects.get().body.texts == {
        "seen": "We spoke of the move.",
        "thought": "Less afraid than last week.",
        "next": "We meet on Monday.",
    }
    one.picture("note-signed")


def test_what_is_typed_is_kept_by_itself(
    visitor: Callable[..., Visitor], session: TherapySession, clinician: User
) -> None:
    draft = begin_note(
        patient=session.patient,
        session=session,
        shape="free",
        by=clinician,
        at=timezone.now(),
    )
    page = visitor(clinician).go(f"/desk/drafts/{draft.pk}/")
    note = page.get_by_label("Note", exact=True)

    for words in ("First words", ", and more"):
        with page.expect_response("**/keep", timeout=KEPT_WITHIN) as kept:
            note.press_sequentially(words)
        assert kept.value.ok
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url("**/desk/drafts/**")

    assert NoteDraft.objects.get().body.texts == {"note": "First words, and more"}


def test_two_clinicians_in_one_note(
    visitor: Callable[..., Visitor], patient: Patient, clinician: User
) -> None:
    at = timezone.now()
    colleague = a_clinician("Dr Lee Park")
    TOTP.activate(colleague, generate_totp_secret())
    let_treat_too(patient=patient, colleague=colleague, by=clinician, at=at)
    draft = begin_note(patient=patient, shape="free", by=clinician, at=at)
    write_together(draft=draft, together=True, by=clinician, at=at)
    address = f"/desk/drafts/{draft.pk}/"
    mine, theirs = visitor(clinician), visitor(colleague)
    pages = mine.go(address), theirs.go(address)

    for page, words in zip(pages, ("From Jo.", "From Lee."), strict=True):
        page.get_by_label("Note", exact=True).fill(words)
    pages[0].get_by_role("button", name="Keep").click()
    pages[0].wait_for_load_state()
    pages[1].get_by_role("button", name="Keep").click()
    pages[1].get_by_role("heading", name="Two people wrote here").wait_for()
    theirs.picture("note-two-texts")
    pages[1].get_by_role("button", name="Keep this").click()
    pages[1].wait_for_url(f"**{address}")

    assert NoteDraft.objects.get().body.texts == {"note": "From Jo.\nFrom Lee."}


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_pages_of_a_session_are_whole(
    visitor: Callable[..., Visitor], session: TherapySession, clinician: User, size: str
) -> None:
    at = timezone.now() - timedelta(days=6)
    patient = session.patient
    old = begin_note(patient=patient, shape="free", by=clinician, at=at)
    draft = begin_note(
        patient=patient, session=session, shape="seen-thought-next", by=clinician, at=at
    )
    old.text = old.body.saying({"note": "We began."}).kept()
    old.save()
    sign_note(draft=old, version=1, by=clinician, at=at)
    person = f"/desk/people/{patient.pk}"
    places = {
        "sessions": "/desk/sessions/",
        "brief": f"/desk/sessions/{session.pk}/before",
        "hour": f"/desk/sessions/{session.pk}/",
        "note": f"/desk/drafts/{draft.pk}/",
        "notes": f"{person}/notes",
        "apart": f"{person}/apart",
        "promises": "/desk/promises/",
        "signed": f"/desk/notes/{old.pk}/",
    }
    one = visitor(clinician, size=size)
    theirs = visitor(the_account(patient), size=size)
    found = []
    for name, path in places.items():
        found += [f"{path}: {fault}" for fault in faults(one, path)]
        one.picture(f"desk-{name}-{size}")
    found += [f"me: {fault}" for fault in faults(theirs, "/me/record/notes/")]
    found += [f"me: {fault}" for fault in faults(theirs, f"/me/record/notes/{old.pk}/")]
    theirs.picture(f"me-note-{size}")

    assert found == []


def faults(one: Visitor, path: str) -> list[str]:
    """Return what axe finds, and whether the page sticks out sideways."""
    page = one.go(path)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*one.violations(), *([f"sticks out by {wide} px"] if wide > 0 else [])]
