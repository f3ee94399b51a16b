"""Opening the day.

One page says who to look at first: safety before everything and never held back, one
line for each person, few enough to be read; then what was promised.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from securebase.clinic.checkins.models import CheckIn
from securebase.clinic.episodes.actions import act_on_signal, open_episode
from securebase.clinic.episodes.models import Episode, Signal, TrajectoryPoint
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.measurement.models import Response, Score
from securebase.clinic.therapy.actions import plan_session
from securebase.people.vault.keys import forget_keys
from securebase.stories.open_record import read_checkin
from securebase.stories.open_today import MOST_PEOPLE, open_today
from securebase.stories.submit_checkin import submit_checkin
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    answer,
    the_account,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

    from securebase.clinic.care.models import Patient
    from securebase.people.accounts.models import User

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
QUERIES = 14
"""However many people are in care."""


def a_signal(patient: Patient, kind: str = "RUP", tier: str = "look") -> Signal:
    """Return a signal as it is kept, of the kind asked for."""
    episode = Episode.objects.filter(patient=patient).first() or open_episode(
        patient=patient, by=patient.bonds.get().clinician, at=NOW
    )
    rule = {"SAFE": "SAFE1", "RUP": "RUP.R1", "NOT": "NOT.P", "GAIN": "GAIN"}[kind]
    return Signal.objects.create(
        episode=episode,
        patient=patient,
        kind=kind,
        rule=rule,
        tier=tier,
        measure="session-check-in.alliance",
        raised_at=NOW,
    )


def offered(signal: Signal) -> list[Suggestion]:
    """Return two ways of working that were offered for a signal."""
    return [
        Suggestion.objects.create(
            signal=signal,
            patient=signal.patient,
            strategy=slug,
            strategy_version="1",
            rank=rank,
            because="It may help.",
            offered_at=NOW,
        )
        for rank, slug in enumerate(["ask-about-last-time", "repair-log"], start=1)
    ]


def sent(patient: Patient) -> CheckIn:
    """Return a check-in the patient has answered and sent."""
    checkin = a_checkin(patient, "phq-9")
    answer(checkin, {"phq-9.1": 1}, at=NOW)
    account = the_account(patient)
    return submit_checkin(checkin=checkin, key=uuid4(), by=account, at=NOW).checkin


def test_safety_comes_first_and_is_never_held_back(clinician: User) -> None:
    for _ in range(MOST_PEOPLE + 2):
        a_signal(a_patient(of=clinician))
        a_signal(a_patient(of=clinician), kind="SAFE", tier="now")

    today = open_today(user=clinician, at=NOW)

    kinds = [look.signal.kind for look in today.look_first]
    assert kinds == ["SAFE"] * (MOST_PEOPLE + 2) + ["RUP"] * MOST_PEOPLE
    assert today.more_people == 2


def test_good_news_asks_for_no_look(clinician: User) -> None:
    a_signal(a_patient(of=clinician), kind="GAIN", tier="info")

    today = open_today(user=clinician, at=NOW)

    assert today.look_first == ()
    assert today.quiet.on_their_way == today.quiet.people


def test_a_person_has_one_line_and_the_most_pressing_reason_is_on_it(clinician: User) -> None:
    patient = a_patient(of=clinician)
    a_signal(patient, kind="NOT")
    a_signal(patient, kind="RUP")

    (look,) = open_today(user=clinician, at=NOW).look_first

    assert (look.signal.kind, look.others) == ("RUP", 1)


def test_the_first_suggestion_still_to_decide_on_is_on_the_line(clinician: User) -> None:
    signal = a_signal(a_patient(of=clinician))
    first, _ = offered(signal)

    def attempt(at: datetime) -> str:
        (look,) = open_today(user=clinician, at=at).look_first
        return look.attempt

    open_ = attempt(NOW)
    decide(suggestion=first, choice="later", by=clinician, at=NOW, return_at=NOW + A_DAY)

    assert open_ == attempt(NOW + A_DAY) == "Ask about last time before anything else"
    assert attempt(NOW) == "Keep the repair in writing until it is one"


def test_a_signal_put_off_comes_back_on_its_day(clinician: User) -> None:
    until = NOW + timedelta(days=3)
    signal = a_signal(a_patient(of=clinician))
    act_on_signal(signal=signal, act="later", by=clinician, at=NOW, later_until=until)

    before = open_today(user=clinician, at=until - timedelta(hours=1))
    after = open_today(user=clinician, at=until)

    assert (len(before.look_first), len(after.look_first)) == (0, 1)


def test_somebody_elses_patients_are_not_there(clinician: User) -> None:
    a_signal(a_patient(of=a_clinician()))

    today = open_today(user=clinician, at=NOW)

    assert today.look_first == ()
    assert today.quiet.people == 0


def test_a_check_in_is_a_promise_until_it_is_read(clinician: User) -> None:
    checkin = sent(a_patient(of=clinician))

    (promise,) = open_today(user=clinician, at=NOW).promises
    read_checkin(checkin=checkin, by=clinician, at=NOW)
    after = open_today(user=clinician, at=NOW)

    assert promise.checkin == checkin
    assert promise.due_at == NOW.replace(hour=18)
    assert after.promises == ()


def test_sessions_of_today_carry_the_state_of_the_person(clinician: User) -> None:
    worrying, fine = a_patient(of=clinician), a_patient(of=clinician)
    a_signal(worrying)
    for hour, patient in ((10, worrying), (12, fine), (36, fine)):
        plan_session(
            patient=patient,
            clinician=clinician,
            starts_at=NOW.replace(hour=0) + timedelta(hours=hour),
            by=clinician,
            at=NOW,
        )

    today = open_today(user=clinician, at=NOW)

    assert [one.tier for one in today.sessions] == ["look", ""]
    assert today.look_first[0].session == today.sessions[0].session


def test_people_without_a_reason_to_look_are_on_their_way(clinician: User) -> None:
    a_signal(a_patient(of=clinician))
    patient = a_patient(of=clinician)
    a_checkin(patient, "phq-9")
    CheckIn.objects.update(state=CheckIn.State.MISSED, closes_at=NOW + timedelta(hours=1))

    quiet = open_today(user=clinician, at=NOW + timedelta(days=1)).quiet

    assert (quiet.people, quiet.on_their_way, quiet.not_answered) == (2, 1, 1)


@pytest.mark.parametrize("people", [2, 20])
def test_the_number_of_queries_does_not_grow_with_the_people(
    clinician: User, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(people):
        patient = a_patient(of=clinician)
        _a_point(a_signal(patient))
        sent(patient)
    forget_keys()
    clinician.__dict__.pop("_roles", None)

    with django_assert_num_queries(QUERIES):
        today = open_today(user=clinician, at=NOW)
        names = [look.patient.initials for look in today.look_first]

    assert set(names) == {"S.R."}


def _a_point(signal: Signal) -> None:
    response = Response.objects.create(
        patient=signal.patient,
        instrument="session-check-in",
        version="1",
        digest="",
        answered_at=NOW,
        recorded_at=NOW,
    )
    score = Score.objects.create(
        response=response,
        patient=signal.patient,
        measure=signal.measure,
        at=NOW,
        value=3.0,
        state="scored",
        answered=4,
    )
    TrajectoryPoint.objects.create(
        episode=signal.episode,
        patient=signal.patient,
        score=score,
        measure=signal.measure,
        at=NOW,
        value=3.0,
        filtered_mean=3.0,
        filtered_sd=1.0,
        predicted_mean=5.0,
        predicted_sd=1.0,
        band_low=4.0,
        band_high=6.0,
        parameters_version="test",
    )
