"""Traps.

Mistakes that stand in public sources about these instruments, each one shown not to be ours.
"""

from __future__ import annotations

import pytest

from securebase.science.errors import AnswerOutOfRange, BadInput
from securebase.science.library import instrument, instruments, not_shipped
from securebase.science.scoring import score

Found = dict[str, float | int | str | bool | None]


def scored(slug: str, *answers: int | None, **named: int | None) -> Found:
    """Score answers given in the order of the items, or by id."""
    one = instrument(slug)
    ids = [item.id for item in one.items if item.kind != "text"]
    return score(one, dict(zip(ids, answers, strict=False)) | named).as_dict()


def test_ten_on_the_phq_9_without_a_core_symptom_is_not_major_depression() -> None:
    found = scored("phq-9", 1, 1, 2, 2, 2, 2, 2, 0, 0)

    assert (found["total"], found["alg"]) == (12, "none")


def test_item_nine_of_the_phq_9_counts_from_one() -> None:
    assert scored("phq-9", 0, 0, 0, 0, 0, 0, 0, 0, 1)["item9"] is True
    assert scored("phq-9", 2, 2, 2, 2, 1, 1, 1, 1, 1)["alg"] == "major"


def test_the_bands_of_the_phq_9_meet_without_gap_or_overlap() -> None:
    """One published example prints a band from 19 to 14."""
    starts = [band.minimum for band in instrument("phq-9").bands if band.scale == "total"]

    assert starts == [0, 5, 10, 15, 20]


def test_the_lowest_answer_of_the_gad_7_is_not_at_all() -> None:
    assert instrument("gad-7").wordings["en"].answers["frequency"][0] == "Not at all"


def test_the_total_of_the_pcl_5_and_its_clusters_can_disagree_both_ways() -> None:
    no_avoidance = scored("pcl-5", *[4] * 5, 1, 1, *[2] * 13)
    few_but_spread = scored("pcl-5", 2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0)

    assert (no_avoidance["ge33"], no_avoidance["cluster_dx"]) == (True, False)
    assert (few_but_spread["ge33"], few_but_spread["cluster_dx"]) == (False, True)


def test_the_four_item_forms_of_the_pcl_5_are_not_here() -> None:
    assert "pcl-5-4" not in instruments()
    assert "Two different forms" in not_shipped()["PCL-5, 4 items"]


def test_the_estimate_from_eight_items_ends_at_seventy_four_not_eighty() -> None:
    assert scored("pcl-5-8", *[4] * 8)["est20"] == pytest.approx(73.88)


def test_the_itq_has_eighteen_items_in_two_halves() -> None:
    """A questionnaire of fourteen items goes by its name on one site."""
    ids = [item.id for item in instrument("itq").items]

    assert ids == [f"{half}{n}" for half in "PC" for n in range(1, 10)]
    with pytest.raises(BadInput, match="has no item '14'"):
        scored("itq", **{"14": 1})


def test_disturbed_self_organisation_alone_is_no_diagnosis() -> None:
    found = scored("itq", *[0] * 9, *[4] * 9)

    assert (found["dso_crit"], found["dx"]) == (True, "none")


def test_complex_post_traumatic_stress_excludes_the_simple() -> None:
    assert scored("itq", *[4] * 18)["dx"] == "CPTSD"
    assert scored("itq", *[4] * 9, *[0] * 9)["dx"] == "PTSD"


def test_the_rq_is_keyed_by_description_whatever_the_order_on_the_form() -> None:
    profile = {"secure": 6, "fearful": 2, "preoccupied": 1, "dismissing": 4}
    turned = dict(reversed(profile.items()))

    assert scored("rq", **profile) == scored("rq", **turned)


@pytest.mark.parametrize(
    ("slug", "beyond"), [("mspss", 8), ("wai-sr", 6), ("psychlops", 6), ("des-ii", 55)]
)
def test_the_answers_go_as_far_as_the_authors_say(slug: str, beyond: int) -> None:
    with pytest.raises(AnswerOutOfRange):
        scored(slug, beyond)


def test_the_mspss_reaches_seven_and_the_psychlops_twenty() -> None:
    assert scored("mspss", *[7] * 12)["total"] == 7
    assert scored("psychlops", *[5] * 4)["total"] == 20


def test_nothing_is_taken_off_the_who_5_before_it_is_multiplied() -> None:
    assert scored("who-5", *[0] * 5)["pct"] == 0
    assert scored("who-5", *[1] * 5)["pct"] == 20


def test_the_core_10_reverses_its_second_and_third_item() -> None:
    assert instrument("core-10").scale("total").reversed_items == {"2", "3"}


