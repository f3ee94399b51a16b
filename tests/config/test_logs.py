"""The log.

A log line says what kind of thing went wrong and where, never what somebody wrote.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection

from securebase.config.logs import NothingPersonal
from securebase.people.vault.crypto import new_key, unseal

SECRET = "Ada wrote about her mother"


def line(record: logging.LogRecord) -> str:
    assert NothingPersonal().filter(record)
    return logging.Formatter("%(levelname)s %(name)s %(message)s").format(record)


def line_of(do: Callable[..., Any]) -> str:
    """Return what the log says when this goes wrong."""
    try:
        do()
    except Exception:
        record = logging.LogRecord("x", logging.ERROR, "", 1, SECRET, (), sys.exc_info())
    return line(record)


def test_an_exception_keeps_its_class_and_place_and_loses_its_words() -> None:
    said = line_of(partial(date.fromisoformat, SECRET))

    assert re.fullmatch(r"ERROR x ValueError at test_logs\.py:\d+", said)


def test_the_place_is_the_last_line_of_the_program_and_names_no_folder_of_the_machine() -> None:
    said = line_of(partial(unseal, new_key(), b"\x01" + SECRET.encode() * 3, bound_to=b""))

    assert re.search(r" at people/vault/crypto\.py:\d+$", said)
    assert SECRET not in said


@pytest.mark.django_db
def test_trouble_with_the_database_is_called_by_the_databases_own_name() -> None:
    said = line_of(partial(connection.cursor().execute, "SELECT %s FROM nowhere", [SECRET]))

    assert re.search(r" \((SQLITE_ERROR|UndefinedTable)\) at ", said)
    assert SECRET not in said


def test_a_refused_request_loses_its_address() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: %s", ("/desk/people/7/",), None
    )
    record.status_code = 404

    assert line(record) == "WARNING django.request refused 404"
