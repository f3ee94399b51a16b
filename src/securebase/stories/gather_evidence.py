"""What can be shown to somebody who asks how this practice is kept: facts, dated.

Each fact names the command or the page that shows it again. What is not known is not
said; nothing here is a promise or a mark of approval.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions, version
from pathlib import Path

from django.core.checks import WARNING, run_checks
from django.db.models import F

from securebase.people.approvals.models import Approval
from securebase.people.audit.guard import unguarded
from securebase.people.audit.models import Anchor, AuditEvent
from securebase.people.audit.trail import breaks
from securebase.stories.keep_keys.look_at_keys import look_at_keys
from securebase.stories.keep_safe.proofs import proofs
from securebase.stories.take_stock import database_in_use, take_stock

MOST_PROOFS = 5
HOUSE = "the page Practice"
PACKAGES = "pip list"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, since when it is so, and where it is shown again."""

    name: str
    says: str
    shown_by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that can be shown at one moment."""

    at: datetime
    chapters: tuple[tuple[str, tuple[Evidence, ...]], ...]
    packages: tuple[tuple[str, str], ...]
    """Name and version of every package that is installed."""


def gather_evidence(*, at: datetime) -> Pack:
    """Return every fact there is, looked up now."""
    chapters = (
        ("The program", tuple(_program())),
        ("The house", tuple(_house(at))),
        ("Backups", tuple(_backups())),
        ("Keys", tuple(_keys())),
        ("The trail", tuple(_trail())),
        ("Two persons", tuple(_two_persons())),
    )
    return Pack(at, chapters, tuple(_packages()))


def _program() -> Iterator[Evidence]:
    database = database_in_use()
    yield Evidence("Securebase", version("securebase"), PACKAGES)
    yield Evidence("Python", platform.python_version(), "python --version")
    yield Evidence("Database", f"{database.kind} {database.version}", HOUSE)
    newest = max(map(_installed_at, distributions()))
    yield Evidence("Packages last changed", "", PACKAGES, newest)
    found = [one for one in run_checks(include_deployment_checks=True) if one.level >= WARNING]
    says = "; ".join(sorted({str(one.id) for one in found})) or "nothing found"
    yield Evidence("Settings checks", says, "python manage.py check --deploy")


def _house(at: datetime) -> Iterator[Evidence]:
    for fact in take_stock(at=at):
        yield Evidence(fact.name, f"{fact.says} {fact.then}".strip(), HOUSE)


def _backups() -> Iterator[Evidence]:
    found = proofs()[:MOST_PROOFS]
    for proof in found:
        says = "restored as a trial, equal" if proof.passed else "the trial restore failed"
        yield Evidence(proof.backup, says, "the page Backups", proof.at)
    if not found:
        yield Evidence("Trial restores", "none yet", "the page Backups")


def _keys() -> Iterator[Evidence]:
    for name, says in look_at_keys().lines():
        yield Evidence(name, says, "securebase keys show")


def _trail() -> Iterator[Evidence]:
    command = "securebase verify"
    first = next(breaks(), None)
    holds = "every link holds" if first is None else f"broken at row {first.number}"
    yield Evidence("Chain", f"{AuditEvent.objects.count()} rows, {holds}", command)
    open_tables = unguarded()
    says = f"missing on {', '.join(open_tables)}" if open_tables else "in place"
    yield Evidence("Guard of the database", says, command)
    last = Anchor.objects.last()
    if last is not None:
        yield Evidence("Last anchor", str(last), "the page Anchors", last.at)


def _two_persons() -> Iterator[Evidence]:
    done = Approval.objects.exclude(confirmed_at=None)
    alone = done.filter(confirmed_by=F("asked_by")).count()
    says = f"{done.count() - alone} by two persons, {alone} by one who waited"
    yield Evidence("Dangerous acts", says, "the page Two persons")


def _packages() -> Iterator[tuple[str, str]]:
    found = {one.metadata["Name"]: one.version for one in distributions()}
    yield from sorted(found.items(), key=lambda one: one[0].lower())


def _installed_at(one: Distribution) -> datetime:
    """Return when a package was put in its place."""
    path = Path(str(one.locate_file("")))
    record = next((file for file in one.files or () if file.name == "METADATA"), None)
    place = path / record if record else path
    return datetime.fromtimestamp(place.stat().st_mtime, UTC)
