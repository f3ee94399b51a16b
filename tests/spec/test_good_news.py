"""Good news.

Getting better fast, or soon, is told and asks for nothing: it is a reason to ask what
helped. Many such improvements are chance, so it never says that somebody is well.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from securebase.science.signals.improvement import early_improvement, fast_improvement
from securebase.science.signals.rules import load_rules
from securebase.science.trajectory.follow import follow
from securebase.science.trajectory.prior import load_priors

RULES, PRIORS = load_rules(), load_priors()
LOW_MOOD, ALLIANCE = PRIORS["phq-9.total"], PRIORS["session-check-in.alliance"]
START = datetime(2026, 1, 5, 18, tzinfo=UTC)


def line(*values: Any, prior: Any = LOW_MOOD) -> Any:
    weekly = [START + timedelta(weeks=i) for i in range(len(values))]
    return follow(weekly, values, prior=prior)


@pytest.mark.parametrize(
    ("values", "speaks"),
    [
        ((20, 21, 20, 12, 11), True),  # one large step that holds
        ((20, 21, 20, 12), False),  # nobody knows yet whether it holds
        ((20, 21, 20, 12, 18), False),  # it did not
        ((20, 21, 20, 15, 15), False),  # less than the reliable change
        ((20, 12, 11), False),  # one score before is no level
        ((20, 21, 20, 12, 11, 12), False),  # it was told before
        ((11, 12, 11, 19, 20), False),  # worse is no gain
        ((20, 21, 20, 12, 11, None), False),  # nothing was said
    ],
)
def test_a_fast_improvement_is_told_once_it_has_held(values: Any, speaks: bool) -> None:
    signal = fast_improvement(line(*values), RULES, prior=LOW_MOOD)

    assert (signal is not None) is speaks


@pytest.mark.parametrize(
    ("values", "speaks"),
    [
        ((20, 18, 16, 15), True),  # a quarter by session 3
        ((20, 18, 16, 16, 15), True),  # or 4
        ((20, 18, 15), False),  # too early
        ((20, 18, 17, 17, 17, 15), False),  # no longer early
        ((26, 24, 22, 20), True),  # the reliable change, though less than a quarter
        ((20, 19, 18, 16), False),  # less than a quarter
        ((20,), False),  # one score is no change
    ],
)
def test_an_early_improvement_is_a_quarter_or_the_reliable_change(
    values: Any, speaks: bool
) -> None:
    signal = early_improvement(line(*values), RULES, prior=LOW_MOOD)

    assert (signal is not None) is speaks


@pytest.mark.parametrize("rule", [fast_improvement, early_improvement])
def test_a_measure_without_reliable_change_has_no_improvement(rule: Any) -> None:
    assert rule(line(4, 4, 4, 9, 9, prior=ALLIANCE), RULES, prior=ALLIANCE) is None
