"""Every act leaves one row on the trail.

The row says who, what, when, about whose record, and never what was written. An act
that is refused leaves nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from securebase.clinic.care import actions as care
from securebase.clinic.checkins import actions as checkins
from securebase.clinic.episodes import actions as episodes
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.therapy import actions as therapy
from securebase.people.audit.verbs import Verb
from tests import factories as make
from tests.clinic.conftest import LATER, World
from tests.clinic.trailing import added_rows


@pytest.fixture
def acts(world: World) -> dict[Verb, Callable[..., Any]]:
    """Every act a clinician can do to this record, ready to be done by somebody."""
    clinician = world["clinician of record"]
    sent = make.a_checkin(world.patient, "phq-9", at=make.NOW)
    make.send(sent, {"phq-9.9": 1}, at=make.NOW)
    session = therapy.plan_session(
        patient=world.patient, clinician=clinician, starts_at=LATER, by=clinician, at=make.NOW
    )
    rupture = therapy.note_rupture(
        patient=world.patient, kind="unclear", note="", by=clinician, at=make.NOW
    )
    signal, suggestion = Signal.objects.get(tier="now"), Suggestion.objects.first()
    patient, bond = world.patient, world.patient.bonds.get(clinician=clinician)
    assert suggestion is not None
    return {
        Verb.CARE_BEGIN: lambda **who: care.begin_care(
            patient=patient, clinician=make.a_clinician(), **who
        ),
        Verb.CARE_READING: lambda **who: care.promise_reading(
            care=bond, days=[0], reading_by=time(17), **who
        ),
        Verb.RECORD_READ: lambda **who: care.note_read(patient=patient, **who),
        Verb.CHECKIN_PLAN: lambda **who: checkins.plan_rhythm(
            patient=patient, terms=make.terms(starts_on=LATER.date()), **who
        ),
        Verb.EPISODE_PHASE: lambda **who: episodes.change_phase(
            episode=world.episode, phase="process", **who
        ),
        Verb.SIGNAL_ACT: lambda **who: episodes.act_on_signal(signal=signal, act="seen", **who),
        Verb.GUIDANCE_DECIDE: lambda **who: decide(
            suggestion=suggestion, choice="accept", **who
        ),
        Verb.SESSION_PLAN: lambda **who: therapy.plan_session(
            patient=patient, clinician=clinician, starts_at=LATER, **who
        ),
        Verb.SESSION_CLOSE: lambda **who: therapy.close_session(
            session=session, state="held", **who
        ),
        Verb.SESSION_AGREE: lambda **who: therapy.agree_interval(
            patient=patient, days=7, **who
        ),
        Verb.RUPTURE_NOTE: lambda **who: therapy.note_rupture(
            patient=patient, kind="withdrawal", note="quiet", **who
        ),
        Verb.RUPTURE_REPAIR: lambda **who: therapy.repair_rupture(
            rupture=rupture, because="We talked.", **who
        ),
    }


VERBS = [
    Verb.CARE_BEGIN,
    Verb.CARE_READING,
    Verb.RECORD_READ,
    Verb.CHECKIN_PLAN,
    Verb.EPISODE_PHASE,
    Verb.SIGNAL_ACT,
    Verb.GUIDANCE_DECIDE,
    Verb.SESSION_PLAN,
    Verb.SESSION_CLOSE,
    Verb.SESSION_AGREE,
    Verb.RUPTURE_NOTE,
    Verb.RUPTURE_REPAIR,
]


@pytest.mark.parametrize("verb", VERBS)
def test_an_act_leaves_one_row(
    world: World, acts: dict[Verb, Callable[..., Any]], verb: Verb
) -> None:
    clinician = world["clinician of record"]

    with added_rows() as rows:
        acts[verb](by=clinician, at=LATER)

    assert [(row.verb, row.actor, row.patient, row.at) for row in rows] == [
        (verb.value, clinician.pk, world.patient.pk, LATER)
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_a_refused_act_leaves_nothing(
    world: World, acts: dict[Verb, Callable[..., Any]], verb: Verb
) -> None:
    for name in ("clinician whose bond ended", "host", "another patient"):
        with added_rows() as rows, pytest.raises(PermissionDenied):
            acts[verb](by=world[name], at=LATER)

        assert [row for row in rows if row.patient == world.patient.pk] == []


def test_looking_through_the_list_of_people_leaves_a_row(world: World) -> None:
    with added_rows() as rows:
        care.note_list_read(by=world["clinician of record"], at=LATER)

    assert [(row.verb, row.patient) for row in rows] == [(Verb.CARE_LIST.value, None)]


def test_each_kept_answer_leaves_a_row_without_the_answer(world: World) -> None:
    checkin = make.a_checkin(world.patient, "session-check-in", at=LATER)

    with added_rows() as rows:
        make.answer(checkin, {"session-check-in.matters": "my secret"}, at=LATER)
        checkins.keep_place(checkin=checkin, place=3, by=world["patient"], at=LATER)

    assert [row.verb for row in rows] == [Verb.CHECKIN_KEEP.value] * 2
    assert not any("secret" in str(vars(row)) for row in rows)


def test_opening_and_closing_care_leaves_a_row_each(world: World) -> None:
    clinician = world["clinician of somebody else"]

    with added_rows() as rows:
        patient = care.welcome(
            name="Alex",
            pronouns="",
            time_zone="Europe/London",
            language="en",
            by=clinician,
            at=LATER,
        )
        episodes.open_episode(patient=patient, by=clinician, at=LATER + timedelta(hours=1))

    assert [(row.verb, row.patient) for row in rows] == [
        (Verb.CARE_WELCOME.value, patient.pk),
        (Verb.EPISODE_OPEN.value, patient.pk),
    ]
