"""Two people at work on one record.

Each of them holds what the other one needs next: on PostgreSQL neither may be thrown
out for that. SQLite lets only one writer in at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from securebase.clinic.episodes import actions as episodes
from securebase.clinic.episodes.models import Episode
from securebase.stories import submit_checkin as sending
from tests.factories import (
    NOW,
    a_checkin,
    a_clinician,
    a_patient,
    a_practice,
    answer,
    the_account,
)

PATIENCE = 20.0
"""Seconds until the two have met."""


def meeting(together: threading.Barrier, do: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same step, taken once both have come as far as this."""

    def step(*args: Any, **kwargs: Any) -> Any:
        together.wait(PATIENCE)
        return do(*args, **kwargs)

    return step


def trouble_of(*work: Callable[[], Any]) -> list[Exception]:
    """Do everything at once; return what went wrong."""
    trouble: list[Exception] = []

    def one(do: Callable[[], Any]) -> None:
        try:
            do()
        except Exception as problem:
            trouble.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[do]) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return trouble


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_phase_changed_while_a_check_in_is_sent_stops_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time")
    a_practice()
    clinician = a_clinician()
    patient = a_patient(of=clinician)
    episode = episodes.open_episode(patient=patient, by=clinician, at=NOW)
    checkin = a_checkin(patient)
    answer(checkin, {f"phq-9.{n}": 3 for n in range(1, 10)}, at=NOW)
    together = threading.Barrier(2)
    for module, name in ((sending, "keep_scores"), (episodes, "check_can_change_phase")):
        monkeypatch.setattr(module, name, meeting(together, getattr(module, name)))
    account, phase = the_account(patient), Episode.Phase.values[1]

    trouble = trouble_of(
        partial(sending.submit_checkin, checkin=checkin, key=uuid4(), by=account, at=NOW),
        partial(episodes.change_phase, episode=episode, phase=phase, by=clinician, at=NOW),
    )

    episode.refresh_from_db()
    assert trouble == []
    assert episode.phase == phase
