"""Is the house well? What a host looks at: plain facts, each with what to do about it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection

from securebase.clinic.care.models import Emergency
from securebase.clinic.care.queries import the_practice
from securebase.people.accounts.models import STAFF_ROLES, RoleHeld
from securebase.stories.keep_safe.proofs import on_the_same_disk, proofs
from securebase.stories.keep_safe.rule import late_after
from securebase.stories.stock.fact import Fact
from securebase.stories.stock.keeping import keeping_facts
from securebase.stories.stock.post import mail_facts
from securebase.stories.stock.work import last_receipts, looked_through_fact, worker_fact

Version = tuple[int, int, int]

SYNCHRONOUS = {0: "off", 1: "normal", 2: "full", 3: "extra"}


@dataclass(frozen=True, slots=True)
class Database:
    """The database as it is in use; the journal is SQLite's, the last two PostgreSQL's."""

    kind: str
    version: str
    journal: str = ""
    synchronous: str = ""
    """What a commit waits for, in the words of the database."""
    fsync: str = "on"
    anybody: bool = False
    """Whether it lets the program in over the network without a password."""

    @property
    def is_embedded(self) -> bool:
        """Whether it is the one file in the data directory."""
        return self.kind == "SQLite"


def database_in_use() -> Database:
    """Ask the connected database what it is and how it keeps what it is given."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(
                "SELECT current_setting('server_version'), "
                "current_setting('synchronous_commit'), current_setting('fsync')"
            )
            version, synchronous, fsync = cursor.fetchone()
            anybody = _lets_anybody_in(connection.connection)
            return Database("PostgreSQL", version, "", synchronous, fsync, anybody)
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    return Database("SQLite", sqlite3.sqlite_version, str(journal), SYNCHRONOUS[level])


def _lets_anybody_in(door: Any) -> bool:
    """Whether whoever reaches the port gets in: no password asked, no certificate shown.

    A socket of the machine is guarded by the system, which knows who asks.
    """
    over_network = not door.info.host.startswith("/")
    return over_network and not (door.pgconn.used_password or door.pgconn.ssl_in_use)


def write_ahead_is_safe(version: Version) -> bool:
    """Whether the write-ahead log of this SQLite keeps every committed write.

    A race in resetting the log could lose some: fixed in 3.51.3, and carried back to
    3.50.7 and 3.44.6.
    """
    carried_back = (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return version >= (3, 51, 3) or carried_back


def take_stock(*, at: datetime) -> list[Fact]:
    """Return every fact about the house at that moment, worst first."""
    facts = [
        _database_fact(database_in_use()),
        _backup_fact(at),
        worker_fact(at=at),
        looked_through_fact(last_receipts(at=at), at=at),
        *mail_facts(at=at),
        *keeping_facts(at=at),
        _second_factor_fact(),
        _signals_fact(),
        _emergency_fact(at),
        _reach_fact(),
    ]
    order = ("now", "look", "settled")
    return sorted(facts, key=lambda fact: order.index(fact.state))


def _database_fact(database: Database) -> Fact:
    if not database.is_embedded:
        return _server_fact(database)
    says = (
        f"SQLite {database.version}, journal {database.journal}, "
        f"synchronisation {database.synchronous}."
    )
    numbers = tuple(int(part) for part in database.version.split("."))
    risky = database.journal == "wal" and not write_ahead_is_safe(numbers)  # type: ignore[arg-type]
    if risky or database.synchronous in ("off", "normal"):
        then = "Committed writes could be lost. Use journal TRUNCATE and synchronisation FULL."
        return Fact("Database", "now", says, then)
    return Fact("Database", "settled", says)


def _server_fact(database: Database) -> Fact:
    says = (
        f"{database.kind} {database.version}, synchronous_commit {database.synchronous}, "
        f"fsync {database.fsync}."
    )
    if "off" in (database.synchronous, database.fsync):
        then = "Committed writes could be lost. Set both to on."
        return Fact("Database", "now", says, then)
    return Fact("Database", "settled", says)


def _backup_fact(at: datetime) -> Fact:
    last = next(iter(proofs()), None)
    if last is None:
        then = "The worker makes one every night. Until then type securebase backup."
        return Fact("Backups", "look", "There is none yet.", then)
    day = f"{last.at:%d %b %Y %H:%M} UTC"
    if not last.passed:
        then = "Open Backups: it says what failed and what to do."
        return Fact("Backups", "look", f"The one of {day} could not be proved.", then)
    if at - last.at > late_after():
        then = "Look whether the worker runs, and whether the disk is full."
        return Fact("Backups", "look", f"The newest is of {day}.", then)
    if on_the_same_disk():
        then = "One broken disk takes both. Set SECUREBASE_BACKUP_DIR to another one."
        return Fact("Backups", "look", f"Restored on {day}; on the disk of the data.", then)
    return Fact("Backups", "settled", f"The one of {day} was restored, row by row.")


def _second_factor_fact() -> Fact:
    held = RoleHeld.objects.filter(
        until__isnull=True, role__in=[role.value for role in STAFF_ROLES], user__is_active=True
    )
    staff = set(held.values_list("user_id", flat=True))
    secured = set(Authenticator.objects.values_list("user_id", flat=True)) & staff
    says = f"{len(secured)} of {len(staff)} people who see records have one."
    if secured == staff:
        return Fact("Second factor", "settled", says)
    then = "The others are asked for it before they see anything."
    if settings.SECUREBASE_DEMO:
        then = "The demo asks nobody for it; a real practice does."
    return Fact("Second factor", "look", says, then)


def _signals_fact() -> Fact:
    practice = the_practice()
    if practice is not None and practice.signals_on:
        return Fact("Signals", "settled", "On. They are estimates, and often wrong.")
    return Fact("Signals", "settled", "Off. Scores are kept and shown, nothing is raised.")


def _emergency_fact(at: datetime) -> Fact:
    waiting = Emergency.objects.filter(reviewed_at__isnull=True)
    due = list(waiting.values_list("review_by", flat=True))
    if not due:
        return Fact("Emergency accesses", "settled", "Each one was reviewed.")
    late = sum(moment < at for moment in due)
    says = f"{len(due)} to review, {late} overdue."
    then = "Somebody else than who opened the record looks at it, under Emergencies."
    return Fact("Emergency accesses", "now" if late else "look", says, then)


def _reach_fact() -> Fact:
    base = urlsplit(settings.SECUREBASE_BASE_URL)
    if base.scheme == "https":
        return Fact("Reached at", "settled", f"{base.geturl()}, encrypted on the way.")
    if base.hostname in ("127.0.0.1", "localhost", "::1"):
        return Fact("Reached at", "settled", f"{base.geturl()}, from this machine only.")
    then = "What people write can be read on the way. Put TLS in front."
    return Fact("Reached at", "now", f"{base.geturl()}, in the clear.", then)
