"""When somebody reads.

A patient is told by when their clinician will have read what they send. The promise is
made of the days and the hour they agreed, on the clock of the practice.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.core.exceptions import ValidationError

from securebase.clinic.care.models import Care
from securebase.clinic.care.promises import next_reading
from securebase.clinic.care.wall_time import check_zone


@pytest.mark.parametrize(
    ("sent", "days", "read_by"),
    [
        # 23 November 2026 is a Monday
        ("2026-11-23T09:00", [0, 3], "2026-11-23T18:00"),
        ("2026-11-23T17:59", [0, 3], "2026-11-23T18:00"),
        ("2026-11-23T18:00", [0, 3], "2026-11-26T18:00"),  # too late for today
        ("2026-11-27T09:00", [0, 3], "2026-11-30T18:00"),  # over the week-end
        ("2026-11-23T18:30", [0],    "2026-11-30T18:00"),  # a week on, same day
        ("2026-11-28T09:00", [],     "2026-11-28T18:00"),  # no days agreed: every day
        ("2026-07-06T16:59", [0],    "2026-07-06T17:00"),  # 18:00 in summer time
    ],
)  # fmt: skip
def test_it_is_the_next_agreed_day_and_hour(sent: str, days: list[int], read_by: str) -> None:
    care = Care(reading_days=days, reading_by=time(18, 0))
    after = datetime.fromisoformat(sent).replace(tzinfo=UTC)

    promised = next_reading(care, after=after, zone="Europe/London")

    assert promised == datetime.fromisoformat(read_by).replace(tzinfo=UTC)


def test_a_zone_nobody_knows_is_refused_with_an_example() -> None:
    with pytest.raises(ValidationError, match="such as Europe/London"):
        check_zone("Europe/Londn")
