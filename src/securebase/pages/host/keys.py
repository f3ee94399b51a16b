"""The keys, for the host: how they are kept, the recovery sheet, and new keys for old."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.step_up import asked_again
from securebase.people.vault.crypto import VaultError
from securebase.stories.keep_keys.care_for_keys import make_sheet, try_sheet
from securebase.stories.keep_keys.look_at_keys import look_at_keys

ABOUT = "the keys of the practice"


class SheetForm(forms.Form):
    """One sheet, or three shares of which two rebuild the key."""

    shared = forms.ChoiceField(
        label="How should the words be kept?",
        choices=[
            ("no", "One sheet: whoever has it can rebuild the key"),
            ("yes", "Three shares: any two rebuild the key, one alone says nothing"),
        ],
        initial="no",
        widget=forms.RadioSelect,
    )


class TrialForm(forms.Form):
    """The words of the sheet, typed back."""

    one = forms.CharField(
        label="The 33 words of the sheet, or of one share",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    two = forms.CharField(
        label="The words of a second share, if you made three",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def texts(self) -> list[str]:
        """Return the words of each share that was typed."""
        said = (self.cleaned_data["one"], self.cleaned_data["two"])
        return [text for text in said if text.strip()]


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_safe
def keys(request: SignedInRequest) -> HttpResponse:
    """Show where the keys live, how old they are and whether the sheet was tried."""
    return render(request, "host/keys.html", {"facts": look_at_keys()})


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def sheet(request: SignedInRequest) -> HttpResponse:
    """Make the recovery sheet and show its words once; they are kept nowhere."""
    form = SheetForm(request.POST or None)
    made = None
    if form.is_bound and form.is_valid():
        shared = form.cleaned_data["shared"] == "yes"
        made = make_sheet(shared=shared, by=request.user, at=timezone.now())
    response = render(request, "host/keys_sheet.html", {"form": form, "sheet": made})
    response["Cache-Control"] = "no-store"
    return response


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def trial(request: SignedInRequest) -> HttpResponse:
    """Let the words be typed back, and prove that they rebuild the key."""
    form = TrialForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            try_sheet(texts=form.texts(), by=request.user, at=timezone.now())
        except VaultError as refused:
            form.add_error("one", str(refused))
        else:
            messages.success(request, "The words rebuild the key. Keep them far from here.")
            return redirect("host_keys")
    status = 422 if form.errors else 200
    response = render(request, "host/keys_trial.html", {"form": form}, status=status)
    response["Cache-Control"] = "no-store"
    return response
