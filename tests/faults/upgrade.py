"""Kill an upgrade at every statement it makes: ``python -m tests.faults.upgrade``.

A practice of an earlier release is restored; its tables are brought up to date by a
process that kills itself at the n-th statement, for every n until one gets through. After
each kill the upgrade is simply started again, and what it ends with must be what an
upgrade in peace ends with. On the database of DATABASE_URL, or on SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from tests.faults.releases.make import HERE, own_key

Place = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """How often an upgrade was killed, and what did not come of it."""

    release: str
    statements: int
    kills: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"upgrade from {self.release}: {self.kills} kills over {self.statements} "
            f"statements, {len(self.problems)} not startable or not the same afterwards"
        )


def upgrade(release: Path, home: Path, *, every: int) -> Figures:
    """Kill the upgrade of one release at every so many statements."""
    with _a_practice_of(release, home) as old:
        with _copy_of(old, home) as place:
            statements = int(_told(place, home)["statements"])
            expected = _told(place, home)["held"]
        problems, kills = [], 0
        for number in range(every, statements + 1, every):
            with _copy_of(old, home) as place:
                code = _in_child(lambda: _renew(place, die_at=number))  # noqa: B023
                kills += code == -signal.SIGKILL
                if code not in (0, -signal.SIGKILL):
                    problems.append(f"statement {number}: ended with {code}")
                held = _told(place, home).get("held")
                if held != expected:
                    problems.append(f"statement {number}: not the same after starting again")
    return Figures(release.stem, statements, kills, tuple(problems))


def _renew(place: Place, *, die_at: int = 0) -> int:
    """Bring the tables up to date, or die; return how many statements it took."""
    from securebase.stories.keep_safe import upgrade as story
    from securebase.stories.keep_safe.moment import connected_to

    count = 0

    def deadly(execute: Any, *statement: Any) -> Any:
        nonlocal count
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)

    # The backup taken before has faults of its own, tried elsewhere.
    story._somebody_is_there = lambda: False
    with connected_to(place) as connection, connection.execute_wrapper(deadly):
        story.bring_up_to_date(at=_now())
    return count


def _told(place: Place, home: Path) -> dict[str, Any]:
    """Bring the tables up to date in peace; return what is held then."""
    file = home / "told.json"
    file.unlink(missing_ok=True)

    def tell() -> None:
        statements = _renew(place)
        file.write_text(json.dumps({"statements": statements, "held": _held(place)}))

    _in_child(tell)
    told: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return told


def _held(place: Place) -> dict[str, Any]:
    from securebase.stories.keep_safe.manifest import (
        count_tables,
        schema_in_use,
        tables_at,
    )
    from securebase.stories.keep_safe.moment import connected_to
    from securebase.stories.keep_safe.verify import _database

    with connected_to(place):
        schema = schema_in_use()
        manifest = count_tables(tables_at(schema))
        return {
            "schema": [list(step) for step in schema],
            "rows": {name: table.rows for name, table in manifest.tables.items()},
            "trail": [manifest.trail_number, manifest.trail_link],
            "damage": list(_database().problems),
        }


def _in_child(do: Callable[[], Any]) -> int:
    """Do something in a process of its own; return how it ended."""
    child = os.fork()
    if not child:
        code = 1
        try:
            do()
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def _a_practice_of(release: Path, home: Path) -> Iterator[Place]:
    """Yield a practice as an earlier release left it, restored from its backup."""
    from django.db import connections

    from securebase.people.vault.crypto import read_root_key
    from securebase.stories.keep_safe.restore import restore

    key = read_root_key(own_key(home / "keys"))
    with _a_place(home) as place:
        restore(release, database=place, root_key=key)
        connections.close_all()
        yield place


@contextmanager
def _a_place(home: Path, *, like: Place | None = None) -> Iterator[Place]:
    """Yield an empty place, or a copy of another; it is gone afterwards."""
    from django.db import connection

    usual, name = dict(connection.settings_dict), f"upgrade_{uuid4().hex[:12]}"
    if connection.vendor == "sqlite":
        place = usual | {"NAME": str(home / f"{name}.sqlite3")}
        if like:
            shutil.copyfile(like["NAME"], place["NAME"])
        yield place
        Path(place["NAME"]).unlink(missing_ok=True)
        return
    with closing(connection.copy()) as server, server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} {'TEMPLATE ' + like['NAME'] if like else ''}")
        connection.close()
        try:
            yield usual | {"NAME": name}
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _copy_of(old: Place, home: Path) -> Any:
    return _a_place(home, like=old)


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def main() -> int:
    """Try every release, say the figures, and fail if one start did not succeed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="kill at every n-th statement")
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="sb-upgrade-") as home:
        os.environ["SECUREBASE_DATA_DIR"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.local"
        django.setup()
        from django.db import connection

        store = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
        for release in sorted(HERE.glob("*.backup")):
            figures = upgrade(release, Path(home), every=args.every)
            failed += len(figures.problems)
            lines = [f"{store}: {figures}.", *figures.problems[:20]]
            sys.stdout.write("\n  ".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
