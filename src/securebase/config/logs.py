"""A filter that keeps personal text out of the log."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

HOME = Path(__file__).resolve().parents[1]


class NothingPersonal(logging.Filter):
    """Strip addresses, arguments and locals: a log line keeps its class and place only.

    Django's own records of failed requests carry the path and the request; a path may
    hold a record's id, and a traceback may quote what somebody wrote.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Reduce the record in place and let it pass."""
        if record.exc_info and record.exc_info[0] is not None:
            kind, problem, trace = record.exc_info
            record.msg = f"{kind.__name__}{_cause(problem)} at {_place(trace)}"
            record.args = ()
            record.exc_info = record.exc_text = None
        elif record.name.startswith("django.request") or record.name.startswith(
            "django.security"
        ):
            status = getattr(record, "status_code", "")
            record.msg, record.args = f"refused {status}".strip(), ()
        return True


def _cause(problem: BaseException | None) -> str:
    """Return the database's own name for what went wrong, which quotes nobody."""
    cause = problem.__cause__ if problem else None
    if cause is None:
        return ""
    return f" ({getattr(cause, 'sqlite_errorname', type(cause).__name__)})"


def _place(trace: TracebackType | None) -> str:
    """Return the innermost line of this program that led there, or the last of any."""
    lines = [(Path(frame.f_code.co_filename), at) for frame, at in traceback.walk_tb(trace)]
    ours = [(file.relative_to(HOME), at) for file, at in lines if file.is_relative_to(HOME)]
    file, at = (ours or [(Path(file.name), at) for file, at in lines] or [(Path("?"), 0)])[-1]
    return f"{file}:{at}"
