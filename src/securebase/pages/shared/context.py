"""What every page knows: the practice's name and whether this is the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from securebase.clinic.care.models import Practice
from securebase.clinic.care.queries import the_practice
from securebase.pages.shared.discreet import discreet_of
from securebase.pages.shared.language.choosing import choices, page_language
from securebase.people.accounts.figures import hand_over_lock, lock_of
from securebase.people.accounts.models import User


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the shells show; the practice is looked up only if a page asks."""
    practice = SimpleLazyObject(lambda: _practice(request))
    return {
        "practice": practice,
        "practice_name": SimpleLazyObject(lambda: practice.name if practice else ""),
        "is_demo": settings.SECUREBASE_DEMO,
        "discreet": SimpleLazyObject(lambda: discreet_of(request)),
        "page_language": page_language(),
        "languages": SimpleLazyObject(lambda: choices(request)),
        "idle_seconds": SimpleLazyObject(lambda: _idle_seconds(request)),
    }


def _practice(request: HttpRequest) -> Practice | None:
    is_without = getattr(request, "is_without_database", False)
    return None if is_without else the_practice()


def _idle_seconds(request: HttpRequest) -> int:
    """Return after how many seconds without its person this page locks, or closes."""
    if getattr(request, "is_handed_over", False):
        return int(hand_over_lock().idle.total_seconds())
    is_staff = isinstance(request.user, User) and request.user.needs_second_factor
    lock = lock_of(is_staff=is_staff, is_shared=discreet_of(request).shared)
    return int(lock.idle.total_seconds())
