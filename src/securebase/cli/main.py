"""The door: finds the command, loads only its file, and turns refusals into words.

A command is a file here with ``add_parser(subparsers)``, which adds one parser named as
in ``COMMANDS``, and ``run(args)``, which returns the exit code: 0 done, 1 refused.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from securebase.science.errors import ScienceError
from securebase.science.library import read_also


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives and the line that ``--help`` shows for it."""

    module: str
    summary: str


COMMANDS = {
    "demo": Command("securebase.cli.demo", "serve an invented practice"),
    "serve": Command("securebase.cli.serve", "serve a practice"),
    "backup": Command("securebase.cli.backup", "write an encrypted backup"),
    "restore": Command("securebase.cli.restore", "restore a backup into an empty place"),
    "verify": Command("securebase.cli.verify", "check database, trail and sealed text"),
    "audit": Command("securebase.cli.audit", "write out the trail"),
    "export-subject": Command(
        "securebase.cli.export_subject", "write the copy of one person's record"
    ),
    "erase-subject": Command(
        "securebase.cli.erase_subject", "show the plan of an erasure; erase again"
    ),
    "fhir": Command("securebase.cli.fhir", "answers out of a record and into it, as FHIR"),
    "evidence": Command(
        "securebase.cli.evidence", "write dated facts on how the practice is kept"
    ),
    "keys": Command("securebase.cli.keys", "rotate keys, print and try the recovery sheet"),
    "instruments": Command(
        "securebase.cli.instruments", "list, show, check and import instruments"
    ),
    "score": Command("securebase.cli.score", "score a file of answers"),
    "trajectory": Command("securebase.cli.trajectory", "follow scores over time"),
    "change": Command("securebase.cli.change", "say who changed reliably"),
    "gains": Command("securebase.cli.gains", "find sudden gains and losses"),
    "fit": Command("securebase.cli.fit", "learn population parameters from scores"),
    "export-cohort": Command("securebase.cli.export_cohort", "write everybody, nobody named"),
    "cohort": Command("securebase.cli.cohort", "report the outcomes of a whole service"),
    "psychometrics": Command(
        "securebase.cli.psychometrics", "check an instrument on your own answers"
    ),
    "simulate": Command("securebase.cli.simulate", "invent patients with known truth"),
}
"""Every command by name, in the order of ``--help``; a file is imported when called."""

REFUSED = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        Exit code: 0 done, 1 refused with a reason on standard error. Wrong usage leaves
        by ``SystemExit`` with 2, as argparse has it.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    called = next((word for word in arguments if not word.startswith("-")), None)
    args = _parser(called).parse_args(arguments)
    read_also(own_instruments(getattr(args, "data_dir", None)))
    try:
        code: int = import_module(COMMANDS[args.command].module).run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough; Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except (ScienceError, OSError) as refusal:
        print(f"securebase {args.command}: {_said(refusal)}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _parser(called: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="securebase",
        description="Attachment-informed trauma therapy: measure, notice, repair.",
        epilog="It is not an emergency service, and it diagnoses nobody.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        if name == called:
            import_module(command.module).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=command.summary)
    return parser


def own_instruments(data_dir: Path | None) -> Path:
    """Return where the practice's own instruments lie, in its data directory."""
    return (data_dir or Path(os.environ.get("SECUREBASE_DATA_DIR", "data"))) / "instruments"


def _said(refusal: Exception) -> str:
    if isinstance(refusal, OSError) and refusal.filename is not None:
        return f"{refusal.filename}: {refusal.strerror}."
    return str(refusal)
