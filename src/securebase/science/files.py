"""Files of somebody's own, read in place of what comes with the program."""

from __future__ import annotations

from pathlib import Path

from securebase.science.errors import ContentError


def own_text(path: Path) -> str:
    """Return what stands in a file of somebody's own.

    Parameters
    ----------
    path : Path
        A text file in UTF-8.

    Returns
    -------
    str
        All of it.

    Raises
    ------
    ContentError
        If it is not there, may not be read, or is not text in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            f"{path} cannot be read ({error}). Give a TOML file in UTF-8."
        ) from None
