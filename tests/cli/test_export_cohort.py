"""Everybody together at the command line: exported from a practice, then reported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_backup import environment, practice, refusal, securebase

__all__ = ["practice"]

FIVE_MORE = """
import django; django.setup()
from datetime import timedelta
from itertools import count
from securebase.clinic.episodes.actions import open_episode
from tests import factories as make
make._numbers = count(1000)
jo = make.a_clinician()
for number in range(6):
    sam = make.a_patient(of=jo, name=f"Sam {number}")
    open_episode(patient=sam, by=jo, at=make.NOW, planned_sessions=None)
    answers = {f"phq-9.{i}": 2 for i in range(1, 10)}
    make.send(make.a_checkin(sam, "phq-9"), answers, at=make.NOW + timedelta(hours=1))
"""


def test_a_practice_of_hardly_anybody_is_not_exported(practice: Path, tmp_path: Path) -> None:
    said = refusal("export-cohort", tmp_path / "out", "--data-dir", practice)

    assert "fewer than 5" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_practice_is_refused(tmp_path: Path) -> None:
    said = refusal("export-cohort", tmp_path / "out", "--data-dir", tmp_path)

    assert "There is no practice" in said


@pytest.mark.slow
def test_what_was_exported_is_reported(practice: Path, tmp_path: Path) -> None:
    named = {"SECUREBASE_DATA_DIR": str(practice)}
    settings = {"DJANGO_SETTINGS_MODULE": "securebase.config.settings.keeping"}
    subprocess.run(
        [sys.executable, "-c", FIVE_MORE], env=environment() | named | settings, check=True
    )

    wrote = securebase("export-cohort", tmp_path / "out", "--data-dir", practice, "--json")
    said = securebase("cohort", tmp_path / "out", "--json")

    rows = json.loads(wrote.stdout)["rows"]
    reported = json.loads(said.stdout)
    assert rows["people"] == reported["people"] >= 6
    [phq] = [one for one in reported["measures"] if one["measure"] == "phq-9.total"]
    counts = phq["change"]["counts"]
    assert counts["recovered"] == 0
    assert [counts["unknown"], counts["dropped_out"]] == [None, None], "one has no first score"
