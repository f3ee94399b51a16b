"""Plans for a break or an ending, in their versions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.bridge.words import BREAK, ENDING, Parts
from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText
from securebase.people.vault.parts import unpacked


class BridgePlan(models.Model):
    """One version of one plan; it is never changed, the next version takes its place.

    Versions of one plan share ``plan``. A plan that was called off keeps its versions;
    the newest says so.
    """

    class Kind(models.TextChoices):
        A_BREAK = BREAK, "a break"
        AN_ENDING = ENDING, "an ending"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="bridge_plans")
    plan = models.UUIDField(default=uuid.uuid4)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    contact_on = models.DateField(null=True, blank=True)
    words = SealedText(owner="patient_id", category="plan")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_day", "plan", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="one_bridge_plan_of_each_number", fields=["plan", "number"]
            ),
            models.CheckConstraint(
                name="a_break_has_a_last_day",
                condition=Q(kind=ENDING) | Q(last_day__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"bridge plan from {self.first_day:%d %b %Y}, version {self.number}"

    @property
    def parts(self) -> Parts:
        """What was written."""
        return unpacked(self.words, Parts, notice="expect")

    @property
    def is_ending(self) -> bool:
        """Whether the work together ends then."""
        return self.kind == ENDING
