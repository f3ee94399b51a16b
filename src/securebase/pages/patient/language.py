"""My language: the one that my pages and mails speak, on every device."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.language import choose_language
from securebase.pages.patient.moments import own_record, show
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import AskingForm
from securebase.pages.shared.language.choosing import follow_record
from securebase.pages.shared.shapes import Link
from securebase.people.post.languages import speaking, spoken_here


class LanguageForm(AskingForm):
    """Which language the pages and mails of a person speak."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=lambda: list(spoken_here().items()),
        widget=forms.RadioSelect,
    )


@for_audience(Audience.PATIENT, impersonal="the language of one's own pages")
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: SignedInRequest) -> HttpResponse:
    """Show which language the record names, and keep the one that is chosen."""
    at = timezone.now()
    patient = own_record(request.user, at=at)
    given = request.POST if request.method == "POST" else None
    form = LanguageForm(given, initial={"language": patient.language})
    if request.method == "POST" and form.took(
        lambda: choose_language(patient=patient, by=request.user, at=at, **form.cleaned_data)
    ):
        with speaking(form.cleaned_data["language"]):
            messages.success(request, gettext("Kept."))
        return follow_record(request, request.user, redirect("me_language"))
    here = (translation.get_language() or "").partition("-")[0]
    context = {
        "only_here": here != patient.language,
        "home": Link("Home", reverse("me_home")),
    }
    return show(request, "patient/language.html", context, patient=patient, form=form)
