"""Finding what a page is about: only what this clinician may open, else the same 404."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from securebase.clinic.care.models import Patient
from securebase.clinic.care.queries import patients_treated_by
from securebase.pages.shared.access import SignedInRequest
from securebase.stories.open_today import zone_of_practice

V = TypeVar("V", bound=Callable[..., HttpResponse])


def in_practice_time(view: V) -> V:
    """Show every time of a page on the practice's clock."""

    @wraps(view)
    def told(*args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(zone_of_practice()):
            return view(*args, **kwargs)

    return told  # type: ignore[return-value]


def find_patient(request: SignedInRequest, pk: UUID, *, at: datetime) -> Patient:
    """Return somebody in this clinician's care, or answer 404."""
    return get_object_or_404(patients_treated_by(request.user, at=at), pk=pk)
