"""Every door that reads a file from outside, with good files to begin from.

A target takes bytes and says whether they were let in. What the program turns into words
is a refusal; anything else that is raised is a fault, and so is whatever a refusal leaves
behind.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from securebase.cli.main import main
from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Response, Score
from securebase.people.accounts.models import User
from securebase.science.errors import ScienceError
from securebase.science.library import read_instrument
from securebase.science.signals.rules import load_rules
from securebase.science.trajectory.prior import load_priors
from securebase.stories.import_history import import_history, preview_history
from securebase.stories.keep_safe.back_up import back_up
from securebase.stories.keep_safe.envelope import CHUNK, SealedReader, SealedWriter
from securebase.stories.keep_safe.export_trail import export_trail
from securebase.stories.keep_safe.restore import restore
from tests import factories as make
from tests.faults.fuzz_forms import doors
from tests.stories.keeping import root_key

CONTENT = resources.files("securebase.content")
ANSWERS = b"id,note,%s\n" % b",".join(b"%d" % n for n in range(1, 10))
ANSWERS += b"a,first,0,1,2,3,0,1,2,3,0\nb,,1,1,1,1,1,1,1,1,\n"
LONG = b"person,at,measure,value\n" + b"".join(
    b"%s,2026-%02d-01,phq-9.total,%d\n" % (who, month, 20 - month)
    for who in (b"a", b"b")
    for month in range(1, 8)
)
PAIRS = b"person,before,after\na,20,8\nb,17,16\nc,12,\nd,9,14\n"
WIDE = b"at,phq-9.total,gad-7.total\n2026-03-01,12,9\n2026-04-01T10:00,8,\n"
LONG_OF_ONE = LONG.replace(b"\nb,", b"\na,2025-01-01,phq-9.total,9\n#,").split(b"\n#")[0]


class LeftBehind(Exception):
    """Something was refused, and a part of it was kept."""


@dataclass(frozen=True, slots=True)
class Target:
    """One door: its name, good files, and how a file is handed in."""

    name: str
    seeds: tuple[bytes, ...]
    take: Callable[[bytes], bool]


def targets(folder: Path) -> list[Target]:
    """Return every door; needs a database, of which nothing is kept."""
    jo = make.a_clinician()
    make.a_practice()
    sam = make.a_patient(of=jo)
    return [
        _command(folder, "score", ("score", "phq-9"), ANSWERS),
        _command(folder, "trajectory", ("trajectory",), LONG),
        _command(folder, "change", ("change", "--method", "jt", *PHQ), PAIRS, LONG),
        _command(folder, "gains", ("gains", "--measure", "phq-9.total"), LONG, out=False),
        Target("history", (LONG_OF_ONE, WIDE), _history(sam, jo)),
        _backup(folder),
        _trail(folder),
        _instrument(folder),
        _loader(folder, "priors.toml", load_priors),
        _loader(folder, "signals.toml", load_rules),
        *(Target(*door) for door in doors(folder)),
    ]


PHQ = ("--measure", "phq-9.total")


def _command(
    folder: Path, name: str, words: tuple[str, ...], *seeds: bytes, out: bool = True
) -> Target:
    given, written = folder / f"{name}.csv", folder / f"{name}-out.csv"
    out = out and name != "change"

    def take(raw: bytes) -> bool:
        given.write_bytes(raw)
        written.unlink(missing_ok=True)
        code = _run(
            [words[0], *words[1:], str(given), *(["--out", str(written)] if out else [])]
        )
        if code and written.exists():
            raise LeftBehind(f"securebase {name} refused and left {written.name}")
        return code == 0

    return Target(name, seeds, take)


def _run(words: list[str]) -> int:
    """Run a command here; it may end well, refuse with a reason, or call the usage wrong."""
    said = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        try:
            code = main(words)
        except SystemExit as end:
            code = int(str(end.code or 0))
    if code and not said.getvalue().strip():
        raise LeftBehind(f"securebase {words[0]} refused without a word")
    return code


def _history(patient: Patient, by: User) -> Callable[[bytes], bool]:
    def take(raw: bytes) -> bool:
        before = Score.objects.count(), Response.objects.count()
        with transaction.atomic():
            try:
                preview = preview_history(raw=raw, patient=patient, by=by, at=make.NOW)
                new = import_history(patient=patient, preview=preview, by=by, at=make.NOW)
            except ScienceError as refused:
                if (Score.objects.count(), Response.objects.count()) != before:
                    raise LeftBehind(f"scores were kept of a refused file: {refused}") from None
                return False
            transaction.set_rollback(True)
        return new >= 0

    return take


def _backup(folder: Path) -> Target:
    """Hand in backups broken outside, and such as were broken before they were sealed."""
    good, given, place = folder / "good.backup", folder / "given.backup", folder / "place"
    back_up(good, at=make.NOW)
    whole = good.read_bytes()
    reader = io.BufferedReader(SealedReader(io.BytesIO(whole), root_key=root_key()), CHUNK)
    with gzip.GzipFile(fileobj=reader) as told:
        inner = told.read()

    def take(raw: bytes) -> bool:
        given.write_bytes(sealed(raw) if raw.startswith(b"{") else raw)
        place.mkdir()
        database: dict[str, Any] = dict(connection.settings_dict)
        database |= {"NAME": str(place / "restored.sqlite3")}
        try:
            restore(given, database=database, root_key=root_key())
        except ScienceError:
            if list(place.iterdir()):
                raise LeftBehind("a refused backup left files in the empty place") from None
            return False
        finally:
            shutil.rmtree(place)
        return True

    return Target("backup", (*(whole,) * 19, inner), take)


def sealed(text: bytes) -> bytes:
    """Return a backup that holds this text, sealed as by somebody who has the key."""
    file = io.BytesIO()
    writer = SealedWriter(file, root_key=root_key())
    with gzip.GzipFile(fileobj=writer, mode="wb", compresslevel=1) as told:
        told.write(text)
    writer.close()
    return file.getvalue()


def _trail(folder: Path) -> Target:
    good, given = folder / "trail.jsonl", folder / "given.jsonl"
    export_trail(good, at=make.NOW)

    def take(raw: bytes) -> bool:
        given.write_bytes(raw)
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = main(["verify", "--log", str(given)])
        return code == 0

    return Target("exported trail", (good.read_bytes(),), take)


def _instrument(folder: Path) -> Target:
    home = folder / "phq-9"
    names = ("phq-9", "itq", "ecr-r", "core-10")
    files = [CONTENT.joinpath("instruments", name, "instrument.toml") for name in names]

    def take(raw: bytes) -> bool:
        home.mkdir(exist_ok=True)
        (home / "instrument.toml").write_bytes(raw)
        return _let_in(read_instrument, home)

    return Target("instrument", tuple(file.read_bytes() for file in files), take)


def _loader(folder: Path, name: str, load: Callable[[Path], object]) -> Target:
    given = folder / name

    def take(raw: bytes) -> bool:
        given.write_bytes(raw)
        return _let_in(load, given)

    return Target(name, (CONTENT.joinpath(name).read_bytes(),), take)


def _let_in(load: Callable[[Path], object], path: Path) -> bool:
    try:
        load(path)
    except ScienceError:
        return False
    return True
