"""Signals and priors: the files.

Thresholds and priors are content. A file that contradicts itself is refused, with the
place and what to do; what the program ships agrees with the instruments it ships.
"""

from pathlib import Path
from typing import Any

import pytest

from securebase.content import content_text
from securebase.science.errors import ContentError, UnknownName
from securebase.science.library import instruments
from securebase.science.signals.rules import load_rules
from securebase.science.trajectory.prior import load_priors
from securebase.science.words import Kind, Tier

PRIORS = content_text("priors.toml")
SIGNALS = content_text("signals.toml")


def written(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "given.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_rule_names_its_sources_and_its_error_rate() -> None:
    for rule in load_rules().by_id.values():
        assert rule.sources
        assert rule.nominal
        assert rule.thresholds


def test_every_kind_of_signal_has_a_rule_and_all_but_safety_a_rest() -> None:
    rules = load_rules()

    assert {rule.kind for rule in rules.by_id.values()} == set(Kind)
    assert set(rules.limits.cooldown) == set(Kind) - {Kind.SAFETY}
    assert set(rules.limits.order) == set(Kind)


def test_what_only_tells_is_for_information_and_all_else_asks_for_a_look() -> None:
    for rule in load_rules().by_id.values():
        assert (rule.tier is Tier.INFO) == rule.kind.only_tells


def test_every_measure_of_a_rule_has_a_prior_or_is_read_as_it_is() -> None:
    known = set(load_priors().by_measure)
    for one in instruments().values():
        known |= {f"{one.slug}.{item.id}" for item in one.items if item.safety}
    known |= {f"des-ii.{scale.slug}" for scale in instruments()["des-ii"].scales}

    for rule in load_rules().by_id.values():
        assert set(rule.measures) <= known


def test_every_rule_says_what_feeds_it() -> None:
    assert all(rule.fed_by for rule in load_rules().by_id.values())


def test_limits_name_rules_and_kinds_there_are() -> None:
    rules = load_rules()

    assert rules.limits.uncapped | rules.limits.strong <= set(rules.by_id)
    assert set(rules.limits.days) <= set(Kind)


@pytest.mark.parametrize("measure", sorted(load_priors().by_measure))
def test_a_prior_agrees_with_the_definition_of_its_instrument(measure: str) -> None:
    prior = load_priors()[measure]
    slug, scale_slug = measure.split(".")

    form = instruments()[slug]
    scale = form.scale(scale_slug)

    assert (prior.low, prior.high, prior.better) == (scale.low, scale.high, scale.better)
    for rule in form.changes:
        if rule.scale == scale_slug and rule.kind == "rc":
            assert prior.reliable_change == rule.value
    for known in form.reliabilities:
        if known.scale == scale_slug and measure in FROM_THE_DEFINITION:
            assert prior.error_sd == pytest.approx(known.sd * (1 - known.value) ** 0.5)


FROM_THE_DEFINITION = {"phq-9.total", "gad-7.total", "pcl-5.total"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('version = "2026.11-design"', "version =", "is not TOML"),
        ('family = "bond"', 'family = "bonds"', "lacks 'bonds'"),
        ("sd = 5.8", "sd = 0", "sd must be more than zero"),
        ("reliability = 0.84", "reliability = 1.0", "reliability in \\[0, 1\\)"),
        ("sd = 5.8", 'sd = "wide"', "wide"),
        ("slope_sd = 0.30", "slope_sd = -1", "slope_sd is -5.8, it must be zero or more"),
        ("half_life_weeks = 1.2", "half_life_weeks = 0", "more than zero"),
        ("correlation = -0.25", "correlation = -1", "between -1 and 1"),
        ("mean = 15.0", "", "lacks 'mean'"),
    ],
)
def test_impossible_priors_are_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = written(tmp_path, PRIORS.replace(old, new))

    with pytest.raises(ContentError, match=says):
        load_priors(path)


def test_priors_of_ones_own_are_read_from_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, PRIORS.replace("mean = 15.0", "mean = 12.0"))

    assert load_priors(path)["phq-9.total"].intercept_mean == 12


def test_priors_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        load_priors(tmp_path / "none.toml")


def test_an_unknown_measure_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"phq-9\.total"):
        load_priors()["phq-99"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('version = "2026.12"', "version =", "is not TOML"),
        ('sources = ["jacobson"]', 'sources = ["nobody"]', "lacks 'nobody'"),
        ('kind = "RUP"', 'kind = "FOG"', "FOG"),
        ('classic = "This is the classic rule."', "", "classic"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = written(tmp_path, SIGNALS.replace(old, new))

    with pytest.raises(ContentError, match=says):
        load_rules(path)


def test_a_register_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, SIGNALS.replace("z = -1.96", "z = -2.5"))

    assert load_rules(path)["RUP.R1"].thresholds["z"] == -2.5


def test_an_unknown_rule_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="SAFE1"):
        load_rules()["RUP.R9"]
