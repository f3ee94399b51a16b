"""What was tried: the level before and after, each with its uncertainty, and no cause."""

from __future__ import annotations

from datetime import timedelta

import pytest

from securebase.clinic.episodes.actions import open_episode
from securebase.clinic.guidance.actions import decide
from securebase.clinic.guidance.models import Suggestion
from securebase.clinic.guidance.wishing import choose_wishes
from securebase.clinic.measurement.actions import keep_past_scores
from securebase.clinic.measurement.sheets import PastScore
from securebase.science.plane import Region
from securebase.stories.match_pattern import region_wished_for
from securebase.stories.open_record import MOST_OFFERS, at_hand, open_record
from securebase.stories.what_was_tried import Level, Tried, what_was_tried
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW, WEEK = make.NOW, timedelta(weeks=1)


def test_the_level_before_and_the_last_within_six_weeks_after() -> None:
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    open_episode(patient=patient, by=clinician, at=NOW, planned_sessions=16)
    for week, score in ((0, 3), (2, 1), (12, 0)):
        sent = make.a_checkin(patient, "phq-9", at=NOW + week * WEEK)
        given: dict[str, int | str | None] = {f"phq-9.{n}": score for n in range(1, 10)}
        make.send(sent, given, at=NOW + week * WEEK)
        if week == 0:
            offered = Suggestion.objects.filter(signal__measure="phq-9.total").first()
            offered = offered or Suggestion.objects.first()
            assert offered is not None
            offered.signal.measure = "phq-9.total"
            offered.signal.save()
            decide(suggestion=offered, choice="accept", by=clinician, at=NOW)

    (tried,) = what_was_tried(user=clinician, patient=patient, at=NOW + 13 * WEEK)

    assert tried.before is not None
    assert tried.after is not None
    assert (tried.before.at, tried.after.at) == (NOW, NOW + 2 * WEEK)
    assert tried.before.low < tried.before.mean < tried.before.high
    assert tried.after.mean < tried.before.mean


@pytest.mark.parametrize(
    ("after", "apart"), [((1.0, 2.0), True), ((4.0, 6.0), False), ((8.0, 9.0), True)]
)
def test_levels_differ_only_where_their_intervals_do_not_meet(
    after: tuple[float, float], apart: bool
) -> None:
    def level(low: float, high: float) -> Level:
        return Level(at=NOW, mean=(low + high) / 2, low=low, high=high)

    tried = Tried(None, None, "x", level(3.0, 7.0), level(*after))  # type: ignore[arg-type]

    assert tried.tells_apart is apart
    assert not Tried(None, None, "x", None, level(1, 2)).tells_apart  # type: ignore[arg-type]


def test_at_most_three_cards_wait_at_a_time_over_all_signals() -> None:
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    sent = make.a_checkin(patient, "session-check-in", "phq-9", at=NOW)
    given: dict[str, int | str | None] = {f"phq-9.{n}": 3 for n in range(1, 10)}
    make.send(sent, given | {"session-check-in.tension": 4}, at=NOW)

    record = open_record(user=clinician, patient=patient, at=NOW)
    shown = at_hand(record.noticed)

    assert sum(len(one.offers) for one in record.noticed) > MOST_OFFERS
    assert sum(len(offers) for _, offers in shown) == MOST_OFFERS
    assert [one for one, _ in shown] == list(record.noticed)


def test_patterns_are_told_unless_the_clinician_switched_them_off() -> None:
    make.a_practice()
    clinician = make.a_clinician()
    patient = make.a_patient(of=clinician)
    assert region_wished_for(clinician, patient, at=NOW) is None
    pairs = (("ecr-r.anxiety", 6.9), ("ecr-r.avoidance", 1.2))
    scores = [PastScore(measure, NOW, value) for measure, value in pairs]
    keep_past_scores(patient=patient, past=scores, by=clinician, at=NOW)

    found = region_wished_for(clinician, patient, at=NOW)
    choose_wishes(patterns=False, digest=False, by=clinician, at=NOW)

    assert found is Region.ANXIOUS
    assert region_wished_for(clinician, patient, at=NOW) is None
