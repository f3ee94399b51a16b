"""The practice's clock: what staff and partners read is told in its zone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils import timezone

from securebase.stories.open_today import zone_of_practice

V = TypeVar("V", bound=Callable[..., HttpResponse])


def in_practice_time(view: V) -> V:
    """Show every time of a page on the practice's clock."""

    @wraps(view)
    def told(*args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(zone_of_practice()):
            return view(*args, **kwargs)

    return told  # type: ignore[return-value]
