"""Make the backup of a release: ``python -m tests.faults.releases.make NAME``.

The practice in it is invented, and the root key beside it was made for these files alone.
Run once when a release is cut; the file is then never made again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEY = HERE / "root.key"
LIVE = """
import django; django.setup()
from securebase.config.first_start import make_ready
make_ready(host="127.0.0.1", workers=1)
from tests import factories as make
from securebase.clinic.therapy.actions import note_rupture
make.a_practice()
jo = make.a_clinician()
for name, note in (("Sam Reed", "a heron by the weir"), ("Kim Lee", "the blue door")):
    patient = make.a_patient(of=jo, name=name)
    make.send(make.a_checkin(patient), {"phq-9.1": 2, "phq-9.9": 1}, at=make.NOW)
    note_rupture(patient=patient, kind="withdrawal", note=note, by=jo, at=make.NOW)
"""


def own_key(folder: Path) -> Path:
    """Put the key of the releases into a folder, for its owner alone as it must be."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "root.key"
    shutil.copyfile(KEY, copy)
    copy.chmod(0o400)
    return copy


def main(name: str) -> int:
    """Live a little in a scratch practice and back it up under a name."""
    with tempfile.TemporaryDirectory() as home:
        own_key(Path(home) / "keys")
        environment = os.environ | {
            "SECUREBASE_DATA_DIR": home,
            "DJANGO_SETTINGS_MODULE": "securebase.config.settings.local",
        }
        subprocess.run([sys.executable, "-c", LIVE], env=environment, check=True)
        wish = ["backup", str(HERE / f"{name}.backup"), "--data-dir", home]
        call = "import sys; from securebase.cli.main import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", call, *wish]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
