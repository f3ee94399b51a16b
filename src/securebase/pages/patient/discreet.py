"""Being discreet: what shows less on this device, and what nothing here can hide."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.discreet import Discreet, discreet_of, keep_discreet
from securebase.pages.shared.shapes import Link
from securebase.pages.shared.visits import end_with_the_browser
from securebase.people.accounts.figures import lock_of


class DiscreetForm(forms.Form):
    """What shows less on this device."""

    plain = forms.BooleanField(
        label=gettext_lazy("Call the tab “Notes”"),
        help_text=gettext_lazy("Each page then has the same name and a plain picture."),
        required=False,
    )
    shared = forms.BooleanField(
        label=gettext_lazy("Other people use this device"),
        help_text=gettext_lazy("It locks sooner. Close the browser, and it asks who you are."),
        required=False,
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("Hide the button “Leave this page”"),
        help_text=gettext_lazy("Pressing Shift three times still works."),
        required=False,
    )

    def chosen(self) -> Discreet:
        """Return what was chosen."""
        return Discreet(**self.cleaned_data)


@for_audience(Audience.PATIENT, impersonal="what this device shows")
@require_http_methods(["GET", "HEAD", "POST"])
def discreet(request: SignedInRequest) -> HttpResponse:
    """Show what can be made discreet here and what cannot, and keep what is chosen."""
    now = discreet_of(request)
    initial = {"plain": now.plain, "shared": now.shared, "hidden": now.hidden}
    given = request.POST if request.method == "POST" else None
    form = DiscreetForm(given, initial=initial, label_suffix="")
    if form.is_valid():
        response = redirect("me_discreet")
        keep_discreet(request, response, form.chosen())
        if form.chosen().shared:
            end_with_the_browser(request)
        messages.success(request, gettext("Kept on this device."))
        return response
    return _show(request, "patient/discreet.html", form=form)


@for_audience(Audience.PATIENT, impersonal="how to leave a page")
@require_safe
def first(request: SignedInRequest) -> HttpResponse:
    """Explain the way out before it is needed, to somebody who comes for the first time."""
    return _show(request, "patient/discreet_first.html")


def _show(request: HttpRequest, template: str, **told: object) -> HttpResponse:
    context = {
        "minutes": _idle_minutes(shared=False),
        "minutes_shared": _idle_minutes(shared=True),
        "back": Link(gettext("Home"), reverse("me_home")),
        **told,
    }
    return render(request, template, context)


def _idle_minutes(*, shared: bool) -> int:
    idle = lock_of(is_staff=False, is_shared=shared).idle
    return int(idle.total_seconds() // 60)
