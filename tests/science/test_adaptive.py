"""Asking less: levels, information and what is asked next.

The graded response model is that of mirt, and a sitting asks what catR would ask, step by
step, with the same level and the same standard error. The bank is invented; LSAT-6 is
published.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from securebase.science.adaptive.bank import Bank, load_bank
from securebase.science.adaptive.estimate import Prior, estimate, sum_scores
from securebase.science.adaptive.irt import category_probabilities, item_information
from securebase.science.adaptive.replay import Replay, replay
from securebase.science.adaptive.select import Selection
from securebase.science.adaptive.sitting import AdaptiveTest, Sitting
from securebase.science.adaptive.stop import Reason, Stopping
from securebase.science.errors import AnswerOutOfRange, BadInput, ScienceError, UnknownName

ORACLES = Path(__file__).parent / "oracles"
SHORT = [f"q{n:02}" for n in range(1, 9)]
STEPS = 15
CATR = 5e-6
"""catR counts both ends of its grid half, which only the most extreme people notice."""
ALL = Stopping(error=0, least=0, most=STEPS)
TOP = """
name = "Invented"
version = "1"
unit = "invented people"
source = "tests"
licence = "ours"
permission = "ours"
"""


def rows(name: str) -> list[dict[str, str]]:
    """Read one file of figures."""
    with (ORACLES / f"{name}.csv").open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """Return the invented bank of 60 items, read as a practice would read its own."""
    folder = tmp_path_factory.mktemp("bank")
    (folder / "items.csv").write_bytes((ORACLES / "adaptive_items.csv").read_bytes())
    (folder / "bank.toml").write_text(TOP + 'items = "items.csv"\n', encoding="utf-8")
    return load_bank(folder / "bank.toml")


@cache
def answers() -> NDArray[np.intp]:
    """Return 100 invented people's answers to the whole bank."""
    return np.array([[int(cell) for cell in row.values()] for row in rows("adaptive_answers")])


@cache
def figures(name: str) -> NDArray[np.float64]:
    """Return one kind of figure of mirt, in the order of the file."""
    return np.array(
        [float(row["value"]) for row in rows("adaptive_figures") if row["figure"] == name]
    )


@cache
def of_catr(column: str) -> list[list[str]]:
    """Return one column of catR's steps, person by person."""
    told = [row[column] for row in rows("adaptive_steps")]
    return [told[n : n + STEPS] for n in range(0, len(told), STEPS)]


def same(one: Replay, other: Replay) -> bool:
    """Whether two replays asked the same."""
    return bool(np.array_equal(one.asked, other.asked))


def test_probabilities_are_those_of_mirt(bank: Bank) -> None:
    short = bank.only(SHORT)
    levels = np.linspace(-3, 3, 5)

    found = category_probabilities(levels, short.slopes, short.thresholds)

    in_order = [found[:, i, c] for i, count in enumerate(short.counts) for c in range(count)]
    assert np.concatenate(in_order) == pytest.approx(figures("probability"), abs=1e-11)


def test_information_is_that_of_mirt(bank: Bank) -> None:
    short = bank.only(SHORT)

    found = item_information(np.linspace(-3, 3, 5), short.slopes, short.thresholds)

    assert found.T.ravel() == pytest.approx(figures("information"), rel=1e-8)


def test_levels_are_those_of_mirt(bank: Bank) -> None:
    found = estimate(answers()[:, :8], bank.only(SHORT))

    assert found.level == pytest.approx(figures("level"), abs=1e-8)
    assert found.error == pytest.approx(figures("error"), abs=1e-8)


def test_the_table_of_sums_is_that_of_mirt(bank: Bank) -> None:
    found = sum_scores(bank.only(SHORT))

    assert found.level == pytest.approx(figures("sum_level"), abs=1e-8)
    assert found.error == pytest.approx(figures("sum_error"), abs=1e-8)
    assert found.probability == pytest.approx(figures("sum_expected"), abs=1e-8)


def test_levels_on_the_lsat_are_those_of_mirt() -> None:
    items, people = rows("lsat6_items"), rows("lsat6")
    bank = Bank.of(
        slopes=[float(row["slope"]) for row in items],
        thresholds=[[float(row["threshold1"])] for row in items],
    )

    found = estimate([[int(row[f"Q{n}"]) for n in range(1, 6)] for row in people], bank)

    assert found.level == pytest.approx([float(row["level"]) for row in people], abs=1e-8)
    assert found.error == pytest.approx([float(row["error"]) for row in people], abs=1e-8)


