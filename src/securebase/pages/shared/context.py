"""What every page knows: the practice's name and whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from securebase.clinic.care.queries import the_practice


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the shells show; the practice is looked up only if a page asks."""
    practice = SimpleLazyObject(the_practice)
    return {
        "practice": practice,
        "practice_name": SimpleLazyObject(lambda: practice.name if practice else ""),
        "is_demo": settings.SECUREBASE_DEMO,
    }
