"""Crisis help while the database is away: the page is made as for somebody nobody knows.

A database whose disk is full or that is being started again must not take the numbers to
call with it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

HELP = ("/help-now", "/offline")
"""Pages that hold nothing of anybody."""


class HelpDoor:
    """Let crisis help be read without a database; it stands before the sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; whoever asks for help without a database is asked for no name."""
        if request.path.startswith(HELP) and not _database_answers():
            request.COOKIES.clear()
            request.is_without_database = True  # type: ignore[attr-defined]
        return self.get_response(request)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
