"""Who may do what with a record.

The clinician of record may, while the bond is open; a covering clinician may keep the care
going, and leaves its course to whom it belongs. A patient may see and answer what is their own.
Nobody else may do anything: not a host, not another patient, not a clinician whose bond
has ended or not begun. What ``can_*`` answers, ``check_*`` enforces.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care import policies as care
from securebase.clinic.care.queries import patients_treated_by, patients_visible_to
from securebase.clinic.checkins import policies as checkins
from securebase.clinic.checkins.queries import checkins_visible_to, rhythms_visible_to
from securebase.clinic.episodes import policies as episodes
from securebase.clinic.episodes.models import Signal
from securebase.clinic.episodes.queries import episodes_visible_to, signals_visible_to
from securebase.clinic.guidance import policies as guidance
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.guidance.queries import suggestions_visible_to
from securebase.clinic.measurement import policies as measurement
from securebase.clinic.measurement.queries import responses_visible_to, scores_visible_to
from securebase.clinic.therapy import policies as therapy
from securebase.clinic.therapy.actions import note_rupture, plan_session
from securebase.clinic.therapy.queries import ruptures_visible_to, sessions_visible_to
from tests import factories as make
from tests.clinic.conftest import LATER, World

OF_RECORD = {"clinician of record"}
TREATING = OF_RECORD | {"covering clinician"}
OWN = {"patient"}


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    """One of everything in the patient's record."""
    clinician = world["clinician of record"]
    sent = make.a_checkin(world.patient, "phq-9", "session-check-in", at=make.NOW)
    make.send(sent, {"phq-9.9": 1, "session-check-in.tension": 4}, at=make.NOW)
    return {
        "checkin": make.a_checkin(world.patient, "phq-9", at=LATER),
        "session": plan_session(
            patient=world.patient,
            clinician=clinician,
            starts_at=LATER,
            by=clinician,
            at=make.NOW,
        ),
        "rupture": note_rupture(
            patient=world.patient, kind="unclear", note="", by=clinician, at=make.NOW
        ),
        "signal": Signal.objects.filter(kind="SAFE").get(),
        "suggestion": Suggestion.objects.first(),
        "patient": world.patient,
        "episode": world.episode,
    }


CASES: list[tuple[Any, str, str, tuple[Any, ...], set[str]]] = [
    # policies     what            about         further          who may
    (care,         "treat",        "patient",    (),              TREATING),
    (care,         "see_record",   "patient",    (),              TREATING | OWN),
    (checkins,     "plan",         "patient",    (),              TREATING),
    (checkins,     "answer",       "checkin",    (),              OWN),
    (checkins,     "submit",       "checkin",    (),              OWN),
    (measurement,  "record",       "patient",    ("checkin",),    OWN),
    (measurement,  "record",       "patient",    ("import",),     OF_RECORD),
    (measurement,  "record",       "patient",    ("paper",),      OF_RECORD),
    (therapy,      "note",         "patient",    (),              TREATING),
    (therapy,      "notice",       "patient",    (),              TREATING),
    (therapy,      "close",        "session",    (),              TREATING),
    (therapy,      "repair",       "rupture",    (),              TREATING),
    (episodes,     "change_phase", "episode",    (),              OF_RECORD),
    (episodes,     "act",          "signal",     ("seen",),       TREATING),
    (guidance,     "decide",       "suggestion", (),              TREATING),
]  # fmt: skip


@pytest.mark.parametrize(
    ("room", "what", "about", "further", "who"),
    CASES,
    ids=[f"{what}-{'-'.join(further)}" for _, what, _, further, _ in CASES],
)
def test_only_these_may(
    world: World,
    things: dict[str, Any],
    room: Any,
    what: str,
    about: str,
    further: tuple[Any, ...],
    who: set[str],
) -> None:
    can, check = getattr(room, f"can_{what}"), getattr(room, f"check_can_{what}")

    allowed = {n for n, u in world.people.items() if can(u, things[about], *further, at=LATER)}

    assert allowed == who
    for name, user in world.people.items():
        assert refuses(check, user, things[about], *further, at=LATER) == (name not in who)


def test_nobody_but_the_patient_reads_a_draft(world: World, things: dict[str, Any]) -> None:
    allowed = {
        name
        for name, user in world.people.items()
        if checkins.can_read_draft(user, things["checkin"])
    }

    assert allowed == {"patient"}


def test_only_clinicians_welcome_patients(world: World) -> None:
    allowed = {name for name, user in world.people.items() if care.can_welcome(user)}

    assert allowed == {
        name
        for name in world.people
        if "clinician" in name and name != "clinician who left the practice"
    }


def test_a_second_span_of_care_waits_for_the_first_to_close(world: World) -> None:
    clinician = world["clinician of record"]

    assert not episodes.can_open_episode(clinician, world.patient, at=LATER)
    assert episodes.can_open_episode(world["clinician of somebody else"], world.other, at=LATER)
    assert not episodes.can_open_episode(clinician, world.other, at=LATER)


def test_a_closed_span_of_care_does_not_move_on(world: World) -> None:
    world.episode.closed_at = LATER

    assert not episodes.can_change_phase(world["clinician of record"], world.episode, at=LATER)


@pytest.mark.parametrize(
    ("state", "after", "can"),
    [
        # state     moment after it came due   answered
        ("open",      timedelta(),             True),
        ("open",      timedelta(hours=47),     True),
        ("open",      timedelta(hours=48),     False),  # it has closed
        ("open",      -timedelta(seconds=1),   False),  # it has not come yet
        ("submitted", timedelta(hours=1),      False),
        ("missed",    timedelta(hours=1),      False),
    ],
)  # fmt: skip
def test_a_check_in_is_answered_while_it_is_open(
    world: World, state: str, after: timedelta, can: bool
) -> None:
    checkin = make.a_checkin(world.patient, at=LATER)
    checkin.state = state

    assert checkins.can_answer(world["patient"], checkin, at=LATER + after) is can


OWN_THINGS = [checkins_visible_to, rhythms_visible_to, responses_visible_to, scores_visible_to]
OWN_THINGS += [sessions_visible_to, episodes_visible_to, patients_visible_to]
CLINICIANS_THINGS = [signals_visible_to, suggestions_visible_to, ruptures_visible_to]
CLINICIANS_THINGS += [patients_treated_by]


@pytest.mark.parametrize(
    ("visible", "who"),
    [(query, TREATING | OWN) for query in OWN_THINGS]
    + [(query, TREATING) for query in CLINICIANS_THINGS],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.usefixtures("things")
def test_strangers_are_shown_nothing(
    world: World, visible: Callable[..., Any], who: set[str]
) -> None:
    seen = {
        name
        for name, user in world.people.items()
        if any(belongs(one, world) for one in visible(user, at=LATER))
    }

    assert seen == who


def belongs(thing: Any, world: World) -> bool:
    """Whether something is part of the record of the patient in question."""
    return bool(getattr(thing, "patient_id", thing.pk) == world.patient.pk)


def refuses(check: Callable[..., None], *args: Any, at: datetime) -> bool:
    """Whether a check refuses; a refusal is a sentence that says why."""
    try:
        check(*args, at=at)
    except PermissionDenied as refused:
        return str(refused).endswith(".")
    return False
