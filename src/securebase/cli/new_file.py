"""Writing a file that was not there, for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

from securebase.science.errors import BadInput


def write_new(file: Path, data: bytes) -> None:
    """Write a new file; refuse one that is there, so that nothing is overwritten."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        problem = f"{file} is there already. Name a new file; nothing is overwritten."
        raise BadInput(problem) from None
    except OSError as problem:
        raise BadInput(f"{file} cannot be written: {problem.strerror}.") from None
    with os.fdopen(handle, "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
