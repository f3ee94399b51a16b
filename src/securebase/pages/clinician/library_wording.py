"""Attaching the words of an instrument: pasted, from a file or from a pack; declared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.measurement.wordings import (
    attach_wording,
    attached_now,
    can_attach,
    fits_today,
    withdraw_wording,
)
from securebase.pages.clinician import library_facts as facts
from securebase.pages.clinician.library import packs_found
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.science.definition import build_wording
from securebase.science.errors import BadInput, ContentError
from securebase.science.library import instruments
from securebase.science.packs import Pack
from securebase.science.wordings import (
    Declared,
    Pasted,
    scales_to_label,
    text_of,
    unfit,
    wording_from,
    wording_of_file,
)
from securebase.science.words import Instrument, Wording

ENTITLED = (
    "I declare that this practice may show these words to its patients, and that they are "
    "the authors' own, unchanged. Whoever gave leave is named as the source."
)
ACCEPTED = "I have read this licence, and this practice keeps to it."
LARGEST_FILE = 200_000
"""Bytes of a wording file; the longest instrument needs a tenth of it."""


class WordingForm(AskingForm):
    """The words as they are pasted, or a file that holds them, and where they are from."""

    language = forms.RegexField(
        r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$",
        initial="en",
        help_text="Its code: en, de, fr.",
        error_messages={"invalid": "Give a language code such as en or de."},
    )
    file = forms.FileField(
        required=False,
        label="From a file",
        help_text="A wording file in the form of the library (TOML). Or paste below.",
    )
    instruction = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What stands above the questions.",
    )
    questions = forms.CharField(
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="One question to a line, in the authors' order. Numbers may stand in front.",
    )
    labels = forms.CharField(
        required=False,
        label="Words of the answers",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One to a line, behind its number.",
    )
    kept = forms.CharField(
        required=False, max_length=LARGEST_FILE, widget=forms.HiddenInput, strip=False
    )
    source = forms.CharField(
        max_length=300,
        help_text="Where this copy is from, and who allowed its use.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    declared = forms.BooleanField(required=False, label=ENTITLED)

    data: QueryDict

    def wording(self, asked: Instrument) -> Wording:
        """Return the words given; ValidationError says what does not fit."""
        file = self.cleaned_data.get("file")
        if file is not None and file.size > LARGEST_FILE:
            raise ValidationError(f"The file has {file.size} bytes; at most {LARGEST_FILE}.")
        try:
            made = self._read(asked)
        except (BadInput, ContentError, json.JSONDecodeError) as refused:
            raise ValidationError(str(refused)) from None
        faults = unfit(asked, made)
        if faults:
            raise ValidationError(faults)
        if file is not None:
            self.data = self.data.copy()
            self.data["kept"] = json.dumps(text_of(made))
        return made

    def _read(self, asked: Instrument) -> Wording:
        """Return the words of the file, of one looked at before, or of the pasted lines."""
        said = self.cleaned_data
        if said.get("file") is not None:
            return wording_of_file(said["file"].read(), name=said["file"].name)
        if said["kept"] and not said["questions"].strip():
            return build_wording(json.loads(said["kept"]), where="the file looked at")
        fields = ("language", "instruction", "questions", "labels")
        return wording_from(asked, Pasted(*(said[name] for name in fields)))


@dataclass(frozen=True, slots=True)
class Desk:
    """One visit to the page of one instrument's wordings."""

    request: SignedInRequest
    asked: Instrument

    def packs(self) -> list[Pack]:
        """Return the packs that lie here for this instrument."""
        return packs_found().of(self.asked.slug)

    def back(self) -> HttpResponse:
        """Go to the page once more."""
        return redirect("desk_wording", slug=self.asked.slug)


@for_audience(Audience.CLINICIAN, impersonal="the words of an instrument")
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what is attached, and attach or withdraw words on the practice's own word."""
    asked = instruments().get(slug)
    if asked is None:
        raise Http404
    desk = Desk(request, asked)
    wish = request.POST.get("do", "")
    if wish == "withdraw":
        return _withdraw(desk)
    if wish == "switch on":
        return _switch_on(desk)
    form = WordingForm(
        request.POST or None, request.FILES or None, initial={"labels": _blanks(asked)}
    )
    given = form.made(lambda: form.wording(asked))
    if given is not None and wish == "attach" and form.took(lambda: _attach(form, given, desk)):
        messages.success(request, "Attached. From now on it can be planned.")
        return redirect("desk_instrument", slug=slug)
    return _show(desk, form, given)


def _attach(form: WordingForm, given: Wording, desk: Desk) -> None:
    """Attach the words if they were declared."""
    if not form.cleaned_data["declared"]:
        unticked = "Tick this to attach the words. Looking needs no tick."
        raise ValidationError({"declared": unticked})
    attach_wording(
        instrument_slug=desk.asked.slug,
        wording=given,
        declared=Declared(words=ENTITLED, source=form.cleaned_data["source"]),
        by=desk.request.user,
        at=timezone.now(),
    )


def _withdraw(desk: Desk) -> HttpResponse:
    for row in attached_now(desk.asked.slug):
        if str(row.pk) == desk.request.POST.get("which"):
            withdraw_wording(row=row, by=desk.request.user, at=timezone.now())
            messages.success(desk.request, "Withdrawn. It is shown to nobody from now on.")
    return desk.back()


def _switch_on(desk: Desk) -> HttpResponse:
    named = desk.request.POST.get("pack")
    pack = next((one for one in desk.packs() if one.name == named), None)
    if pack is None:
        raise Http404
    if desk.request.POST.get("accepted") != "yes":
        messages.warning(desk.request, "Not switched on: the licence was not accepted.")
        return desk.back()
    declared = Declared(words=f"{ACCEPTED} {pack.licence}", source=pack.source, pack=pack.name)
    for one in pack.wordings.values():
        attach_wording(
            instrument_slug=desk.asked.slug,
            wording=one,
            declared=declared,
            by=desk.request.user,
            at=timezone.now(),
        )
    messages.success(desk.request, f"{pack.title} is switched on.")
    return desk.back()


def _show(desk: Desk, form: WordingForm, given: Wording | None) -> HttpResponse:
    asked = desk.asked
    context: dict[str, Any] = {
        "asked": asked,
        "may_attach": can_attach(desk.request.user, asked),
        "attached": [(row, fits_today(row)) for row in attached_now(asked.slug)],
        "packs": desk.packs(),
        "accepted": ACCEPTED,
        "previews": [facts.preview_of(asked, given)] if given else [],
        "count": len(asked.items),
        "opened": True,
    }
    return form_page(desk.request, "clinician/library_wording.html", form, context)


def _blanks(asked: Instrument) -> str:
    """Return the answer numbers that need words, to be filled in behind them."""
    scales = scales_to_label(asked)
    lines: list[str] = []
    for name, item in scales.items():
        lines += [f"[{name}]"] if len(scales) > 1 else []
        every = item.codes or tuple(range(item.low, item.high + 1))
        shown = (item.low, item.high) if item.kind == "slider" else every
        lines += [f"{value} = " for value in shown]
    return "\n".join(lines)
