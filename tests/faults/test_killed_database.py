"""A database that is killed while patients answer, and a worker that is.

PostgreSQL's head is killed, or stopped without a checkpoint; or only the worker beside the
pages goes. What was acknowledged stays. A database set up to forget is refused at the
start. Short forms; ``make faults`` does each twenty times.
"""

from __future__ import annotations

import pytest
from django.db import connection

from securebase.config.checks import configuration, problems
from tests.faults.cluster import LASTING
from tests.faults.crash import OF_THE_DATABASE, crash
from tests.faults.scratch import scratch
from tests.postgres import QUICK

pytestmark = pytest.mark.slow


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("victim", OF_THE_DATABASE)
def test_nothing_acknowledged_is_lost_when_the_database_is_killed(victim: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")

    with scratch() as practice:
        figures = crash(practice, kills=2, seed=11, victim=victim)

    assert figures.problems == (), figures
    assert figures.keeps > 0


def test_nothing_acknowledged_is_lost_when_only_the_worker_is_killed() -> None:
    with scratch() as practice:
        figures = crash(practice, kills=2, seed=12, victim="worker")

    assert figures.problems == (), figures
    assert figures.keeps > 0


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_that_may_forget_is_refused() -> None:
    """The server of these tests is one: it forgets on purpose, to be quick."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is asked about its own settings")

    named = {problem.id for problem in problems(configuration())}

    assert "synchronous_commit=off" in QUICK
    assert "fsync=on" in LASTING
    assert "securebase.commit" in named
