"""Screens of needs: the file.

Which answers are needs is content. A file that names what no form has is refused, with
what there is.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest

from securebase.content import content_toml
from securebase.science.errors import ContentError
from securebase.science.library import instruments
from securebase.science.signals.needs import FILE, read_screens, screens

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_need_named_in_two_forms_is_told_once() -> None:
    told = [("everyday-needs", "housing", True), ("ahc-hrsn", "housing", True)]

    assert screens().named(told) == ("the home",)


@pytest.mark.parametrize("value", [False, None, "yes", 1])
def test_only_a_clear_yes_names_a_need_or_a_wish(value: object) -> None:
    told = [("ahc-hrsn", "food", value), ("help-wanted", "wants_help", value)]

    assert (screens().named(told), screens().wants_help(told)) == ((), False)


def test_what_is_no_need_of_a_form_names_none() -> None:
    assert screens().named([("phq-9", "item9", True), ("everyday-needs", "food", True)]) == ()


def test_every_form_with_needs_can_hear_whether_help_is_wanted() -> None:
    ours = {form for form in screens().forms if instruments()[form].wordings}

    assert ours == set(screens().help)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.pop("days"), "missing keys: days"),
        (lambda t: t["help"].update({"phq-99": "help"}), "no form is called 'phq-99'"),
        (
            lambda t: t["needs"]["ahc-hrsn"].update({"money": "money"}),
            "ahc-hrsn has no outcome 'money'; it has positive, housing",
        ),
    ],
)
def test_a_file_that_names_what_there_is_not_is_refused(
    change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    found = copy.deepcopy(content_toml(FILE))
    change(found)

    with pytest.raises(ContentError, match=re.escape(reason)):
        read_screens(found, library=instruments())
