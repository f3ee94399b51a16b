"""How long new data keys take for many sealed values, while somebody keeps reading.

    python benchmarks/rotation.py [VALUES]

Makes a practice with that many sealed notes (default 100,000) in a scratch folder, or in
the empty database DATABASE_URL names, seals all of them anew under new keys, and lets a
second process open random values meanwhile. Prints minutes, reads and failed reads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRATCH = Path(os.environ.get("SCRATCH") or tempfile.mkdtemp(prefix="securebase-rotation-"))
os.environ["SCRATCH"] = str(SCRATCH)
os.environ["SECUREBASE_DATA_DIR"] = str(SCRATCH)
os.environ["DJANGO_SETTINGS_MODULE"] = "securebase.config.settings.local"
os.environ["SECUREBASE_KEY_FILE"] = str(SCRATCH / "keys" / "root.key")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from securebase.clinic.care.models import Patient  # noqa: E402
from securebase.clinic.therapy.models import Rupture  # noqa: E402
from securebase.people.accounts.models import User  # noqa: E402
from securebase.people.vault import crypto, keys, ring, rotation  # noqa: E402
from securebase.stories.keep_keys.care_for_keys import reseal_others  # noqa: E402

PATIENTS = 2000
NOTE = "They came late and said little; we spoke of the week and what had felt hard. " * 5
STOP = SCRATCH / "stop"


def make(values: int) -> None:
    """Fill the place with notes of that many patients."""
    crypto.make_root_key(Path(os.environ["SECUREBASE_KEY_FILE"]))
    call_command("migrate", verbosity=0)
    at = timezone.now()
    jo = User.objects.create_user("jo@example.org", name="Dr Jo Marsh")
    with transaction.atomic():
        people = [
            Patient.objects.create(name=f"Person {n}", welcomed_at=at) for n in range(PATIENTS)
        ]
    for start in range(0, values, 5000):
        with transaction.atomic():
            Rupture.objects.bulk_create(
                Rupture(
                    patient=people[n % PATIENTS],
                    kind="withdrawal",
                    noticed_at=at,
                    noticed_by=jo,
                    note=NOTE,
                )
                for n in range(start, min(start + 5000, values))
            )


def read() -> None:
    """Open values over and over, as a page does; print how many and how many failed."""
    rows = list(Rupture.objects.values_list("pk", flat=True)[:5000])
    done = failed = 0
    while not STOP.exists():
        ring.look_again()
        try:
            one = Rupture.objects.get(pk=rows[(done * 7919) % len(rows)])
            failed += one.note != NOTE
        except crypto.VaultError:
            failed += 1
        done += 1
        time.sleep(0.002)
    print(f"{done} {failed}")


def main(values: int) -> None:
    """Make, rotate, and say how long it took."""
    make(values)
    reader = subprocess.Popen(
        [sys.executable, __file__, "read"], stdout=subprocess.PIPE, text=True
    )
    began = time.monotonic()
    done = rotation.rotate_data(at=timezone.now(), others=reseal_others)
    minutes = (time.monotonic() - began) / 60
    STOP.touch()
    reads, failed = reader.communicate()[0].split()
    keys.forget_keys()
    fixed = rotation.SETTLING / 60
    million = fixed + (minutes - fixed) * 1_000_000 / done.values
    print(f"{done.values} values under {done.keys // 2} new keys: {minutes:.2f} minutes")
    print(f"{reads} reads meanwhile, {failed} failed")
    print(f"scaled to 1,000,000 values: {million:.1f} minutes (not measured)")


if __name__ == "__main__":
    if sys.argv[1:] == ["read"]:
        read()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
