"""What commands on a practice share: settings, the folder, and words for refusals."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from securebase.science.errors import BadInput

KEEPING = "securebase.config.settings.keeping"


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Let the user name the practice's folder."""
    where = "the practice's folder; default $SECUREBASE_DATA_DIR or ./data"
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help=where)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let the user ask for JSON in place of words."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def prepare(data_dir: Path | None) -> None:
    """Say in the environment where the practice is; nothing is made there."""
    os.umask(0o077)
    if data_dir is not None:
        os.environ["SECUREBASE_DATA_DIR"] = str(data_dir.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = KEEPING
    try:
        django.setup()
    except (ImproperlyConfigured, ImportError) as problem:
        raise BadInput(f"The settings cannot be used: {problem}") from None


def open_practice(data_dir: Path | None) -> None:
    """Say where the practice is, and refuse a folder that holds none."""
    prepare(data_dir)
    check_practice_is_there()


def check_practice_is_there() -> None:
    """Refuse a folder without a SQLite database, which a look would otherwise make."""
    database = import_module("django.conf").settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"] and not Path(database["NAME"]).is_file():
        raise BadInput(
            f"There is no practice at {database['NAME']}. Name its folder with --data-dir."
        )


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the vault and the database refuse into a refusal of the command."""
    vault_error = import_module("securebase.people.vault.crypto").VaultError
    try:
        yield
    except vault_error as problem:
        raise BadInput(str(problem)) from None
    except DatabaseError as problem:
        raise BadInput(f"The database cannot be used: {str(problem).strip()}") from None


def say(words: str) -> None:
    """Print at once, so that what is said is true when it is read."""
    print(words)
    sys.stdout.flush()
