"""What a practice keeps as files of its own: instruments, banks, packs, shapes of notes.

They say what was asked and how it was scored, so a record without them is not whole.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from securebase.stories.keep_safe.refusals import Damaged, PlaceTaken, TooMuch

OWN = ("banks", "instruments", "note-shapes.toml", "packs")
"""By name in the data directory; a folder with all that is in it."""
MOST_BYTES = 64 * 2**20
"""More than this is no longer a few definitions, and would be held in memory at once."""


def own_files(home: Path) -> dict[str, bytes]:
    """Return every such file by its path in the data directory; links are left out."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for path in _paths(home):
        content = path.read_bytes()
        left -= len(content)
        if left < 0:
            raise TooMuch(
                f"The practice's own files ({', '.join(OWN)}) come to more than "
                f"{MOST_BYTES // 2**20} MB, with {path.name} the last one read. Take out of "
                "the data directory what is not a definition."
            )
        found[path.relative_to(home).as_posix()] = content
    return found


def as_line(path: str, content: bytes) -> dict[str, str]:
    """Return a file as a backup has it."""
    return {"file": path, "content": base64.b64encode(content).decode()}


def from_line(told: Mapping[str, str]) -> tuple[str, bytes]:
    """Return path and content of a file in a backup; refuse a path that leads elsewhere."""
    path = PurePosixPath(told["file"])
    if not path.parts or path.parts[0] not in OWN or ".." in path.parts:
        raise Damaged("The backup holds a file that belongs nowhere. Nothing was restored.")
    return path.as_posix(), base64.b64decode(told["content"], validate=True)


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


@contextmanager
def an_empty_home(home: Path | None) -> Iterator[Callable[[Mapping[str, bytes]], None]]:
    """Yield what puts files into a data directory; they go again if anything fails after.

    Without a data directory, as in a drill, the files are compared and put nowhere.
    """
    put: list[Path] = []

    def place(files: Mapping[str, bytes]) -> None:
        if home is None:
            return
        for name in sorted({PurePosixPath(path).parts[0] for path in files}):
            if (home / name).exists():
                raise PlaceTaken(f"{name} is already there. Restore into an empty place only.")
            put.append(home / name)
        for path, content in files.items():
            _write(home / path, content)

    try:
        yield place
    except BaseException:
        for one in put:
            shutil.rmtree(one, ignore_errors=True)
            one.unlink(missing_ok=True)
        raise


def _paths(home: Path) -> Iterator[Path]:
    for name in OWN:
        top = home / name
        inside = sorted(top.rglob("*")) if top.is_dir() and not top.is_symlink() else [top]
        yield from (path for path in inside if path.is_file() and not path.is_symlink())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
