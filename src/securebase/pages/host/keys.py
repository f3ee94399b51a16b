"""The keys, for the host: how they are kept, the recovery sheet, and new keys for old."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from securebase.pages.host.people_forms import ReasonForm
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.step_up import asked_again
from securebase.people.vault.crypto import VaultError
from securebase.stories.keep_keys.care_for_keys import make_sheet, try_sheet
from securebase.stories.keep_keys.look_at_keys import look_at_keys
from securebase.stories.keep_keys.renew_keys import (
    ask_to_renew,
    progress_of_practice_key,
    renewable,
)

ABOUT = "the keys of the practice"
WHICH = {
    "practice": "The practice key: every data key is wrapped anew",
    "root": "The root key: afterwards the old recovery sheet opens older backups only",
}


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


class TrialForm(AskingForm):
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


class RenewForm(ReasonForm):
    """Which key is to be renewed."""

    kind = forms.ChoiceField(
        label="Which key",
        choices=lambda: [(one, WHICH[one]) for one in renewable()],
        widget=forms.RadioSelect,
    )
    field_order = ("kind", "reason")


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_safe
@in_practice_time
def keys(request: SignedInRequest) -> HttpResponse:
    """Show where the keys live, how old they are and whether the sheet was tried."""
    context = {"facts": look_at_keys(), "progress": progress_of_practice_key()}
    return render(request, "host/keys.html", context)


@for_audience(Audience.HOST, impersonal=ABOUT)
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def renew(request: SignedInRequest) -> HttpResponse:
    """Ask for a new key in the place of an old one; a second person confirms it."""
    form, at = RenewForm(request.POST or None), timezone.now()
    if form.took(lambda: ask_to_renew(by=request.user, at=at, **form.cleaned_data)):
        messages.success(request, "Asked for. It begins once it is confirmed.")
        return redirect("host_approvals")
    return form_page(request, "host/keys_renew.html", form, {})


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

    def try_it() -> None:
        try:
            try_sheet(texts=form.texts(), by=request.user, at=timezone.now())
        except VaultError as refused:
            raise ValidationError({"one": str(refused)}) from refused

    if form.took(try_it):
        messages.success(request, "The words rebuild the key. Keep them far from here.")
        return redirect("host_keys")
    response = form_page(request, "host/keys_trial.html", form, {})
    response["Cache-Control"] = "no-store"
    return response
