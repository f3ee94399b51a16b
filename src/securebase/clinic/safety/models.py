"""The patient's own plan for hard times: every version is kept, the newest one holds."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText

if TYPE_CHECKING:
    from collections.abc import Mapping


class SafetyPlan(models.Model):
    """One version of a plan, whole. A change is a new version; none is ever rewritten."""

    class How(models.TextChoices):
        ALONE = "alone", "by the patient"
        TOGETHER = "together", "together"
        LOOKED_OVER = "looked_over", "looked over, nothing changed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_plans")
    number = models.PositiveIntegerField()
    content = SealedText(owner="patient_id", category="plan")
    """JSON: for each part of ``content/safety_plan.toml`` its lines."""
    how = models.CharField(max_length=12, choices=How)
    review_on = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="one_safety_plan_of_a_number", fields=["patient", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"safety plan, version {self.number}"

    @property
    def lines(self) -> Mapping[str, list[str]]:
        """The lines of each part, opened."""
        found: Mapping[str, list[str]] = json.loads(self.content)
        return found
