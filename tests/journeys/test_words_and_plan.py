"""A fear, and a plan.

A patient writes down a fear at night, keeps it, reads who would see it, and sends it; the
clinician finds it on Today and answers. Another day a plan is made, dialled, printed on
one page and looked over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.clinic.formulation.actions import rate_goal, set_goal
from securebase.clinic.safety.actions import Lines, write_plan
from securebase.clinic.said.actions import Seen, Words, begin_draft, bring, keep_draft
from securebase.clinic.said.feelings import Named, choose_course, name_feeling
from securebase.clinic.said.models import Draft, Message
from securebase.people.accounts.models import User
from tests.factories import a_checkin, a_clinician, a_patient, a_practice, send, the_account

if TYPE_CHECKING:
    from pathlib import Path

    from securebase.clinic.care.models import Patient
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

FEAR = "I am afraid that you will be gone one day."
PLAN = {
    "How I notice that it gets hard": "I stop answering\nEverything is far away",
    "What I can do by myself": "Walk to the river",
    "People I can ask for help": "Mara 020 7946 0123\nNoor 020 7946 0456",
}
FULL = {
    slug: [f"Something that helps me, number {n}" for n in range(1, 5)]
    for slug in ("signs", "myself", "elsewhere", "services", "safer", "reasons")
} | {"people": ["Mara 020 7946 0123", "Noor, in the evening 020 7946 0456"]}
WAYS = [("phone", "light"), ("phone", "dark"), ("desk", "light"), ("desk", "dark")]


@dataclass(frozen=True)
class World:
    """A clinician and a patient of theirs."""

    clinician: User
    patient: Patient
    account: User


@pytest.fixture
def world() -> World:
    a_practice()
    clinician = a_clinician("Dr Jo Marsh")
    TOTP.activate(clinician, generate_totp_secret())
    at = timezone.now() - timedelta(days=30)
    patient = a_patient(of=clinician, at=at)
    return World(clinician, patient, the_account(patient))


def test_a_fear_is_written_kept_sent_and_answered(
    visitor: Callable[..., Visitor], world: World
) -> None:
    sam = visitor(world.account, size="phone")
    page = sam.go("/me/")
    page.get_by_role("link", name="Say something").click()
    page.get_by_role("button", name="Something I fear").click()
    page.get_by_label("What you want to say").fill(FEAR)
    page.get_by_text(re.compile(r"^Kept \d\d:\d\d$")).wait_for()
    assert Draft.objects.get().words == FEAR
    page.get_by_label("A few words as a title").fill("When you are away")
    page.get_by_role("button", name="Keep", exact=True).click()

    page.get_by_role("link", name="When you are away").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Dr Jo Marsh").first.wait_for()
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("It will be read by").wait_for()

    jo = visitor(world.clinician)
    desk = jo.go("/desk/")
    desk.get_by_role("link", name="Read what S.R. sent").click()
    desk.get_by_text(FEAR).wait_for()
    desk.get_by_label("Your answer").fill("I will tell you first. Shall we plan for it?")
    desk.get_by_role("button", name="Send the answer").click()
    desk.get_by_text("Answered.").wait_for()
    assert jo.go("/desk/").get_by_text("what S.R. sent").count() == 0

    page = sam.go("/me/")
    page.get_by_role("link", name="Read it").click()
    page.get_by_text("Shall we plan for it?").wait_for()
    assert Message.objects.get().answer.seen_at


def test_words_survive_a_page_that_is_open_twice(
    visitor: Callable[..., Visitor], world: World
) -> None:
    phone = visitor(world.account, size="phone")
    page = phone.go("/me/say/")
    page.get_by_role("button", name="Something I need").click()
    path = page.url.removeprefix(phone.base)
    other = visitor(world.account).go(path)
    page.get_by_label("What you want to say").fill("From the phone")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text("Only you can see it.").wait_for()

    other.get_by_label("What you want to say").fill("From the desk")
    other.get_by_text("Not kept: this was changed on another page.").wait_for()
    other.get_by_role("button", name="Keep", exact=True).click()

    other.get_by_text("This was changed on another page").wait_for()
    assert other.get_by_text("From the phone").is_visible()
    assert other.get_by_label("What you want to say").input_value() == "From the desk"
    other.get_by_role("button", name="Keep", exact=True).click()
    other.get_by_role("heading", name="Say something").wait_for()
    assert Draft.objects.get().words == "From the desk"


def test_a_plan_is_made_dialled_printed_and_looked_over(
    visitor: Callable[..., Visitor], world: World, tmp_path: Path
) -> None:
    sam = visitor(world.account, size="phone")
    page = sam.go("/me/plan/")
    page.get_by_role("link", name="Make my plan").click()
    for part, lines in PLAN.items():
        page.get_by_label(part).fill(lines)
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("This is your plan from now on.").wait_for()
    call = page.get_by_role("link", name="Mara 020 7946 0123")
    assert call.get_attribute("href") == "tel:02079460123"

    page.get_by_role("button", name="It still fits").click()
    page.get_by_text("You look at it again on").wait_for()
    page.get_by_role("link", name="Older versions").click()
    page.get_by_text("Looked over by").wait_for()
    assert page.get_by_text("Version 1").is_visible()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_full_plan_prints_on_one_page_without_a_name_of_the_program(
    visitor: Callable[..., Visitor], world: World, tmp_path: Path, paper: str
) -> None:
    a_full_plan(world)
    sam = visitor(world.account)
    page = sam.go("/me/plan/")

    printed = page.pdf(format=paper, path=tmp_path / "plan.pdf")
    page.emulate_media(media="print")
    sam.picture(f"plan_on_{paper}")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert page.get_by_text("Securebase").filter(visible=True).count() == 0
    assert page.get_by_text("Samaritans").first.is_visible()
    assert page.get_by_text("116 123", exact=False).first.is_visible()


@pytest.mark.parametrize(("size", "scheme"), WAYS)
def test_the_pages_are_whole(
    visitor: Callable[..., Visitor], world: World, size: str, scheme: str
) -> None:
    draft = filled(world)
    sam = visitor(world.account, size=size, scheme=scheme)
    jo = visitor(world.clinician, size=size, scheme=scheme)
    person = f"/desk/people/{world.patient.pk}/"
    own = {
        "home": "/me/",
        "say": "/me/say/",
        "draft": f"/me/say/{draft.pk}/",
        "bring": f"/me/say/{draft.pk}/bring/",
        "send": f"/me/say/{draft.pk}/send/",
        "plan": "/me/plan/",
        "plan_change": "/me/plan/change/",
        "plan_versions": "/me/plan/versions/",
        "feelings": "/me/feelings/",
        "feeling": "/me/feelings/word/afraid/",
        "not_yet": "/me/feelings/i-dont-know-yet/?pleasant=-1&energy=1",
        "progress": "/me/progress/",
        "progress_choose": "/me/progress/choose/",
    }
    desk = {"person": person, "safety_plan": f"{person}safety-plan"}

    found = [
        fault
        for one, pages in ((sam, own), (jo, desk))
        for name, path in pages.items()
        for fault in faults(one, path, f"words_{name}_{size}_{scheme}")
    ]

    assert found == []


def a_full_plan(world: World) -> None:
    """Let the two write a plan with something in every part."""
    at = timezone.now() - timedelta(days=2)
    write_plan(
        patient=world.patient,
        lines=Lines(FULL),
        review_on=(at + timedelta(days=90)).date(),
        seen=0,
        by=world.clinician,
        at=at,
    )


def filled(world: World) -> Draft:
    """Fill every page with something; return a draft."""
    at = timezone.now() - timedelta(days=1)
    a_full_plan(world)
    own: dict[str, Any] = {"patient": world.patient, "by": world.account, "at": at}
    named = Named("tense", 6, ("chest", "hands"), ("safe",), "After the call.")
    name_feeling(named=named, shown=True, **own)
    choose_course(measures=["goals", "phq-9.total"], numbers=True, **own)
    goal = set_goal(words="Sleep in my own bed", **own)
    for value in (3, 5):
        rate_goal(goal=goal, value=value, by=world.account, at=at)
    for week in (3, 1):
        due = timezone.now() - timedelta(weeks=week)
        given: dict[str, int | str | None] = {f"phq-9.{n}": week - 1 for n in range(1, 9)}
        send(a_checkin(world.patient, "phq-9", at=due), given | {"phq-9.9": 0}, at=due)
    draft = begin_draft(about="fear", **own)
    by: dict[str, Any] = {"by": world.account, "at": at}
    said = Words("When you are away", FEAR)
    keep_draft(draft=draft, said=said, seen=Seen(draft.version), **by)
    bring(draft=draft, whole=False, **by)
    return draft


def faults(one: Visitor, path: str, name: str) -> list[str]:
    """Return all that is wrong with one page as it stands, and keep a picture of it."""
    page = one.go(path)
    found = one.violations()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        found.append(f"sticks out by {wide} px")
    if page.get_by_role("heading", level=1).count() != 1:
        found.append("not exactly one first-level heading")
    one.picture(name)
    return [f"{path}: {fault}" for fault in found]
