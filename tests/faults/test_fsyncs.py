"""The disk has it before the patient is told.

Whatever a patient writes, the server has waited for the disk before it answers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.faults.fsyncs import READ_ONLY, NotHere, trace, trace_postgres

pytestmark = pytest.mark.slow


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_server_waits_for_the_disk_as_well(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")

    found = trace_postgres(tmp_path)

    assert {one.name: one.status for one in found if one.status >= 400} == {}
    assert {one.name for one in found if not one.waited} == {READ_ONLY}


def test_every_way_to_write_waits_for_the_disk_before_it_is_answered(tmp_path: Path) -> None:
    try:
        found = trace(tmp_path)
    except NotHere as reason:
        pytest.skip(str(reason))

    assert {one.name: one.status for one in found if one.status >= 400} == {}
    assert {one.name for one in found if not one.waited} == {READ_ONLY}
    assert len(found) == 7
