"""Is this configuration safe to put people's words into? Said before anything starts.

``problems`` is pure, so each rule can be tried without the machine being in that state;
``configuration`` reads how this process is set up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from securebase.people.accounts.passphrases import is_such_a_list
from securebase.stories.take_stock import Version, database_in_use, write_ahead_is_safe

SHORTEST_KEY = 50
KNOWN_KEYS = ("only-for-tests", "django-insecure", "changeme", "secret")
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the rules look at."""

    debug: bool = False
    secret_key: str = "x" * SHORTEST_KEY
    host: str = "127.0.0.1"
    behind_tls: bool = False
    workers: int = 1
    embedded: bool = True
    journal: str = "truncate"
    synchronous: str = "full"
    sqlite: Version = sqlite3.sqlite_version_info
    fsync: str = "on"
    anybody: bool = False
    leaked_list: str = ""


def configuration(*, host: str = "127.0.0.1", workers: int = 1) -> Configuration:
    """Return how this process is set up, about to listen on ``host``."""
    database = database_in_use()
    return Configuration(
        debug=settings.DEBUG,
        secret_key=settings.SECRET_KEY,
        host=host,
        behind_tls=settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE,
        workers=workers,
        embedded=database.is_embedded,
        journal=database.journal,
        synchronous=database.synchronous,
        fsync=database.fsync,
        anybody=database.anybody,
        leaked_list=settings.SECUREBASE_LEAKED_LIST,
    )


def problems(found: Configuration) -> list[checks.Error]:
    """Return what makes a configuration unsafe; empty if nothing does."""
    return [
        checks.Error(message, hint=hint, id=f"securebase.{name}")
        for name, wrong, message, hint in _rules(found)
        if wrong
    ]


def _rules(found: Configuration) -> list[tuple[str, bool, str, str]]:
    weak_key = len(found.secret_key) < SHORTEST_KEY or found.secret_key.startswith(KNOWN_KEYS)
    in_the_open = found.host not in LOOPBACK and not found.behind_tls
    return [
        (
            "debug",
            found.debug,
            "DEBUG is on: an error page would show what people wrote.",
            "Set DEBUG to False.",
        ),
        (
            "key",
            weak_key,
            f"The signing key is known or shorter than {SHORTEST_KEY} characters.",
            "Remove keys/signing.key from the data directory; a new one is made at the start.",
        ),
        (
            "open",
            in_the_open,
            f"{found.host} can be reached from other machines, and nothing encrypts the way.",
            "Listen on 127.0.0.1 behind a TLS proxy, and set "
            "DJANGO_SETTINGS_MODULE=securebase.config.settings.server and SECUREBASE_HOSTS.",
        ),
        (
            "workers",
            found.embedded and found.workers > 1,
            f"{found.workers} workers on SQLite would wait for each other.",
            "Use --workers 1, or set DATABASE_URL to a PostgreSQL database.",
        ),
        (
            "leaked",
            bool(found.leaked_list) and not is_such_a_list(Path(found.leaked_list)),
            f"{found.leaked_list} is no list of leaked passphrases, or cannot be read.",
            "Name a file of SHA-1 digests in capitals, each with a colon and a count, in "
            "their order; or leave SECUREBASE_LEAKED_LIST out.",
        ),
        *_store_rules(found),
    ]


def _store_rules(found: Configuration) -> list[tuple[str, bool, str, str]]:
    """Return what could lose a committed write, or let a stranger at it."""
    journal_loses = found.journal == "wal" and not write_ahead_is_safe(found.sqlite)
    version = ".".join(str(part) for part in found.sqlite)
    return [
        (
            "synchronous",
            found.embedded and found.synchronous in ("off", "normal"),
            f"SQLite's synchronisation is {found.synchronous}: a power cut could lose answers.",
            "Use synchronous=FULL.",
        ),
        (
            "journal",
            found.embedded and journal_loses,
            f"The write-ahead log of SQLite {version} can lose committed writes.",
            "Use journal_mode=TRUNCATE, or SQLite 3.51.3 or later.",
        ),
        (
            "commit",
            not found.embedded and "off" in (found.synchronous, found.fsync),
            f"PostgreSQL has synchronous_commit {found.synchronous} and fsync {found.fsync}: "
            "a crash could lose answers that were acknowledged.",
            "Set both to on, in postgresql.conf and for this database and its user.",
        ),
        (
            "password",
            found.anybody,
            "PostgreSQL lets this program in over the network without a password.",
            "Ask for scram-sha-256 in pg_hba.conf and put the password into DATABASE_URL, or "
            "connect by a socket of this machine.",
        ),
    ]


@checks.register(checks.Tags.security, deploy=True)
def safe_configuration(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[checks.Error]:
    """Answer ``manage.py check --deploy`` with the same rules."""
    return problems(configuration())
