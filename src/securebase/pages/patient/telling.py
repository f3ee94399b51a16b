"""What a page is told while somebody writes: a few words, in their language."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext, gettext_noop

from securebase.clinic.care.models import Patient

NOT_KEPT = gettext_noop("Not kept.")


def tell(words: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    """Answer the script of a page with words that it shows as they are."""
    return HttpResponse(gettext(words), content_type="text/plain; charset=utf-8", status=status)


def tell_kept(patient: Patient, *, at: datetime) -> HttpResponse:
    """Say that it is kept, and when that was for the person who writes."""
    local = at.astimezone(ZoneInfo(patient.time_zone))
    return tell(gettext("Kept %(time)s") % {"time": f"{local:%H:%M}"})


def tell_unfit(form: forms.Form) -> HttpResponse:
    """Say what is wrong with what was written; a field that nobody sees is not named."""
    found = [str(one) for field in form.visible_fields() for one in field.errors]
    told = " ".join(gettext(one) for one in found or [NOT_KEPT])
    return tell(told, status=HTTPStatus.UNPROCESSABLE_ENTITY)
