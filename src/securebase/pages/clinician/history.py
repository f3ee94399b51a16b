"""Adding past scores from a file: choose, look, confirm. Nothing is kept before that."""

from __future__ import annotations

import base64
import zlib
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Response
from securebase.clinic.measurement.policies import check_can_record
from securebase.pages.clinician.finding import find_patient
from securebase.pages.clinician.forms import HistoryForm
from securebase.pages.clinician.wording import name_of
from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.asking import form_page
from securebase.pages.shared.practice_time import in_practice_time
from securebase.people.access.words import Action, Category
from securebase.science.errors import ScienceError
from securebase.science.library import instruments
from securebase.stories.import_history import (
    MOST_BYTES,
    Preview,
    import_history,
    preview_history,
)

LOOK_FOR = 60 * 60
"""Seconds for which a looked-at file may be confirmed."""
STEPS = ("Choose a file", "Look at it", "Done")


@for_audience(Audience.CLINICIAN, Category.MEASURE, Action.WRITE, of="care.Patient")
@require_http_methods(["GET", "HEAD", "POST"])
@in_practice_time
def upload(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the form, then what a file would add, then keep it once confirmed."""
    at = timezone.now()
    patient = find_patient(request, pk, at=at)
    check_can_record(request.user, patient, Response.Source.IMPORT, at=at)
    if "looked_at" in request.POST:
        return _keep(request, patient)
    form = HistoryForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _show(request, patient, form)
    raw = form.cleaned_data["file"].read(MOST_BYTES + 1)
    preview = preview_history(raw=raw, patient=patient, by=request.user, at=timezone.now())
    return _show(request, patient, HistoryForm(), preview=preview, raw=raw)


def _keep(request: SignedInRequest, patient: Patient) -> HttpResponse:
    at = timezone.now()
    try:
        raw = _opened(request.POST["looked_at"], patient)
        preview = preview_history(raw=raw, patient=patient, by=request.user, at=at)
        new = import_history(patient=patient, preview=preview, by=request.user, at=at)
    except signing.BadSignature:
        messages.warning(request, "Nothing was kept: look at the file once more, please.")
        return redirect("desk_history", pk=patient.pk)
    except ScienceError as refused:
        messages.warning(request, f"Nothing was kept. {refused}")
        return redirect("desk_history", pk=patient.pk)
    plural = "" if new == 1 else "s"
    messages.success(request, f"{new} past score{plural} added.")
    return redirect("desk_person", pk=patient.pk)


def _show(
    request: SignedInRequest,
    patient: Patient,
    form: HistoryForm,
    *,
    preview: Preview | None = None,
    raw: bytes = b"",
) -> HttpResponse:
    fine = preview is not None and not preview.problems
    context = {
        "patient": patient,
        "preview": preview,
        "courses": [(name_of(c.measure), c) for c in preview.courses] if preview else [],
        "sealed": _sealed(raw, patient) if fine else "",
        "steps": STEPS,
        "step": 2 if preview else 1,
        "measures": known_measures(),
    }
    status = 422 if preview and preview.problems else None
    return form_page(request, "clinician/history.html", form, context, status=status)


def known_measures() -> list[tuple[str, str]]:
    """Return the measures a file may name, with their plain names."""
    return [
        (f"{asked.slug}.{scale.slug}", f"{asked.name}, {scale.low:g} to {scale.high:g}")
        for asked in instruments().values()
        for scale in asked.scales
    ]


def _sealed(raw: bytes, patient: Patient) -> str:
    """Return the file signed for this patient, so that what is kept is what was looked at."""
    packed = base64.b64encode(zlib.compress(raw)).decode()
    return signing.TimestampSigner(salt=str(patient.pk)).sign(packed)


def _opened(sealed: str, patient: Patient) -> bytes:
    packed = signing.TimestampSigner(salt=str(patient.pk)).unsign(sealed, max_age=LOOK_FOR)
    return zlib.decompress(base64.b64decode(packed))
