"""Bands and cut-offs.

A band is a published name for a range of scores. It is told by the raw score, never by a
rounded one. Where no bands are published there are none, and cut-offs are invitations to
ask, not findings.
"""

from __future__ import annotations

import pytest

from securebase.science.library import instrument, instruments
from securebase.science.scoring import band_of


@pytest.mark.parametrize(
    ("slug", "scale", "score", "band"),
    [
        ("phq-9", "total",  0, "minimal"),
        ("phq-9", "total",  4, "minimal"),
        ("phq-9", "total",  5, "mild"),
        ("phq-9", "total",  9, "mild"),
        ("phq-9", "total", 10, "moderate"),
        ("phq-9", "total", 14, "moderate"),
        ("phq-9", "total", 15, "moderately_severe"),
        ("phq-9", "total", 19, "moderately_severe"),
        ("phq-9", "total", 20, "severe"),
        ("phq-9", "total", 27, "severe"),
        ("gad-7", "total",  4, "minimal"),
        ("gad-7", "total",  5, "mild"),
        ("gad-7", "total", 10, "moderate"),
        ("gad-7", "total", 15, "severe"),
        ("k10",   "k10",   19, "low"),
        ("k10",   "k10",   20, "mild"),
        ("k10",   "k10",   25, "moderate"),
        ("k10",   "k10",   30, "severe"),
    ],
)  # fmt: skip
def test_a_band_begins_at_its_published_score(
    slug: str, scale: str, score: float, band: str
) -> None:
    assert band == band_of(instrument(slug).bands, scale, score)


def test_a_prorated_score_is_not_rounded_into_the_next_band() -> None:
    assert band_of(instrument("phq-9").bands, "total", 14.99) == "moderate"


@pytest.mark.parametrize("slug", ["pcl-5", "pc-ptsd-5"])
def test_no_severity_bands_are_invented_where_none_are_published(slug: str) -> None:
    assert instrument(slug).bands == ()


def test_our_own_instruments_have_no_bands_and_no_cut_offs() -> None:
    ours = [one for one in instruments().values() if not one.validated]

    assert ours
    assert not any(one.bands or one.cutoffs for one in ours)


def test_a_cut_off_says_what_it_is_worth() -> None:
    cutoffs = [c for one in instruments().values() for c in one.cutoffs]

    assert cutoffs
    assert all("worth asking" in c.meaning or "worth a full" in c.meaning for c in cutoffs)
