"""``securebase fhir``: answers into a record and out of it.

One long walk, because each command starts a process.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from securebase.exchange.fhir.response import questionnaire_response
from securebase.science.library import instrument

COMMAND = Path(sys.executable).with_name("securebase")
USUAL = {k: v for k, v in os.environ.items() if not k.startswith(("SECUREBASE", "DATABASE"))}
MAKE = """
import django; django.setup()
from securebase.config.first_start import make_ready
make_ready(host="127.0.0.1", workers=1)
from tests import factories as make
make.a_practice()
from securebase.clinic.measurement.targets import name_target
clinician = make.a_clinician()
patient = make.a_patient(of=clinician)
name_target(patient=patient, kind="mother", name="", by=clinician, at=make.NOW)
print(clinician.email, patient.pk)
"""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """Return the folder of a practice, its clinician's address and a record's key."""
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
    email, key = done.stdout.split()[-2:]
    return str(folder), email, key


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMMAND), "fhir", *words], env=USUAL, capture_output=True, text=True, check=False
    )


def a_response() -> Any:
    """Return answers to the PHQ-9 with a total that is not ours."""
    answers = {str(n): 1 for n in range(1, 10)}
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    made = questionnaire_response(instrument("phq-9"), answers, at=at)
    made["item"].append({"linkId": "score.total", "answer": [{"valueDecimal": 10}]})
    return made


def test_answers_come_in_and_go_out(practice: tuple[str, str, str], tmp_path: Path) -> None:
    folder, email, key = practice
    file, out = tmp_path / "answers.json", tmp_path / "record.json"
    file.write_text(json.dumps(a_response()), encoding="utf-8")
    whom = ("--data-dir", folder, "--record", key)
    importing = ("import", str(file), *whom, "--by", email)

    looked = command(*importing)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert "DIFFERS: total: 10 came with it; we score 9 (scored)." in looked.stdout
    assert "1 are new. Nothing was kept." in looked.stdout

    kept = command(*importing, "--yes")
    assert (kept.returncode, kept.stderr) == (0, "")
    assert "Kept 1; 0 were in the record before." in kept.stdout

    again = json.loads(command(*importing, "--yes", "--json").stdout)
    assert [(one["known"], one["given_totals"]) for one in again] == [(True, {"total": 10.0})]

    made = command("export", *whom, "--out", str(out))
    assert (made.returncode, made.stderr) == (0, "")
    assert "Wrote 1 responses" in made.stdout
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text())["entry"][0]["resource"]["item"][0]["linkId"] == "1"
    back = command("import", str(out), *whom, "--by", email)
    assert "is in the record already" in back.stdout

    nobody = command("import", str(file), *whom, "--by", "x@example.org")
    assert nobody.returncode == 1
    assert "Nobody signs in here with 'x@example.org'" in nobody.stderr

    other = a_response()
    other["item"][0]["answer"] = [{"valueInteger": 3}]
    file.write_text(json.dumps(other), encoding="utf-8")
    refused = command(*importing, "--yes")
    assert refused.returncode == 1
    assert "Other answers were kept" in refused.stderr
    assert "Traceback" not in nobody.stderr + refused.stderr
    assert command("import", str(file), *whom).returncode == 2


def test_answers_about_a_person_wait_for_who_that_is(
    practice: tuple[str, str, str], tmp_path: Path
) -> None:
    folder, email, key = practice
    file, asked = tmp_path / "mother.json", instrument("ecr-rs")
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    made = questionnaire_response(asked, {item.id: 2 for item in asked.items}, at=at)
    file.write_text(json.dumps(made), encoding="utf-8")
    importing = ("import", str(file), "--data-dir", folder, "--record", key, "--by", email)

    refused = command(*importing)
    assert refused.returncode == 1
    assert "Give --about KEY. This record names k1 (mother)." in refused.stderr

    kept = command(*importing, "--about", "k1", "--yes")
    assert (kept.returncode, kept.stderr) == (0, "")
    assert "ECR-RS about k1 (mother) of 2026-06-01T12:00:00+00:00: 9 of 9" in kept.stdout
