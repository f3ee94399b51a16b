"""Sessions, and strains in the working relationship from first notice to repair."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText


class TherapySession(models.Model):
    """One meeting of one clinician and one patient."""

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        HELD = "held", "held"
        MISSED = "missed", "missed"
        CANCELLED = "cancelled", "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions"
    )
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=50)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)

    class Meta:
        ordering = ["starts_at"]
        indexes = [
            models.Index(fields=["clinician", "starts_at"], name="session_by_clinician"),
            models.Index(fields=["patient", "starts_at"], name="session_by_patient"),
        ]

    def __str__(self) -> str:
        return f"session of {self.starts_at:%d %b %Y}"


class Rupture(models.Model):
    """A strain in the working relationship, from first notice to repair.

    A rupture is never edited away: it is repaired, or it stays open. Withdrawal and
    confrontation are kept apart because they ask for different repairs.
    """

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal", "moving away"
        CONFRONTATION = "confrontation", "moving against"
        UNCLEAR = "unclear", "not clear yet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="ruptures")
    kind = models.CharField(max_length=16, choices=Kind)
    note = SealedText(owner="patient_id", category="process")
    noticed_at = models.DateTimeField()
    noticed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    repaired_at = models.DateTimeField(null=True, blank=True)
    repaired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["-noticed_at"]
        constraints = [
            models.CheckConstraint(
                name="rupture_repair_has_both_who_and_when",
                condition=Q(repaired_at__isnull=True, repaired_by__isnull=True)
                | Q(repaired_at__isnull=False, repaired_by__isnull=False),
            ),
            models.CheckConstraint(
                name="rupture_repaired_after_noticed",
                condition=Q(repaired_at__isnull=True) | Q(repaired_at__gte=F("noticed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.noticed_at:%d %b %Y}"

    @property
    def is_open(self) -> bool:
        """Whether the strain still waits to be talked through."""
        return self.repaired_at is None
