"""``securebase keys``: the sheet, its trial, a lost key, new keys, and a passphrase."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("securebase")
PASSPHRASE = "heron weir mill lane door quartz"


def keys(place: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    usual = {
        k: v for k, v in os.environ.items() if not k.startswith(("SECUREBASE", "DATABASE"))
    }
    file = place.parent / "passphrase"
    file.write_text(PASSPHRASE)
    return subprocess.run(
        [str(COMMAND), "keys", *words, "--data-dir", str(place)],
        input=said,
        env=usual | {"SECUREBASE_PASSPHRASE_FILE": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a practice made as the first start makes it."""
    folder = tmp_path_factory.mktemp("practice") / "data"
    code = (
        "import django; django.setup();"
        "from securebase.config.first_start import make_ready;"
        "make_ready(host='127.0.0.1', workers=1)"
    )
    usual = {
        k: v for k, v in os.environ.items() if not k.startswith(("SECUREBASE", "DATABASE"))
    }
    subprocess.run(
        [sys.executable, "-c", code],
        env=usual
        | {
            "SECUREBASE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "securebase.config.settings.local",
        },
        check=True,
    )
    return folder


def test_a_practice_from_sheet_to_passphrase(place: Path) -> None:
    """One long walk, because each command starts a process."""
    key = place / "keys" / "root.key"
    printed = keys(place, "sheet").stdout
    words = " ".join(re.findall(r"\d+ ([a-z]+)", printed.split("rebuild the key.")[1]))

    wrong = keys(place, "try", said=f"wrong{words[3:]}\n")
    assert wrong.returncode == 1
    assert "word 1 is not on the list" in wrong.stderr
    assert "The words rebuild the key" in keys(place, "try", said=f"{words}\n").stdout

    before = key.read_text()
    key.unlink()
    assert keys(place, "restore", said=f"{words}\n").returncode == 0
    assert key.read_text() == before

    rotated = keys(place, "rotate", "--root")
    assert "Print a new one" in rotated.stdout
    assert key.read_text() != before
    assert keys(place, "rotate", "--practice").returncode == 0
    assert "never" in keys(place, "show").stdout

    assert keys(place, "lock").returncode == 0
    assert "securebase-locked" in key.read_text()
    assert keys(place, "unlock").returncode == 0
    assert "a file with a passphrase" in keys(place, "show").stdout
    assert "0 of them" in keys(place, "erased").stdout
