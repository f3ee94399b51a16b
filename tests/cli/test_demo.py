"""The demo.

An invented practice that lived its months through the same steps as a real one, and on
the day it is opened something of each kind waits. It never touches a real practice.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from securebase.cli import demo
from securebase.clinic.care.supervision import patients_supervised_by
from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.models import Decision
from securebase.clinic.therapy.models import TherapySession
from securebase.pages.public.demo import entry_path
from securebase.people.accounts.models import Role, User
from securebase.people.audit.models import AuditEvent
from securebase.people.audit.trail import breaks
from securebase.science.errors import BadInput
from securebase.stories.demo.build import build_demo
from securebase.stories.demo.cast import Part, cast
from securebase.stories.demo.score import Does, score_of
from securebase.stories.open_today import open_today
from securebase.stories.share_with_partner import list_shared

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAYS = [MONDAY + timedelta(days=n) for n in range(7)]


def _asked_last(part: Part) -> datetime:
    day = part.asked_day(part.occasions[-1].week)
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)


# Whoever opens it, on whatever day


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%A}")
def test_a_check_in_waits_for_somebody_on_every_day_of_the_week(now: datetime) -> None:
    waiting = [part for part in cast(24, 7, now=now) if part.waits]

    assert len(waiting) == 2
    for part in waiting:
        assert part.occasions[-1].answered_at is None
        assert timedelta(0) < now - _asked_last(part) < timedelta(days=2)


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%A}")
def test_somebody_marked_the_safety_question_yesterday(now: datetime) -> None:
    marked = [
        part
        for part in cast(24, 7, now=now)
        if part.today_at is not None
        and part.occasions[-1].answers.get("phq-9", {}).get("9") == 1
        and now - _asked_last(part) < timedelta(days=2)
    ]

    assert len(marked) >= 1


def test_nothing_happens_after_now_and_everything_in_order() -> None:
    moments = score_of(cast(6, 3, now=MONDAY), now=MONDAY)

    times = [moment.at for moment in moments]
    assert times == sorted(times)
    assert times[-1] <= MONDAY
    assert moments[0].does in (Does.WELCOME, Does.NIGHT)


def test_the_same_seed_gives_the_same_people() -> None:
    assert cast(5, 11, now=MONDAY) == cast(5, 11, now=MONDAY)


# What was lived


@pytest.mark.slow
@pytest.mark.django_db
def test_the_practice_was_lived_through_and_something_waits(
    settings: Settings,
) -> None:
    settings.SECUREBASE_DEMO = True
    invented = build_demo(6, 7, now=MONDAY, say=lambda words: None)

    clinician = next(one.user for one in invented if one.role == "clinician")
    today = open_today(user=clinician, at=MONDAY)
    states = Counter(CheckIn.objects.values_list("state", flat=True))
    assert {"submitted", "missed", "open"} == set(states)
    assert {row.signal.kind for row in today.look_first} >= {"SAFE", "RUP"}
    spoken = set(Signal.objects.values_list("kind", flat=True))
    assert spoken >= {"SAFE", "RUP", "ENG", "NOT", "EARLY", "NEED"}
    assert len(today.sessions) >= 3
    assert today.promises
    assert {"accept", "no"} == set(Decision.objects.values_list("choice", flat=True))
    assert Signal.objects.filter(state="closed").exists()
    assert TherapySession.objects.filter(state="held").count() > 50
    staff = ["supervisor", "clinician", "host"]
    roles = ["clinician", *["patient"] * 6, "partner", "supporter", *staff]
    assert [one.role for one in invented] == roles
    partner = next(one.user for one in invented if one.role == "partner")
    assert len(list_shared(by=partner, at=MONDAY)) == 2
    supervisor = next(one.user for one in invented if one.role == "supervisor")
    assert patients_supervised_by(supervisor, at=MONDAY).count() == 6
    assert invented[1].note == "a check-in waits"
    assert list(breaks()) == []
    assert AuditEvent.objects.filter(verb="checkins.draft.keep").count() > states["submitted"]


# The way in


@pytest.fixture
def entered(settings: Settings, tmp_path: Path) -> User:
    """Return somebody invented, in a process that runs as the demo."""
    settings.SECUREBASE_DEMO = True
    settings.ROOT_URLCONF = "tests.cli.demo_addresses"
    settings.DATA_DIR = tmp_path
    user = User.objects.create_user("mira@demo.invalid", name="Dr Mira Alderson")
    user.roles_held.create(role=Role.HOST, since=MONDAY)
    people = [
        {
            "role": "host",
            "name": user.name,
            "sign_in_url": f"http://127.0.0.1:8000{entry_path(user)}",
        }
    ]
    (tmp_path / "demo.json").write_text(json.dumps({"people": people}))
    return user


@pytest.mark.django_db
def test_the_front_door_lists_the_people_and_says_they_are_invented(
    client: Client, entered: User
) -> None:
    page = client.get("/").content.decode()

    assert "Invented people; nothing here is real" in page
    assert entry_path(entered) in page


@pytest.mark.django_db
def test_a_link_signs_in_again_and_again_without_a_second_factor(
    client: Client, entered: User
) -> None:
    for _ in range(2):
        client.get(entry_path(entered))
        assert client.session["_auth_user_id"] == str(entered.pk)
        client.logout()

    client.get(entry_path(entered))
    assert client.get("/keep/").status_code == 200


@pytest.mark.django_db
def test_a_link_that_was_changed_opens_nothing(client: Client, entered: User) -> None:
    path = entry_path(entered)

    assert (
        client.get(path.replace(path[15], "A" if path[15] != "A" else "B")).status_code == 404
    )
    assert client.get("/demo/enter/x/").status_code == 404


@pytest.mark.django_db
def test_over_a_real_practice_the_links_open_nothing(
    client: Client, entered: User, tmp_path: Path
) -> None:
    (tmp_path / "demo.json").unlink()

    assert client.get(entry_path(entered)).status_code == 404


# Where it may be built


def test_a_folder_that_holds_anything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "securebase.sqlite3").write_text("words of real people")

    with pytest.raises(BadInput, match="could hold a real practice"):
        demo.check_place(tmp_path)


def test_a_new_folder_or_one_a_demo_made_is_taken(tmp_path: Path) -> None:
    demo.check_place(tmp_path / "new")
    demo.check_place(tmp_path)
    (tmp_path / demo.MARK).write_text(demo.MARK_WORDS)
    (tmp_path / "securebase.sqlite3").write_text("")
    demo.check_place(tmp_path)


@pytest.mark.parametrize(
    ("patients", "seed", "says"),
    [(0, 7, "patients is 0"), (501, 7, "patients is 501"), (24, -1, "seed is -1")],
)
def test_numbers_no_demo_can_be_made_of_are_refused(
    patients: int, seed: int, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        demo.check_recipe(patients=patients, seed=seed)


def test_the_command_refuses_in_words_and_leaves_the_folder_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    args = argparse.Namespace(port=8000, patients=24, seed=7, data_dir=tmp_path)

    assert demo.run(args) == 1
    assert "Choose another folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