def test_a_hundred_people_are_asked_what_catr_asks(bank: Bank) -> None:
    found = replay(AdaptiveTest(bank, ALL), answers())

    assert [[bank.ids[n] for n in one] for one in found.asked] == of_catr("item")


@pytest.mark.parametrize(("column", "name"), [("level", "levels"), ("error", "errors")])
def test_every_step_has_the_level_and_error_of_catr(bank: Bank, column: str, name: str) -> None:
    found = replay(AdaptiveTest(bank, ALL), answers())

    expected = np.array(of_catr(column), dtype=np.float64)
    assert getattr(found, name) == pytest.approx(expected, abs=CATR)
    assert np.median(np.abs(getattr(found, name) - expected)) < 1e-11


def asked_one_by_one(test: AdaptiveTest, given: NDArray[np.intp]) -> Sitting:
    """Take one person through a whole sitting."""
    sitting = test.start()
    while (item := test.next_item(sitting)) is not None:
        category = int(given[test.bank.place(item)])
        sitting = (
            test.skip(sitting, item) if category < 0 else test.answer(sitting, item, category)
        )
    return sitting


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(among=4, seed=3),
        Selection(shares={"mood": 2, "body": 1, "thought": 1}),
    ],
)
@pytest.mark.parametrize("gain", [0.0, 0.01])
def test_step_by_step_is_the_same_as_many_at_once(
    bank: Bank, selection: Selection, gain: float
) -> None:
    stopping = Stopping(error=0.25, least=4, most=12, least_gain=gain)
    gappy = np.where(np.random.default_rng(2).random(answers().shape) < 0.2, -1, answers())

    many = replay(AdaptiveTest(bank, stopping, selection), gappy)

    for person in range(0, 100, 9):
        alone = Selection(
            among=selection.among, seed=selection.seed + person, shares=selection.shares
        )
        one = asked_one_by_one(AdaptiveTest(bank, stopping, alone), gappy[person])
        steps = many.steps[person]
        assert [bank.ids[n] for n in many.asked[person, :steps]] == list(one.asked)
        assert many.levels[person, steps - 1] == pytest.approx(one.level, abs=1e-12)
        assert many.errors[person, steps - 1] == pytest.approx(one.error, abs=1e-12)
        assert np.isnan(many.levels[person, steps:]).all()


