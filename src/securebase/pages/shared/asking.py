"""A form for an action, and the page around it: sent well, refused, or not sent yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from securebase.people.accounts.models import User
from securebase.people.accounts.refused import Trouble, note_form_refused

T = TypeVar("T")


class AskingForm(forms.Form):
    """What somebody fills in for an action that may still refuse it."""

    def took(self, act: Callable[[], object]) -> bool:
        """Do the act if all is well filled in, and say whether it was done.

        What the action refuses stands beside the field it is about, as if the form had
        found it.
        """
        return self.made(lambda: (act(),)) is not None

    def made(self, act: Callable[[], T]) -> T | None:
        """Do the act as ``took`` does, and return what it made; None if it was not done."""
        if not self.is_valid():
            return None
        try:
            return act()
        except ValidationError as refused:
            self.refuse(refused)
            return None

    def refuse(self, refused: ValidationError) -> None:
        """Put what an action refused beside the field it is about."""
        told = getattr(refused, "error_dict", {"": refused})
        for name, problems in told.items():
            self.add_error(name if name in self.fields else None, problems)


def form_page(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    context: Mapping[str, Any],
    *,
    status: int | None = None,
) -> HttpResponse:
    """Return the page of a form; 422 where something in it is to be mended.

    The status lets a script, and a test, tell a refusal from a page not yet filled in. A
    page gives one of its own where the form cannot know it: somebody wrote meanwhile.
    """
    if _is_forged(form) and isinstance(request.user, User):
        note_form_refused(trouble=Trouble.NOT_OFFERED, by=request.user, at=timezone.now())
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def _is_forged(form: forms.Form) -> bool:
    """Whether it holds a value that its page does not offer to choose."""
    told = form.errors.as_data().values()
    return any(problem.code == "invalid_choice" for problems in told for problem in problems)
