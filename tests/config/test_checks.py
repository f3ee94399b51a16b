"""A safe configuration.

What could lose or leak people's words is named before anything starts, each with what to
do about it.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from securebase.config.checks import Configuration, configuration, problems
from securebase.stories import take_stock

SAFE = Configuration()


def _names(**changes: Any) -> list[str]:
    found = problems(replace(SAFE, **changes))
    return [str(problem.id).partition(".")[2] for problem in found]


def test_the_default_is_safe() -> None:
    assert problems(SAFE) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"debug": True}, "debug"),
        ({"secret_key": "short"}, "key"),
        ({"secret_key": "django-insecure-" + "x" * 60}, "key"),
        ({"host": "0.0.0.0"}, "open"),  # noqa: S104
        ({"host": "192.168.1.5"}, "open"),
        ({"workers": 2}, "workers"),
        ({"leaked_list": "/nowhere/leaked.txt"}, "leaked"),
        ({"leaked_list": __file__}, "leaked"),
        ({"synchronous": "off"}, "synchronous"),
        ({"synchronous": "normal"}, "synchronous"),
        ({"journal": "wal", "sqlite": (3, 40, 1)}, "journal"),
        ({"journal": "wal", "sqlite": (3, 51, 2)}, "journal"),
        ({"embedded": False, "synchronous": "off"}, "commit"),
        ({"embedded": False, "synchronous": "on", "fsync": "off"}, "commit"),
        ({"embedded": False, "synchronous": "on", "anybody": True}, "password"),
    ],
)
def test_each_danger_is_named(changes: dict[str, Any], named: str) -> None:
    assert _names(**changes) == [named]


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "0.0.0.0", "behind_tls": True},  # noqa: S104
        {"host": "::1"},
        {"workers": 4, "embedded": False, "journal": "", "synchronous": ""},
        {"journal": "wal", "sqlite": (3, 51, 3)},
        {"journal": "wal", "sqlite": (3, 50, 7)},
        {"journal": "wal", "sqlite": (3, 44, 6)},
        {"embedded": False, "journal": "", "synchronous": "local"},
    ],
)
def test_what_is_safe_is_let_through(changes: dict[str, Any]) -> None:
    assert _names(**changes) == []


def test_each_problem_says_what_to_do() -> None:
    found = problems(replace(SAFE, debug=True, workers=2, journal="wal", sqlite=(3, 40, 1)))

    assert all(problem.hint for problem in found)


@pytest.mark.django_db
def test_the_configuration_of_this_process_is_read_from_the_process() -> None:
    found = configuration(host="10.0.0.1", workers=3)

    assert (found.host, found.workers, found.debug) == ("10.0.0.1", 3, False)
    assert found.secret_key == "only-for-tests"


@pytest.mark.parametrize(
    ("host", "used_password", "ssl_in_use", "anybody"),
    [
        ("/var/run/postgresql", False, False, False),
        ("127.0.0.1", False, False, True),
        ("db.example.org", False, False, True),
        ("db.example.org", True, False, False),
        ("db.example.org", False, True, False),
    ],
)
def test_a_database_that_asks_for_nothing_is_open_to_anybody(
    host: str, used_password: bool, ssl_in_use: bool, anybody: bool
) -> None:
    door = SimpleNamespace(
        info=SimpleNamespace(host=host),
        pgconn=SimpleNamespace(used_password=used_password, ssl_in_use=ssl_in_use),
    )

    assert take_stock._lets_anybody_in(door) is anybody
