"""Who has seen a record, as pages show it: what was asked for, and the form to ask."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_noop

from securebase.stories.read_trail import OTHERS, PERIODS, USUAL_PERIOD, Seen, Wanted

EVER = 0
A_YEAR = gettext_noop("The last year")
PERIOD_WORDS = {
    7: gettext_noop("The last week"),
    30: gettext_noop("The last month"),
    90: gettext_noop("The last three months"),
}


class SeenForm(forms.Form):
    """Whose lines, and how far back."""

    who = forms.ChoiceField(label=gettext_noop("Who"))
    days = forms.ChoiceField(
        label=gettext_noop("When"),
        choices=[
            *((days, PERIOD_WORDS.get(days, A_YEAR)) for days in PERIODS),
            (EVER, gettext_noop("From the start")),
        ],
    )


def wanted_of(query: QueryDict, *, who: str = OTHERS) -> Wanted:
    """Return what an address asks for; whatever makes no sense counts as not said."""
    days, page = query.get("days", ""), query.get("page", "")
    known = {str(some): some for some in PERIODS}
    return Wanted(
        who=query.get("who") or who,
        days=None if days == str(EVER) else known.get(days, USUAL_PERIOD),
        page=int(page) if page.isdecimal() else 1,
    )


def shown(seen: Seen) -> dict[str, Any]:
    """Return what ``shared/_who_has_seen.html`` needs."""
    wanted = seen.wanted
    asked = {"who": wanted.who, "days": EVER if wanted.days is None else wanted.days}
    form = SeenForm(initial=asked, label_suffix="")
    form.fields["who"].choices = seen.people  # type: ignore[attr-defined]
    return {"seen": seen, "form": form, "asked": urlencode(asked)}
