"""Finding what a page is about: only what this clinician may open, else the same 404."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by
from securebase.pages.shared.access import SignedInRequest


def find_patient(request: SignedInRequest, pk: UUID, *, at: datetime) -> Patient:
    """Return somebody in this clinician's care, or answer 404."""
    return get_object_or_404(patients_treated_by(request.user, at=at), pk=pk)
