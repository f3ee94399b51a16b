"""Making a data directory ready: keys, database, cache table and static files.

Every start runs this; on the first one it makes everything, later it changes only what
a new version asks for. It refuses rather than starting beside data it cannot read.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from securebase.config.checks import configuration, problems
from securebase.people.vault import crypto
from securebase.people.vault.keys import key_of
from securebase.people.vault.models import DataKey

OWNER_ONLY = 0o700


class NotSafe(Exception):
    """Starting would be unsafe; the message says why and what to do."""


def make_ready(*, host: str, workers: int) -> None:
    """Make everything a start needs, or raise ``NotSafe`` before anything is changed."""
    _own_directory(Path(settings.DATA_DIR))
    _check_key()
    _check_configuration(host, workers)
    if not Path(settings.SECUREBASE_KEY_FILE).exists():
        crypto.make_root_key(Path(settings.SECUREBASE_KEY_FILE))
    _make_tables()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)


def _make_tables() -> None:
    """Make the tables, or renew them; the first time all of them or none.

    Django may commit a migration and note it a moment later. A first start killed in
    that moment would find its own tables in the way at every start after.
    """
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", verbosity=0, interactive=False)


def _own_directory(path: Path) -> None:
    """Make the data directory for its owner alone; what is in it belongs to patients."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(OWNER_ONLY)
    keys = path / "keys"
    keys.mkdir(exist_ok=True)
    keys.chmod(OWNER_ONLY)


def _check_key() -> None:
    """Refuse a key that cannot be used, or is missing, or is not this database's."""
    path = Path(settings.SECUREBASE_KEY_FILE)
    if path.exists():
        try:
            crypto.read_root_key(path)
        except crypto.KeyMissing as problem:
            raise NotSafe(str(problem)) from problem
    if DataKey._meta.db_table not in connection.introspection.table_names():
        return
    first = DataKey.objects.first()
    if first is None:
        return
    try:
        key_of(first.owner)
    except crypto.KeyMissing as problem:
        raise NotSafe(
            f"The database holds sealed text, and its key is missing: {problem}"
        ) from problem
    except crypto.SealBroken as problem:
        raise NotSafe(
            f"{settings.SECUREBASE_KEY_FILE} is not the key of this database. "
            "Put the right key back, or point SECUREBASE_KEY_FILE at it."
        ) from problem


def _check_configuration(host: str, workers: int) -> None:
    found = problems(configuration(host=host, workers=workers))
    if found:
        raise NotSafe("\n".join(f"{problem.msg} {problem.hint}" for problem in found))
