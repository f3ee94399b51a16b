"""The same source makes the same wheel.

Whoever doubts a wheel builds it again and compares: its bytes do not depend on the day,
the folder or the person who built it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.house.plan import ROOT

pytestmark = pytest.mark.slow

NEEDED = ("pyproject.toml", "README.md", "LICENSE")
FOLDERS = ("src", "LICENSES")
LONG_AGO = 1_000_000_000


def built(source: Path, target: Path) -> str:
    """Return the digest of the wheel that a copy of the source makes."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = target.glob("*.whl")
    return sha256(wheel.read_bytes()).hexdigest()


def test_a_wheel_has_the_same_bytes_whenever_and_wherever_it_is_built(tmp_path: Path) -> None:
    copies = [tmp_path / "here", tmp_path / "elsewhere" / "deep"]
    for copy in copies:
        copy.mkdir(parents=True)
        for name in NEEDED:
            shutil.copyfile(ROOT / name, copy / name)
        for name in FOLDERS:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for path in copies[1].rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))

    digests = {built(copy, tmp_path / f"out-{n}") for n, copy in enumerate(copies)}

    assert len(digests) == 1
