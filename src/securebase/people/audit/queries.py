"""What others may ask the trail's tables for."""

from __future__ import annotations

from securebase.people.audit.models import Anchor


def newest_anchors(most: int) -> list[Anchor]:
    """Return the newest anchors, the last day first; they say nothing about anybody."""
    return list(Anchor.objects.order_by("-number")[:most])
