"""Making a data directory ready: keys, database, cache table and static files.

Every start runs this; on the first one it makes everything, later it changes only what
a new version asks for. It refuses rather than starting beside data it cannot read.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from securebase.config.checks import configuration, problems
from securebase.people.vault import crypto, homes, keys
from securebase.people.vault.erasure import apply_list
from securebase.people.vault.models import BlindIndex, DataKey, PracticeKey
from securebase.people.vault.resealing import rebuild_index
from securebase.science.errors import BadInput
from securebase.stories.erase_subject.erase import erase_again
from securebase.stories.keep_safe.nightly import note_on_trail
from securebase.stories.keep_safe.proofs import Proof
from securebase.stories.keep_safe.remember import note_restore
from securebase.stories.keep_safe.upgrade import bring_up_to_date

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
    upgraded_from = _make_tables()
    open_vault()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    if not homes.is_locked():
        _note(upgraded_from)


def _make_tables() -> Proof | None:
    """Make the tables, all of them or none, or bring them up to date with a backup before."""
    if connection.introspection.table_names():
        try:
            return bring_up_to_date(at=timezone.now())
        except (BadInput, crypto.VaultError) as refusal:
            raise NotSafe(str(refusal)) from refusal
    with connection.constraint_checks_disabled(), transaction.atomic():
        call_command("migrate", verbosity=0, interactive=False)
    return None


def _note(upgraded_from: Proof | None) -> None:
    """Put on the trail what went on before the trail could be written."""
    note_restore()
    if upgraded_from is not None:
        note_on_trail(upgraded_from, at=timezone.now())


def _own_directory(path: Path) -> None:
    """Make the data directory for its owner alone; what is in it belongs to patients."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(OWNER_ONLY)
    keys = path / "keys"
    keys.mkdir(exist_ok=True)
    keys.chmod(OWNER_ONLY)


def _check_key() -> None:
    """Refuse a key home that is not safe, or a key that is missing or cannot be used."""
    path = homes.key_path()
    if path.exists():
        _check_home(path)
    elif _something_is_sealed():
        raise NotSafe(
            "The database holds sealed text, and its key is missing: there is nothing "
            f"at {path}. Put the key back, or rebuild it with securebase keys restore."
        )


def _something_is_sealed() -> bool:
    tables = connection.introspection.table_names()
    return DataKey._meta.db_table in tables and DataKey.objects.values("pk").exists()


def _check_home(path: Path) -> None:
    if homes.others_may_read():
        raise NotSafe(
            f"{path} can be read by every user of this machine. Run chmod 400 on it; if "
            "others were here, make a new root key with securebase keys rotate --root."
        )
    target = getattr(settings, "SECUREBASE_BACKUP_DIR", "")
    if target and path.resolve().is_relative_to(Path(target).resolve()):
        raise NotSafe(
            f"{path} lies where the backups go, so whoever has a backup has its key. "
            "Move it, and point SECUREBASE_KEY_FILE at it."
        )
    if homes.is_locked():
        return
    try:
        homes.root_key()
    except crypto.VaultError as problem:
        raise NotSafe(str(problem)) from problem


def open_vault() -> None:
    """Prove that the key is this database's; erase again whom a backup brought back."""
    if homes.is_locked():
        return
    try:
        row = keys.practice_in_force()
        keys.practice_key(row)
    except crypto.VaultError as problem:
        raise NotSafe(str(problem)) from problem
    if homes.next_path().exists() and homes.kind() != "passphrase":
        _finish_root(row)
    apply_list()
    erase_again(at=timezone.now())
    if not BlindIndex.objects.exists():
        rebuild_index()


def _finish_root(row: PracticeKey) -> None:
    """Put the waiting root key in its place if the database is already wrapped by it."""
    if crypto.mark_of(homes.root_key()) != bytes(row.mark):
        homes.take_next()


def _check_configuration(host: str, workers: int) -> None:
    found = problems(configuration(host=host, workers=workers))
    if found:
        raise NotSafe("\n".join(f"{problem.msg} {problem.hint}" for problem in found))