def test_the_core_10_bears_one_missing_answer_and_no_more() -> None:
    one_missing = scored("core-10", 4, 0, 0, 4, 4, 4, 4, 4, 4, None)

    assert (one_missing["total"], one_missing["total.state"]) == (40, "prorated")
    assert scored("core-10", 4, 0, 0, 4, 4, 4, 4, 4, None, None)["total"] is None


def test_a_missing_safety_item_is_never_made_up_for() -> None:
    found = scored("core-10", 4, 0, 0, 4, 4, None, 4, 4, 4, 4)

    assert (found["total"], found["risk"]) == (40, None)


def test_agreeing_with_everything_is_not_the_best_alliance_on_the_arm_5() -> None:
    """A public program adds the five items as they are."""
    assert scored("arm-5", 7, 7, 7, 7, 7)["mean"] == pytest.approx(5.8)
    assert scored("arm-5", 7, 7, 1, 7, 7)["mean"] == 7


def test_the_k6_adds_six_items_and_no_follow_up_question() -> None:
    assert instrument("k10").scale("k6").items == ("2", "4", "5", "8", "9", "10")
    with pytest.raises(BadInput, match="has no item '11'"):
        scored("k10", **{"11": 3})


def test_the_des_ii_divides_by_twenty_eight_or_not_at_all() -> None:
    assert scored("des-ii", *[20] * 14, *[10] * 14)["mean"] == 15
    assert scored("des-ii", *[20] * 27, None)["mean"] is None


@pytest.mark.parametrize("answer", [1, 4, 7])
def test_one_answer_to_everything_is_marked_on_the_ecr_r(answer: int) -> None:
    """All 4 looks like a middling result, all 1 like an anxious one the other way up."""
    one = instrument("ecr-r")
    same = {item.id: answer for item in one.items}

    assert score(one, same).straight_lined
    assert not score(one, same | {"1": 3}).straight_lined


def test_the_floor_of_a_scale_without_reversed_items_is_no_straight_line() -> None:
    floor = {str(n): 0 for n in range(1, 10)}

    assert not score(instrument("phq-9"), floor).straight_lined


def test_the_good_sleep_items_are_not_turned_round_twice() -> None:
    """The form prints them from 5 to 1, so 5 is worse on every item."""
    assert scored("promis-sleep-disturbance-4a", *[5] * 4)["T"] == 73.3
    assert scored("promis-sleep-disturbance-4a", *[1] * 4)["T"] == 32.0


def test_a_table_is_not_read_for_a_response_with_a_gap() -> None:
    found = scored("promis-depression-8a", *[3] * 7, None)

    assert (found["T"], found["T.state"], "SE" in found) == (None, "incomplete", False)


def test_no_wording_is_taken_over_in_another_language() -> None:
    """Translations that stand beside a code may belong to somebody else; ours are ours."""
    of_others = (one for one in instruments().values() if one.licence.shelf != "own")

    assert {language for one in of_others for language in one.wordings} == {"en"}


def test_the_attachment_measures_carry_no_bands_and_no_cut_offs() -> None:
    for slug in ("ecr-rs", "ecr-r", "ecr-s", "raas", "rq", "saam"):
        assert (instrument(slug).bands, instrument(slug).cutoffs) == ((), ())


def test_a_yes_on_the_c_ssrs_is_not_silenced_by_the_question_before_it() -> None:
    one = instrument("c-ssrs-screener")
    said = {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0, "6": 0, "6a": 0}

    sheet = score(one, said)

    assert (sheet.outcomes["triage"], sheet.safety) == ("high", ("4",))


def test_thoughts_right_now_are_flagged_even_where_the_asq_is_negative() -> None:
    sheet = score(instrument("asq"), {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1})

    assert sheet.safety == ("5",)


def test_one_kind_of_adversity_counts_once() -> None:
    both = scored("ace", 2, 1, 1, 2, 8, 1, 1, 1, 3, 3, 3)

    assert (both["substance"], both["sexual"], both["score"]) == (True, True, 2)


def test_parents_who_never_married_are_not_separated() -> None:
    assert scored("ace", 2, 2, 2, 2, 8, 1, 1, 1, 1, 1, 1)["divorce"] is False
    with pytest.raises(AnswerOutOfRange, match="is not one of 1, 2, 8"):
        scored("ace", 2, 2, 2, 2, 3, 1, 1, 1, 1, 1, 1)


def test_item_fourteen_of_the_mos_counts_in_the_whole_and_in_no_part() -> None:
    one = instrument("mos-sss")

    assert [scale.slug for scale in one.scales if "14" in scale.items] == ["overall"]


def test_what_is_asked_once_says_so() -> None:
    assert {slug for slug, one in instruments().items() if one.once} == {"ace", "bce", "lec-5"}


def test_what_is_named_as_not_shipped_is_not_in_the_library() -> None:
    names = {one.name for one in instruments().values()}

    assert all(why for why in not_shipped().values())
    assert not names & set(not_shipped())
