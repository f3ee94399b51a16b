"""The log.

A log line says what kind of thing went wrong and where, never what somebody wrote.
"""

from __future__ import annotations

import logging
import sys

from securebase.config.logs import NothingPersonal

SECRET = "Ada wrote about her mother"


def line(record: logging.LogRecord) -> str:
    assert NothingPersonal().filter(record)
    return logging.Formatter("%(levelname)s %(name)s %(message)s").format(record)


def test_an_exception_keeps_its_class_and_place_and_loses_its_words() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, SECRET, (), sys.exc_info())

    said = line(record)

    assert "ValueError at " in said
    assert SECRET not in said


def test_a_refused_request_loses_its_address() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Not Found: %s", ("/desk/people/7/",), None
    )
    record.status_code = 404

    assert line(record) == "WARNING django.request refused 404"
