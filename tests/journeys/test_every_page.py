"""Every page, for everyone.

Each page is opened by the person it is for and looked at in the width of a phone and of a
desk, in light and in dark: axe finds nothing, nothing sticks out sideways, and there is one
heading of the first level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from securebase.clinic.care.cover import arrange_cover
from securebase.clinic.care.days import Days
from securebase.clinic.care.emergency import Ground, begin_emergency
from securebase.clinic.care.supervision import agree_on_supervision
from securebase.clinic.episodes.models import Signal
from securebase.people.accounts.models import Role, RoleHeld, User
from tests.factories import (
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    an_account,
    send,
    the_account,
)

if TYPE_CHECKING:
    from securebase.clinic.care.models import Emergency, Patient
    from securebase.clinic.checkins.models import CheckIn
    from tests.chromium import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

LOOKS = (("phone", "light"), ("phone", "dark"), ("desk", "dark"), ("desk", "light"))
OF_COLOR = ("color-contrast", "link-in-text-block")
"""The rules of axe that can tell the dark from the light."""
ASKED = ("safe", "understood", "agreed", "said", "tension", "matters")
Given = dict[str, int | str | None]
CALM: Given = dict(zip(ASKED, (8, 8, 8, 7, 0, "The walk by the river helped."), strict=True))
LOW: Given = dict(zip(ASKED, (3, 2, 3, 2, 3, "<b>I left</b> early."), strict=True))


@dataclass(frozen=True)
class World:
    """A small practice with something on every page."""

    clinician: User
    patient: User
    sent: CheckIn
    waiting: CheckIn
    supervisor: User
    on_call: User
    emergency: Emergency


@pytest.fixture
def world() -> World:
    a_practice()
    clinician = a_clinician("Dr Jo Marsh")
    RoleHeld.objects.create(user=clinician, role=Role.HOST, since=timezone.now())
    TOTP.activate(clinician, generate_totp_secret())
    begin = timezone.now().replace(microsecond=0) - timedelta(weeks=7)
    patient = a_patient(of=clinician, name="Sam Reed", at=begin)
    for week in range(6):
        at = begin + timedelta(weeks=week)
        sent = a_checkin(patient, "phq-9", "session-check-in", at=at)
        mood: Given = {f"phq-9.{n}": 1 + (week > 3) for n in range(1, 9)}
        mood["phq-9.9"] = int(week == 5)
        session = LOW if week == 5 else CALM
        send(sent, mood | {f"session-check-in.{k}": v for k, v in session.items()}, at=at)
    a_patient(of=clinician, name="Nobody Yet", at=begin)
    waiting = a_checkin(patient, "phq-9", "session-check-in", at=begin + timedelta(weeks=7))
    supervisor, on_call, emergency = ties(clinician, patient)
    return World(clinician, the_account(patient), sent, waiting, supervisor, on_call, emergency)


def ties(clinician: User, patient: Patient) -> tuple[User, User, Emergency]:
    """Let a supervisor, a cover and an emergency be tied to the patient."""
    supervisor = an_account(Role.SUPERVISOR, name="Val Orr")
    on_call, covering = a_clinician("Dr Kit Lowe"), a_clinician("Dr Ivo Penn")
    for user in (supervisor, on_call):
        TOTP.activate(user, generate_totp_secret())
    at, today = timezone.now(), timezone.localdate()
    days = Days(today, today + timedelta(days=5), "Europe/London")
    agree_on_supervision(
        supervisor=supervisor, supervisee=clinician, days=days, by=clinician, at=at
    )
    arrange_cover(patients=[patient], colleague=covering, days=days, by=clinician, at=at)
    ground = Ground("danger", "Rang and said goodbye; nobody else is here.")
    emergency, _ = begin_emergency(patient=patient, ground=ground, by=on_call, at=at)
    return supervisor, on_call, emergency


def desk_pages(world: World) -> list[str]:
    """Return every page of the clinician and the host."""
    person = f"/desk/people/{world.sent.patient_id}/"
    pages = ["/desk/", "/desk/people/", "/desk/people/new", person, f"{person}check-ins"]
    pages += [
        f"{person}frame",
        f"{person}cover",
        f"{person}together",
        "/desk/cover",
        "/desk/emergency/",
    ]
    pages += [f"{person}enter/", f"{person}enter/phq-9/", f"{person}hand-over/"]
    pages += [f"/desk/emergency/{world.emergency.pk}/review", "/desk/supervision/contracts"]
    pages += ["/keep/backups/", "/keep/health/", "/keep/supervision/", "/keep/emergencies/"]
    pages += [f"/keep/emergencies/{world.emergency.pk}/"]
    pages += ["/desk/library/", "/desk/library/phq-9/", "/desk/library/ders-16/"]
    pages += [f"{person}about", "/desk/library/phq-9/ask", "/desk/library/ders-16/wording"]
    pages += [f"{person}history", f"/desk/check-ins/{world.sent.pk}/", "/keep/", "/keep/style/"]
    for signal in Signal.objects.all():
        pages += [f"/desk/signals/{signal.pk}/", f"/desk/signals/{signal.pk}/later"]
    return pages


OWN_PAGES = (
    "", "between-us/", "bridge/", "check-in/", "check-in/about/", "discreet/",
    "discreet/first/", "feelings/", "feelings/i-dont-know-yet/", "feelings/word/afraid/",
    "kit/", "kit/add/person/", "kit/add/picture/", "kit/add/place/", "kit/add/sound/",
    "kit/add/words/", "kit/do/slow-breathing/",
    "language/", "moments/", "people/", "people/ask/", "people/closed/", "plan/",
    "plan/change/", "plan/versions/", "progress/", "progress/choose/", "record/",
    "record/notes/", "record/seen/", "reminders/", "say/", "sharing/", "sharing/history/",
    "sharing/new/", "sharing/person/", "steady/", "steady/slow-breathing/", "together/",
)  # fmt: skip
"""The patient's pages that need no thing of theirs in the address."""


