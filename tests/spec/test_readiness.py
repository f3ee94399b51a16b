"""Readiness.

Before trauma work begins, each domain is looked at with its data. What was not measured
is said to be so; nothing is added up, and nothing is locked.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from securebase.clinic.care.models import Patient
from securebase.clinic.guidance.readying import proceed, view_readiness
from securebase.people.accounts.models import User
from securebase.science.readiness import Facts, State, readiness_panel, weigh
from securebase.stories.see_readiness import see_readiness
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.NOW
LAST_WEEK, LONG_AGO = NOW - timedelta(days=7), NOW - timedelta(days=400)


@pytest.mark.parametrize(
    ("mean", "at", "state"),
    [
        (12.0, LAST_WEEK, State.SETTLED),
        (30.0, LAST_WEEK, State.DISCUSS),
        (12.0, LONG_AGO, State.UNKNOWN),  # too old to be about now
    ],
)
def test_dissociation_is_read_from_a_fresh_score(mean: float, at: object, state: State) -> None:
    rows = weigh(Facts(scores={"des-ii.mean": (mean, at)}), at=NOW)  # type: ignore[dict-item]

    assert {row.domain.key: row.state for row in rows}["dissociation"] == state


def test_what_was_not_measured_is_never_settled() -> None:
    assert all(row.state is not State.SETTLED for row in weigh(Facts(), at=NOW))


def test_the_clinicians_own_view_stands_beside_the_data(jo: User, sam: Patient) -> None:
    view_readiness(patient=sam, domain="support", view="settled", note="", by=jo, at=NOW)

    seen = see_readiness(user=jo, patient=sam, at=NOW)
    row = next(one for one in seen.rows if one.row.domain.key == "support")

    assert (row.row.state, row.view is not None) == (State.UNKNOWN, True)
    assert len(seen.rows) == len(readiness_panel().domains)


def test_going_ahead_is_never_barred_and_asks_for_a_reason(jo: User, sam: Patient) -> None:
    with pytest.raises(ValidationError, match="why you go ahead"):
        proceed(patient=sam, reason=" ", standing={}, by=jo, at=NOW)

    kept = proceed(patient=sam, reason="Sam asks for it.", standing={}, by=jo, at=NOW)

    assert kept.reason == "Sam asks for it."
