"""A filter that keeps personal text out of the log."""

from __future__ import annotations

import logging


class NothingPersonal(logging.Filter):
    """Strip addresses, arguments and locals: a log line keeps its class and place only.

    Django's own records of failed requests carry the path and the request; a path may
    hold a record's id, and a traceback may quote what somebody wrote.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Reduce the record in place and let it pass."""
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            place = ""
            while trace is not None:
                code = trace.tb_frame.f_code
                place = f"{code.co_filename.rsplit('securebase', 1)[-1]}:{trace.tb_lineno}"
                trace = trace.tb_next
            record.msg, record.args = f"{kind.__name__} at {place}", ()
            record.exc_info = record.exc_text = None
        elif record.name.startswith("django.request") or record.name.startswith(
            "django.security"
        ):
            status = getattr(record, "status_code", "")
            record.msg, record.args = f"refused {status}".strip(), ()
        return True
