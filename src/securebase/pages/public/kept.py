"""We kept what you wrote: a form that met a locked page, given back to its person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.people.accounts.keeping import fields_of, kept_for, let_go
from securebase.people.accounts.models import KeptWords

LABELS = {"answer": "Your answer", "reason": "Your reason", "note": "Your note"}
CHOSEN = re.compile(r"[\w.:-]{0,40}")
"""One token without a space: a button, a date, a number; sent along, not shown."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it was sent."""

    name: str
    value: str

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote this; choices and buttons only travel along."""
        return self.name in LABELS or CHOSEN.fullmatch(self.value) is None

    @property
    def label(self) -> str:
        """What the field is called on the page."""
        return LABELS.get(self.name, "What you wrote")


@dataclass(frozen=True, slots=True)
class Form:
    """One kept form, ready to be sent to the page it was written for."""

    kept: KeptWords
    fields: tuple[Field, ...]


@for_audience(Audience.SIGNED_IN, impersonal="what this device keeps of one's own account")
@require_safe
def kept(request: SignedInRequest) -> HttpResponse:
    """Show every kept form, filled in; nothing is sent unless its person sends it."""
    forms = [_form(one) for one in kept_for(request.user, at=timezone.now())]
    if not forms:
        return redirect("front_door")
    return render(request, "public/kept.html", {"forms": forms})


@for_audience(Audience.SIGNED_IN, impersonal="what this device keeps of one's own account")
@require_POST
def drop(request: SignedInRequest) -> HttpResponse:
    """Delete one kept form at its person's wish."""
    let_go(account=request.user, path=request.POST.get("page", ""))
    return redirect("account_kept")


def _form(kept: KeptWords) -> Form:
    told = fields_of(kept).items()
    return Form(kept, tuple(Field(name, value) for name, values in told for value in values))
