"""What an export of everybody holds: every table has its words, every column its kind."""

from __future__ import annotations

import pytest

from securebase.science.cohort import form as reading
from securebase.science.cohort.form import the_form
from securebase.science.errors import ContentError


def test_every_column_is_explained_and_none_could_hold_a_clinician_or_a_date() -> None:
    columns = [one for columns in the_form().tables.values() for one in columns]

    assert [one.name for one in columns if not one.words.endswith(".")] == []
    names = " ".join(one.name for one in columns)
    assert [w for w in ("clinician", "name", "date", "at_", "note") if w in names] == []


def test_what_could_be_known_from_outside_is_a_column_of_people() -> None:
    assert set(the_form().alike) <= set(the_form().names("people"))


@pytest.mark.parametrize(("weeks", "band"), [(-1, 0), (0, 0), (11, 0), (12, 1), (500, 3)])
def test_a_time_in_care_is_told_in_broad_bands(weeks: int, band: int) -> None:
    assert the_form().band(weeks) == the_form().bands[band][1]


def test_a_column_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ContentError, match=r"people\.born is of kind 'date'"):
        reading._columns("people", {"columns": {"born": ["date", "When."]}})