def patient_pages(world: World) -> list[str]:
    """Return every page of the patient."""
    checkin = f"/me/check-in/{world.waiting.pk}/"
    pages = [f"/me/{page}" for page in OWN_PAGES]
    return [*pages, f"{checkin}1/", f"{checkin}10/", f"{checkin}15/", f"{checkin}review/"]


def faults(one: Visitor, path: str) -> list[str]:
    """Return all that is wrong with one page, however one looks at it."""
    page, found = one.go(path), list[str]()
    for size, scheme in LOOKS:
        one.look(size, scheme)
        seen = one.violations(*OF_COLOR if scheme == "dark" else ())
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            seen.append(f"sticks out by {wide} px")
        if page.get_by_role("heading", level=1).count() != 1:
            seen.append("not exactly one first-level heading")
        found += [f"{path} on a {size}, {scheme}: {fault}" for fault in seen]
    return found


def test_the_clinicians_pages_are_whole(visitor: Callable[..., Visitor], world: World) -> None:
    one = visitor(world.clinician)

    assert [fault for path in desk_pages(world) for fault in faults(one, path)] == []


def test_the_pages_of_other_ties_are_whole(
    visitor: Callable[..., Visitor], world: World
) -> None:
    supervisor = visitor(world.supervisor)
    on_call = visitor(world.on_call)
    work = ["/desk/supervision/", f"/desk/supervision/{world.sent.patient_id}/"]
    record = [f"/desk/emergency/{world.emergency.pk}/"]

    assert [fault for path in work for fault in faults(supervisor, path)] == []
    assert [fault for path in record for fault in faults(on_call, path)] == []


def test_the_patients_pages_are_whole(visitor: Callable[..., Visitor], world: World) -> None:
    one = visitor(world.patient)

    assert [fault for path in patient_pages(world) for fault in faults(one, path)] == []


def test_the_open_pages_are_whole(visitor: Callable[..., Visitor], world: World) -> None:
    one = visitor()
    pages = ["/", "/help-now", "/offline", "/own-copy", "/hand-back", "/nowhere/"]
    pages += ["/account/login/", "/account/link/", "/account/password/reset/"]

    assert [fault for path in pages for fault in faults(one, path)] == []