def test_asked_everything_an_adaptive_test_knows_what_the_full_form_knows(bank: Bank) -> None:
    everything = Stopping(error=0, least=0, most=60)

    found = replay(AdaptiveTest(bank, everything), answers()[:20])

    full = estimate(answers()[:20], bank)
    assert found.levels[:, -1] == pytest.approx(full.level, abs=1e-10)
    assert found.errors[:, -1] == pytest.approx(full.error, abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(
    level=st.floats(-6, 6),
    slopes=st.lists(st.floats(0.05, 40), min_size=2, max_size=6),
    seed=st.integers(0, 1000),
)
def test_the_item_asked_is_the_one_that_tells_most(
    level: float, slopes: list[float], seed: int
) -> None:
    thresholds = np.sort(np.random.default_rng(seed).normal(0, 1.5, (len(slopes), 3)), axis=1)
    test = AdaptiveTest(Bank.of(slopes=slopes, thresholds=thresholds), ALL)

    best = test.best(np.array([level]), np.zeros((1, len(slopes)), dtype=bool))[0, 0]

    exact = item_information([level], slopes, thresholds)[0]
    assert best == exact.argmax()


def test_items_that_are_nearly_alike_are_told_apart() -> None:
    rng = np.random.default_rng(8)
    slopes, thresholds = (
        rng.uniform(1.99, 2.01, 200),
        np.sort(rng.normal(0, 1, (200, 2)), axis=1),
    )
    test = AdaptiveTest(Bank.of(slopes=slopes, thresholds=thresholds), ALL)
    levels = rng.normal(0, 1, 3000)

    best = test.best(levels, np.zeros((3000, 200), dtype=bool))[:, 0]

    assert np.array_equal(best, item_information(levels, slopes, thresholds).argmax(axis=1))


def one_more(test: AdaptiveTest, level: float, asked: tuple[str, ...] = ()) -> str | None:
    """Return what somebody is asked next who seems to be at a level."""
    start = test.start()
    return test.next_item(
        replace(start, asked=asked, answers=(None,) * len(asked), level=level)
    )


@pytest.mark.parametrize(("slope", "items"), [(2.0, 200), (0.8, 200), (2.0, 30), (40.0, 200)])
def test_one_person_is_asked_what_looking_at_every_item_would_find(
    slope: float, items: int
) -> None:
    rng = np.random.default_rng(8)
    slopes = rng.uniform(0.99, 1.01, items) * slope
    thresholds = np.sort(rng.normal(0, 1, (items, 2)), axis=1)
    test = AdaptiveTest(Bank.of(slopes=slopes, thresholds=thresholds), ALL)
    levels = rng.normal(0, 2, 300).clip(-6, 6)

    found = [one_more(test, level) for level in levels.tolist()]

    best = item_information(levels, slopes, thresholds).argmax(axis=1)
    assert found == [str(place + 1) for place in best]


def test_after_more_questions_than_are_looked_up_the_best_of_the_rest_is_asked(
    bank: Bank,
) -> None:
    test = AdaptiveTest(bank, Stopping(error=0, least=0, most=60))
    told = item_information([0.4], bank.slopes, bank.thresholds)[0]
    order = [bank.ids[place] for place in np.argsort(-told, kind="stable")]

    found = [one_more(test, 0.4, tuple(order[:n])) for n in range(len(order))]

    assert found == order
    assert one_more(test, 0.4, tuple(order)) is None


def test_an_item_too_steep_for_any_table_is_still_found() -> None:
    at = 1 / 256
    test = AdaptiveTest(Bank.of(slopes=[1.0, 20_000.0], thresholds=[[0.0], [at]]), ALL)

    best = test.best(np.array([at]), np.zeros((1, 2), dtype=bool))

    assert best.tolist() == [[1]]


@settings(max_examples=40, deadline=None)
@given(level=st.floats(-9, 9), slope=st.floats(0.05, 16), seed=st.integers(0, 1000))
def test_probabilities_add_up_and_keep_their_logarithms(
    level: float, slope: float, seed: int
) -> None:
    thresholds = np.sort(np.random.default_rng(seed).normal(0, 1.5, (1, 4)), axis=1)

    found = category_probabilities([level], [slope], thresholds)

    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()


def test_information_is_how_fast_the_probabilities_change() -> None:
    slopes, thresholds, step = [1.7, 0.9], [[-1.0, 0.2, 1.1], [0.5, np.nan, np.nan]], 1e-6

    exact = item_information([0.3], slopes, thresholds)[0]

    low, high = category_probabilities([0.3 - step, 0.3 + step], slopes, thresholds)
    speed, middle = (high - low) / (2 * step), (high + low) / 2
    with np.errstate(invalid="ignore"):
        numeric = np.nansum(speed**2 / middle, axis=1)
    assert exact == pytest.approx(numeric, rel=1e-6)


def test_every_sum_has_the_level_of_all_the_ways_to_reach_it() -> None:
    bank = Bank.of(slopes=[1.5, 0.8], thresholds=[[-1.0, 1.0], [0.0, np.nan]])
    ways = np.array([[a, b] for a in range(3) for b in range(2)])
    prior = Prior()
    logs = bank.log_probabilities(prior.levels)
    weight = np.exp(logs[[0, 1], ways].sum(axis=1) + prior.log_weights)

    found = sum_scores(bank)

    for total in range(4):
        reached = weight[ways.sum(axis=1) == total].sum(axis=0)
        assert found.level[total] == pytest.approx(reached @ prior.levels / reached.sum())
    assert found.probability.sum() == pytest.approx(1)


def test_of_equal_items_the_first_is_asked() -> None:
    test = AdaptiveTest(Bank.of(slopes=[1.0] * 3, thresholds=[[0.0]] * 3), ALL)

    sitting = asked_one_by_one(test, np.array([1, 0, 1]))

    assert sitting.asked[0] == "1"


def test_drawing_among_the_best_spreads_the_first_question(bank: Bank) -> None:
    first = replay(AdaptiveTest(bank, ALL, Selection(among=5)), answers()).asked[:, 0]

    best = replay(AdaptiveTest(bank, ALL), answers()[:1]).asked[0, 0]
    assert len(set(first.tolist())) == 5
    assert best in first


def test_drawing_is_repeatable(bank: Bank) -> None:
    drawing = AdaptiveTest(bank, ALL, Selection(among=5, seed=9))

    assert same(replay(drawing, answers()), replay(drawing, answers()))
    assert not same(
        replay(drawing, answers()),
        replay(AdaptiveTest(bank, ALL, Selection(among=5, seed=8)), answers()),
    )


def test_questions_keep_to_their_shares_of_content(bank: Bank) -> None:
    shares = {"mood": 3, "body": 2, "thought": 0}
    found = replay(AdaptiveTest(bank, ALL, Selection(shares=shares)), answers())

    areas = np.array(bank.areas)[found.asked]

    assert ((areas == "mood").sum(axis=1) == 9).all()
    assert ((areas == "body").sum(axis=1) == 6).all()


def test_when_an_area_is_used_up_the_others_go_on() -> None:
    bank = Bank.of(slopes=[1.0] * 3, thresholds=[[0.0]] * 3, areas=["a", "b", "b"])
    test = AdaptiveTest(bank, ALL, Selection(shares={"a": 5, "b": 1}))

    sitting = asked_one_by_one(test, np.array([1, 1, 1]))

    assert sitting.asked == ("1", "2", "3")
    assert test.stopped(sitting) is Reason.EMPTY


@pytest.mark.parametrize(
    ("stopping", "reason", "asked"),
    [
        (Stopping(error=0.5, least=1, most=9), Reason.SURE, 1),
        (Stopping(error=0.5, least=3, most=9), Reason.SURE, 3),
        (Stopping(error=0.0, least=1, most=4), Reason.ENOUGH, 4),
        (Stopping(error=0.0, least=2, most=40, least_gain=1.0), Reason.LITTLE_GAIN, 2),
        (Stopping(error=0.0, least=2, most=99), Reason.EMPTY, 60),
    ],
)
def test_it_stops_for_a_reason(
    bank: Bank, stopping: Stopping, reason: Reason, asked: int
) -> None:
    test = AdaptiveTest(bank, stopping)

    sitting = asked_one_by_one(test, answers()[0])

    assert len(sitting.asked) == asked
    assert test.stopped(sitting) is reason
    assert test.next_item(sitting) is None


def test_a_replay_ends_when_everybody_is_done(bank: Bank) -> None:
    found = replay(AdaptiveTest(bank, Stopping(error=9, least=2, most=9)), answers())

    assert (found.steps == 2).all()
    assert (found.asked[:, 2:] == -1).all()


def test_skipped_questions_do_not_count_as_answers(bank: Bank) -> None:
    test = AdaptiveTest(bank, Stopping(error=9, least=2, most=9))
    first = replay(test, answers()[:1]).asked[0, 0]
    gappy = answers()[:1].copy()
    gappy[0, first] = -1

    found = replay(test, gappy)

    assert found.steps.tolist() == [3]


def test_the_gain_expected_is_the_gain_on_average(bank: Bank) -> None:
    test = AdaptiveTest(bank, Stopping(error=0, least=0, most=9, least_gain=0.2))
    start = test.start()
    place = bank.place("q46")
    after = [
        test.answer(start, "q46", category).error for category in range(bank.counts[place])
    ]
    weight = np.exp(start.log_posterior)
    chance = np.exp(test.log_chances[place][: bank.counts[place]]) @ (weight / weight.sum())

    expected = np.sqrt(chance @ np.square(after))

    edge = start.error - expected
    for gain, little in ((edge + 1e-9, True), (edge - 1e-9, False)):
        rule = AdaptiveTest(bank, Stopping(error=0, least=0, most=9, least_gain=gain))
        found = rule.gains_little(start.log_posterior, place, answered=0, error=start.error)
        assert found is little


def test_a_skipped_question_teaches_nothing_and_is_not_asked_again(bank: Bank) -> None:
    test = AdaptiveTest(bank, Stopping(error=9, least=1, most=3))
    start = test.start()
    item = test.next_item(start)
    assert item is not None

    skipped = test.skip(start, item)

    assert (skipped.level, skipped.error, skipped.answered) == (start.level, start.error, 0)
    assert test.next_item(skipped) not in {item, None}


@pytest.mark.parametrize("slope", [30.0, 90.0, 300.0])
def test_answers_that_hardly_go_together_lose_no_precision(slope: float) -> None:
    steep = Bank.of(slopes=[slope] * 4, thresholds=[[-3.0], [3.0], [-3.0], [3.0]])
    test = AdaptiveTest(steep, Stopping(error=0, least=0, most=4))
    sitting = test.start()

    for item, category in zip(steep.ids, (0, 1, 0, 1), strict=True):
        sitting = test.answer(sitting, item, category)

    known = estimate([[0, 1, 0, 1]], steep)
    assert sitting.level == pytest.approx(known.level[0], abs=1e-12)
    assert sitting.error == pytest.approx(known.error[0], abs=1e-12)


def test_a_skipped_question_changes_nothing_where_answers_are_gone_through_again() -> None:
    steep = Bank.of(slopes=[90.0] * 3, thresholds=[[-3.0], [0.0], [3.0]])
    test = AdaptiveTest(steep, Stopping(error=0, least=0, most=3))
    sitting = test.skip(test.answer(test.start(), "1", 0), "2")

    found = test.answer(sitting, "3", 1)

    assert found.level == pytest.approx(estimate([[0, -1, 1]], steep).level[0], abs=1e-12)


def test_an_earlier_sitting_may_be_taken_up_again(bank: Bank) -> None:
    test = AdaptiveTest(bank, ALL)
    start = test.start()

    test.answer(start, "q01", 3)

    assert start.asked == ()
    assert test.answer(start, "q01", 0).level < start.level < test.answer(start, "q01", 4).level


def test_a_level_is_also_a_t_score(bank: Bank) -> None:
    sitting = AdaptiveTest(bank, ALL).start()

    assert sitting.t_score == pytest.approx(50)
    sums = sum_scores(bank.only(SHORT))
    assert sums.t_score == pytest.approx(50 + 10 * sums.level)
    assert estimate(answers()[:1], bank).t_score[0] == pytest.approx(
        50 + 10 * estimate(answers()[:1], bank).level[0]
    )


def test_another_prior_moves_whoever_said_nothing(bank: Bank) -> None:
    nothing = np.full((1, 60), -1)

    found = estimate(nothing, bank, prior=Prior(mean=0.5, sd=0.8))

    assert found.level[0] == pytest.approx(0.5, abs=1e-6)
    assert found.error[0] == pytest.approx(0.8, abs=1e-6)


def test_what_is_no_answer_is_refused(bank: Bank) -> None:
    test = AdaptiveTest(bank, ALL)
    after = test.answer(test.start(), "q01", 1)

    with pytest.raises(
        AnswerOutOfRange, match="Item q04: 2 is no category of it; it has 0 to 1"
    ):
        test.answer(after, "q04", 2)
    with pytest.raises(BadInput, match="Item q01 was asked before"):
        test.skip(after, "q01")
    with pytest.raises(UnknownName, match="no item 'q99'"):
        test.answer(after, "q99", 0)
    wrong = answers().copy()
    wrong[7, 3] = 2
    with pytest.raises(BadInput, match="Row 7, item q04: 2 is no category of it"):
        replay(test, wrong)
    wrong[7, 3] = -2
    with pytest.raises(BadInput, match="Row 7, item q04: -2 is no category of it"):
        estimate(wrong, bank)
    with pytest.raises(BadInput, match=r"give whole numbers of shape \(n, 60\)"):
        estimate(answers()[:, :8], bank)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Selection(among=0), "among is 0"),
        (lambda: Selection(seed=-1), "seed is -1"),
        (lambda: Selection(shares={"a": -1}), "give none below 0"),
        (lambda: Stopping(error=0.3, least=9, most=8), "nor least above most"),
        (lambda: Prior(sd=0), "the sd must be above 0"),
        (lambda: category_probabilities([0], [1.0], [0.0]), "do not fit"),
        (lambda: item_information([0], [-1.0], [[0.0]]), "slope 0 is -1.0"),
        (lambda: item_information([0], [1.0], [[0.0, 0.0]]), "they must rise"),
        (lambda: item_information([0], [1.0], [[np.nan, 0.0]]), "leave NaN to the end"),
        (lambda: Bank.of(slopes=[1, 1], thresholds=[[0], [0]], ids=["a", "a"]), "1 different"),
        (
            lambda: AdaptiveTest(
                Bank.of(slopes=[1], thresholds=[[0]], areas=["a"]),
                ALL,
                Selection(shares={"b": 1}),
            ),
            "The area 'a' has a share and no item, or items and no share",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused(make: object, said: str) -> None:
    with pytest.raises(ScienceError, match=said):
        make()  # type: ignore[operator]
