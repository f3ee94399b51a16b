"""What a clinician wishes of the guidance: one page with two switches."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.guidance.wishing import choose_wishes, wishes_of
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience


class WishesForm(forms.Form):
    """The two switches."""

    patterns = forms.BooleanField(
        label="Say on cards which attachment pattern they may suit",
        required=False,
        help_text="Said as “may suit”, never more. No trial shows that matching helps.",
    )
    digest = forms.BooleanField(
        label="Send me a mail each morning if something waits on Today",
        required=False,
        help_text="It has no name and no clinical word, only a link.",
    )


@for_audience(Audience.CLINICIAN, impersonal="how guidance works for oneself")
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: SignedInRequest) -> HttpResponse:
    """Show the switches, and keep them."""
    now = wishes_of(request.user)
    initial = {"patterns": now.patterns, "digest": now.digest}
    given = request.POST if request.method == "POST" else None
    form = WishesForm(given, initial=initial)
    if form.is_valid():
        choose_wishes(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "Kept. It holds from now on, for you alone.")
        return redirect("desk_wishes")
    return render(request, "clinician/wishes.html", {"form": form})
