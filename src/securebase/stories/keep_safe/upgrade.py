"""Bringing the tables of a practice up to date, with a proved backup before.

Each step of the tables and the note that it was done are one transaction: Django by itself
notes some of them a moment later, and a start killed in that moment could never start
again. Whoever is killed between two steps goes on from there at the next start.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from securebase.people.accounts.models import User
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.drill import drill
from securebase.stories.keep_safe.manifest import check_known
from securebase.stories.keep_safe.proofs import Proof, backup_folder, keep_proof
from securebase.stories.keep_safe.refusals import Damaged
from securebase.stories.keep_safe.verify import is_up_to_date


class WholeSteps(MigrationExecutor):
    """Runs each migration and writes down that it ran in one transaction."""

    def apply_migration(
        self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        """Apply one migration whole or not at all, unless it says that it cannot be."""
        if not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        with self.connection.constraint_checks_disabled(), transaction.atomic():
            return super().apply_migration(state, migration, fake, fake_initial)


def bring_up_to_date(*, at: datetime) -> Proof | None:
    """Renew the tables if this version asks for it; with people in them, back up first.

    Returns
    -------
    Proof or None
        That the backup taken before can be restored and renewed, kept beside the backups;
        None if there was nothing to do or nothing to lose.

    Raises
    ------
    BadInput
        If the tables are newer than the program, or the backup could not be made and
        proved. Nothing was changed.
    """
    check_known(tuple(sorted(MigrationLoader(connection).applied_migrations or ())))
    proof = None
    if not is_up_to_date():
        proof = _proved_backup(at) if _somebody_is_there() else None
        steps = WholeSteps(connection)
        steps.migrate(steps.loader.graph.leaf_nodes())
    # No step is left for it, but the rows that Django itself adds after the steps: at every
    # start, because the one that made the last step may have been killed before them.
    call_command("migrate", verbosity=0, interactive=False)
    return proof


def _somebody_is_there() -> bool:
    tables = connection.introspection.table_names()
    return User._meta.db_table in tables and User.objects.values("pk").exists()


def _proved_backup(at: datetime) -> Proof:
    """Back up, and rehearse on the restored copy what is about to be done."""
    file = backup_folder() / f"before-upgrade-{at.astimezone(UTC):%Y-%m-%d-%H%M%S}.backup"
    proof = drill(file, at=at, expected=back_up(file, at=at))
    keep_proof(proof)
    if not proof.passed:
        raise Damaged(
            f"The tables were not renewed: the backup taken before, {file}, could not be "
            f"restored and renewed as a trial. {proof.problems[0]} The practice is as it "
            "was; start it with the version that served it last."
        )
    return proof
