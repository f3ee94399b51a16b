"""A form that an action may refuse.

Whatever says no, the form or the action behind it, the person reads it beside the field
it is about, and the page says so by its status.
"""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from securebase.pages.shared.asking import AskingForm, form_page

PAGE = "shared/components/definitions.html"
"""Any template will do."""


class NameForm(AskingForm):
    """One field, to refuse something about."""

    name = forms.CharField()


def refusing(told: Any) -> Any:
    def act() -> None:
        raise ValidationError(told)

    return act


def test_a_form_not_sent_does_nothing() -> None:
    form = NameForm()
    done: list[str] = []

    assert not form.took(lambda: done.append("done"))
    assert done == []
    assert form.errors == {}


def test_a_form_well_filled_in_is_done_once() -> None:
    form = NameForm({"name": "Ada"})
    done: list[str] = []

    assert form.took(lambda: done.append(form.cleaned_data["name"]))
    assert done == ["Ada"]


def test_what_an_action_made_comes_back_and_nothing_if_it_was_refused() -> None:
    form, empty = NameForm({"name": "Ada"}), NameForm({"name": ""})

    assert form.made(lambda: form.cleaned_data["name"]) == "Ada"
    assert empty.made(lambda: "never reached") is None
    assert form.made(refusing("Not today. Try tomorrow.")) is None


def test_a_refusal_keeps_its_kind_so_that_a_page_can_tell_them_apart() -> None:
    class TakenMeanwhile(ValidationError):
        """Somebody else was first."""

    def act() -> None:
        raise TakenMeanwhile("Somebody else was first. Look once more.")

    form = NameForm({"name": "Ada"})

    assert not form.took(act)
    assert [type(one) for one in form.non_field_errors().as_data()] == [TakenMeanwhile]


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"name": "Taken already. Choose another."}, "name"),
        ({"shoe": "No such field on this page."}, "__all__"),
        ("Not today. Try tomorrow.", "__all__"),
    ],
)
def test_what_an_action_refuses_stands_where_it_belongs(told: Any, where: str) -> None:
    form = NameForm({"name": "Ada"})

    assert not form.took(refusing(told))
    assert list(form.errors) == [where]


def test_a_page_with_something_to_mend_says_so_by_its_status() -> None:
    request = RequestFactory().get("/")

    mended = form_page(request, PAGE, NameForm({"name": "Ada"}), {})
    to_mend = form_page(request, PAGE, NameForm({"name": ""}), {})

    assert mended.status_code == 200
    assert to_mend.status_code == 422


def test_a_page_says_by_its_own_status_what_no_form_can_know() -> None:
    request = RequestFactory().get("/")

    met = form_page(request, PAGE, NameForm({"name": "Ada"}), {}, status=409)

    assert met.status_code == 409
