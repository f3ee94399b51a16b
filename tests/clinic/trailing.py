"""Reading the trail in tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from securebase.people.audit.models import AuditEvent


@contextmanager
def added_rows() -> Iterator[list[AuditEvent]]:
    """Yield a list that holds, afterwards, the rows added to the trail meanwhile."""
    last = AuditEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    rows: list[AuditEvent] = []
    yield rows
    rows.extend(AuditEvent.objects.filter(number__gt=last).order_by("number"))
