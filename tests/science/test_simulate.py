"""Invented people.

Rules can be judged only where the truth is known. Invented people come late, miss
check-ins, skip questions and go on holiday; the same seed always gives the same ones.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from securebase.science.errors import BadInput
from securebase.science.library import instrument
from securebase.science.scoring import score
from securebase.science.simulate.cohort import InventedPatient, simulate
from securebase.science.simulate.course import inner_course
from securebase.science.simulate.recipe import Course, load_recipe

COHORT = simulate(48, 7, start=date(2026, 1, 7), weeks=20)
OCCASIONS = [(p, o) for p in COHORT.patients for o in p.occasions]
ANSWERED = [(p, o) for p, o in OCCASIONS if o.answered_at is not None]


def of(course: Any) -> Any:
    return [p for p in COHORT.patients if p.course is course]


def moods(patient: InventedPatient) -> Any:
    form = instrument("phq-9")
    sheets = [score(form, o.answers["phq-9"]) for o in patient.occasions if o.answered_at]
    return [s.scores[0].value for s in sheets if s.scores[0].value is not None]


def test_the_same_seed_gives_the_same_people() -> None:
    assert simulate(48, 7, start=date(2026, 1, 7), weeks=20) == COHORT


def test_another_seed_gives_others() -> None:
    assert simulate(48, 8, start=date(2026, 1, 7), weeks=20) != COHORT


def test_the_first_of_many_are_those_of_few() -> None:
    few = simulate(5, 7, start=date(2026, 1, 7), weeks=20)

    assert few.patients == COHORT.patients[:5]


def test_twelve_people_already_take_every_course() -> None:
    assert {p.course for p in COHORT.patients[:12]} == set(Course)


def test_nobody_shares_a_name() -> None:
    assert len({p.name for p in COHORT.patients}) == len(COHORT.patients)
    assert {p.pronouns for p in COHORT.patients} == {"she/her", "he/him", "they/them"}


def test_every_answer_is_one_that_the_question_allows() -> None:
    for _, occasion in ANSWERED:
        for slug, answers in occasion.answers.items():
            form = instrument(slug)
            for item, value in answers.items():
                assert value is None or form.item(item).low <= value <= form.item(item).high


IF_ANYTHING = {"mended"}
"""Asked for the case that something came between; invented people leave it out."""


def test_every_scored_question_is_asked() -> None:
    first = COHORT.patients[0].occasions[0]

    for slug, answers in first.answers.items():
        scored = {i for scale in instrument(slug).scales for i in scale.items}
        assert scored - IF_ANYTHING <= set(answers)


def test_instruments_come_as_often_as_the_recipe_says() -> None:
    every = {ask.slug: ask.every for ask in load_recipe().asking}

    for _, occasion in ANSWERED:
        assert set(occasion.answers) == {s for s, n in every.items() if occasion.week % n == 0}


def test_people_are_asked_on_their_own_day_and_never_before_the_start() -> None:
    for patient, occasion in OCCASIONS:
        assert occasion.due.weekday() == patient.weekday
        assert occasion.due >= datetime(2026, 1, 7, tzinfo=UTC)


def test_some_check_ins_are_missed_and_some_are_late() -> None:
    delays = [o.answered_at - o.due for _, o in ANSWERED if o.answered_at]

    assert 0.03 < 1 - len(ANSWERED) / len(OCCASIONS) < 0.3
    assert 0.05 < np.mean([d > timedelta(days=1) for d in delays]) < 0.25
    assert min(delays) > timedelta(0)


def test_answers_never_overtake_the_next_check_in() -> None:
    for patient in COHORT.patients:
        told = [o.answered_at for o in patient.occasions if o.answered_at]
        assert told == sorted(told)


def test_everybody_answers_the_first_check_in() -> None:
    assert all(p.occasions[0].answered_at for p in COHORT.patients)


def test_some_questions_are_skipped_but_few() -> None:
    values = [
        v for _, o in ANSWERED for answers in o.answers.values() for v in answers.values()
    ]

    assert 0 < np.mean([v is None for v in values]) < 0.02


def test_in_an_agreed_pause_nothing_is_asked() -> None:
    assert any(p.pauses for p in COHORT.patients)
    assert all(o.week not in p.pauses for p, o in OCCASIONS)


def test_sessions_held_are_counted() -> None:
    for patient in COHORT.patients:
        held = np.cumsum([o.session_held for o in patient.occasions])
        assert [o.sessions for o in patient.occasions] == held.tolist()


def test_a_mark_on_the_ninth_question_is_rare_but_comes() -> None:
    marks = [o.answers["phq-9"]["9"] or 0 for _, o in ANSWERED]

    assert 0.005 < np.mean([m > 0 for m in marks]) < 0.15


@pytest.mark.parametrize(
    ("course", "least", "most"),
    [
        (Course.IMPROVING, -14, -5),
        (Course.STUCK, -3, 3),
        (Course.WORSENING, 4, 12),
        (Course.FAST_GAINS, -15, -6),
    ],
)
def test_low_mood_takes_the_course_that_was_drawn(
    course: Any, least: float, most: float
) -> None:
    changes = [np.mean(moods(p)[-3:]) - np.mean(moods(p)[:3]) for p in of(course)]

    assert least < np.mean(changes) < most


def test_a_rupture_shows_in_alliance_and_tension_and_is_repaired() -> None:
    for patient in of(Course.RUPTURE_AND_REPAIR):
        first, last = patient.rupture
        strained = [o.truth for o in patient.occasions if first <= o.week <= last]
        before = [o.truth for o in patient.occasions if o.week < first]
        after = [o.truth for o in patient.occasions if o.week >= patient.repaired]
        usual = np.mean([t["alliance"] for t in before])
        assert all(t["alliance"] < usual - 0.1 and t["tension"] > 0.3 for t in strained)
        assert not after or np.mean([t["alliance"] for t in after]) > usual - 0.1


def test_those_who_drift_away_fall_silent() -> None:
    for patient in of(Course.DRIFTING_AWAY):
        early = [o.answered_at is not None for o in patient.occasions if o.week < patient.drift]
        late = [o.answered_at is not None for o in patient.occasions if o.week >= patient.drift]
        assert np.mean(late) < np.mean(early)


@pytest.mark.parametrize("course", list(Course))
@pytest.mark.parametrize("weeks", [4, 5, 9, 60])
def test_inner_levels_stay_between_nought_and_one_however_short_the_time(
    course: Any, weeks: Any
) -> None:
    inner = inner_course(course, weeks, np.random.default_rng(3))

    for level in inner.levels.values():
        assert level.shape == (weeks,)
        assert 0 <= level.min() <= level.max() <= 1


@pytest.mark.parametrize(
    ("patients", "seed", "weeks", "says"),
    [
        (0, 7, 20, "patients is 0, it must be 1 to 100000"),
        (5, -1, 20, "seed is -1"),
        (5, 7, 3, "weeks is 3, it must be 4 to 200"),
    ],
)
def test_impossible_cohorts_are_refused(
    patients: int, seed: int, weeks: Any, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        simulate(patients, seed, start=date(2026, 1, 7), weeks=weeks)
