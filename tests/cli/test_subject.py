"""``securebase export-subject`` and ``erase-subject``: one person's copy, one person's plan."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("securebase")
USUAL = {k: v for k, v in os.environ.items() if not k.startswith(("SECUREBASE", "DATABASE"))}
MAKE = """
import django; django.setup()
from securebase.config.first_start import make_ready
make_ready(host="127.0.0.1", workers=1)
from tests import factories as make
make.a_practice()
print(make.the_account(make.a_patient(of=make.a_clinician())).email)
"""


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMMAND), *words], env=USUAL, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return the folder of a practice with one patient, and their address."""
    folder = tmp_path_factory.mktemp("practice") / "data"
    settings = {
        "SECUREBASE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "securebase.config.settings.local",
    }
    done = subprocess.run(
        [sys.executable, "-c", MAKE],
        env=USUAL | settings,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return str(folder), done.stdout.split()[-1]


def test_a_copy_a_plan_and_what_is_refused(practice: tuple[str, str], tmp_path: Path) -> None:
    """One long walk, because each command starts a process."""
    folder, email = practice
    file = tmp_path / "copy.zip"
    whom = ("--data-dir", folder, "--email", email)
    done = command("export-subject", *whom, "--out", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert set(zipfile.ZipFile(file).namelist()) == {
        "record.json",
        "record.html",
        "manifest.json",
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    again = command("export-subject", *whom, "--out", str(file))
    assert again.returncode == 1
    assert "nothing is overwritten" in again.stderr

    plan = command("erase-subject", *whom, "--json")
    told = json.loads(plan.stdout)
    assert {line["then"] for line in told["tables"]} == {"erase", "empty", "keep"}
    assert "in care now" in told["warnings"][0]
    assert "Nothing was erased" in command("erase-subject", *whom).stdout

    nobody = command("erase-subject", "--data-dir", folder, "--email", "x@example.org")
    wrong = command("erase-subject", "--data-dir", folder, "--record", "12")
    assert (nobody.returncode, wrong.returncode) == (1, 1)
    assert "There is nobody with the address" in nobody.stderr
    assert "is not the key of a record" in wrong.stderr
    assert "Traceback" not in nobody.stderr + wrong.stderr
    assert (
        command("erase-subject", "--data-dir", folder, "--again").stdout == "0 erased again.\n"
    )
    assert command("erase-subject", "--data-dir", folder).returncode == 2
