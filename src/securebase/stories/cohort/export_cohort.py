"""Exporting everybody together, de-identified, for the service's own report."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import SystemRandom

from django.core.exceptions import PermissionDenied

from securebase.people.access.words import Category
from securebase.people.accounts.models import Role, User
from securebase.people.audit import trail
from securebase.people.audit.verbs import Verb
from securebase.science.cohort.form import the_form
from securebase.science.errors import BadInput
from securebase.stories.cohort.gather import Draws, Yardstick, gather
from securebase.stories.cohort.parquet import check_writer, write_dictionary, write_tables
from securebase.stories.keep_safe.moment import one_moment


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds: rows by table."""

    rows: dict[str, int]


def check_can_export_cohort(user: User | None) -> None:
    """Raise unless this is a host; None is whoever runs commands on the machine itself."""
    if user is not None and not user.holds(Role.HOST):
        raise PermissionDenied("Only a host can export everybody together.")


def export_cohort(
    folder: Path,
    *,
    yardstick: Callable[[str], Yardstick],
    by: User | None,
    at: datetime,
    draws: Draws | None = None,
) -> Exported:
    """Write everybody's last span of care to a new folder, with nobody named.

    It is one moment of the practice, and nobody waits while it is read. Nothing is
    overwritten, and an export that fails leaves nothing behind. It is on the trail before
    it is there to be taken. ``yardstick``
    says what judges a change on a measure; ``draws`` draws the ids, by default from the
    system's own randomness, and is seeded only in tests.

    Raises
    ------
    BadInput
        If the folder is taken, or there are too few people to tell of without pointing.
    """
    check_can_export_cohort(by)
    check_writer()
    form = the_form()
    with _new_folder(folder) as target:
        with one_moment():
            rows = gather(form=form, yardstick=yardstick, draws=draws or SystemRandom(), at=at)
        write_tables(target, rows, form)
        write_dictionary(target, form)
        trail.record(Verb.COHORT_EXPORT, by=by, at=at, category=Category.MEASURE.value)
    return Exported({name: len(found) for name, found in rows.items()})


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Yield a scratch folder for its owner alone, which becomes ``folder`` at the end."""
    if folder.exists():
        raise BadInput(f"{folder} is already there. Name a new folder.")
    if not folder.parent.is_dir():
        raise BadInput(f"{folder.parent} is no folder. Make it first, or name another.")
    scratch = Path(tempfile.mkdtemp(prefix=".cohort-", dir=folder.parent))
    try:
        yield scratch
        for file in scratch.iterdir():
            file.chmod(0o600)
        os.rename(scratch, folder)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
