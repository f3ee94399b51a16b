"""The repair log: what was said and done about a strain, step by step, kept for good."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from securebase.people.vault.fields import SealedText

MOST_RESOLVED = 5


class RepairEntry(models.Model):
    """One line of the log of a strain, and the session it belongs to if there is one.

    Lines are only added, so what two people write stands side by side and nothing is
    lost. The steps are those of a repair: what was noticed, what was wished for, what
    was done, and how far it is resolved, 1 to 5.
    """

    class Step(models.TextChoices):
        MARKER = "marker", "what was noticed"
        WISH = "wish", "what was wished for"
        ACTION = "action", "what was done"
        RESOLVED = "resolved", "how far it is resolved"
        CLOSED = "closed", "why it was closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rupture = models.ForeignKey(
        "therapy.Rupture", on_delete=models.PROTECT, related_name="entries"
    )
    session = models.ForeignKey(
        "therapy.TherapySession",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repair_entries",
    )
    step = models.CharField(max_length=8, choices=Step)
    words = SealedText(owner="rupture.patient_id", category="progress")
    resolved = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="only_how_far_it_is_resolved_is_rated_1_to_5",
                condition=Q(step="resolved", resolved__gte=1, resolved__lte=MOST_RESOLVED)
                | (~Q(step="resolved") & Q(resolved__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.at:%d %b %Y}"
