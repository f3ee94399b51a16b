"""Sessions, and strains in the working relationship from first notice to repair."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.care.models import Patient
from securebase.clinic.therapy.hour import (  # noqa: F401 -- Django looks for models here
    AgendaItem,
    SkillTaught,
)
from securebase.clinic.therapy.repairs import RepairEntry  # noqa: F401 -- so Django finds it
from securebase.people.vault.fields import SealedText

MOST_TENSION, MOST_DISTRESS = 4, 10


class TherapySession(models.Model):
    """One meeting of one clinician and one patient.

    ``tension``, ``distress`` and ``processed`` are the clinician's minute after it: how
    much tension was noticed, the patient's distress at the end, and whether a memory was
    worked on. Null is not said.
    """

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
    tension = models.PositiveSmallIntegerField(null=True, blank=True)
    distress = models.PositiveSmallIntegerField(null=True, blank=True)
    processed = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="session_rated_only_if_held",
                condition=Q(state="held")
                | Q(tension__isnull=True, distress__isnull=True, processed=False),
            ),
            models.CheckConstraint(
                name="session_tension_within_its_scale",
                condition=Q(tension__isnull=True) | Q(tension__lte=MOST_TENSION),
            ),
            models.CheckConstraint(
                name="session_distress_within_its_scale",
                condition=Q(distress__isnull=True) | Q(distress__lte=MOST_DISTRESS),
            ),
        ]
        indexes = [
            models.Index(fields=["clinician", "starts_at"], name="session_by_clinician"),
            models.Index(fields=["patient", "starts_at"], name="session_by_patient"),
        ]

    def __str__(self) -> str:
        return f"session of {self.starts_at:%d %b %Y}"

    @property
    def ended_at(self) -> datetime:
        """When the session was over, by its plan."""
        return self.starts_at + timedelta(minutes=self.minutes)


class AgreedInterval(models.Model):
    """How many days lie between sessions, as agreed; a new agreement is a new row."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intervals")
    days = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-agreed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="agreed_interval_is_some_days", condition=Q(days__gte=1, days__lte=365)
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.days} days from {self.agreed_at:%d %b %Y}"


class Rupture(models.Model):
    """A strain in the working relationship, from first notice to repair.

    A rupture is never edited away: it is repaired, or it stays open. Withdrawal and
    confrontation are kept apart because they ask for different repairs.
    """

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal", "moving away"
        CONFRONTATION = "confrontation", "moving against"
        UNCLEAR = "unclear", "not clear yet"

    class Source(models.TextChoices):
        CLINICIAN = "clinician", "noticed by the clinician"
        PATIENT = "patient", "raised by the patient"
        RATING = "rating", "noticed by a rating"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="ruptures")
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=10, choices=Source, default=Source.CLINICIAN)
    marker = models.CharField(max_length=32, blank=True)
    """A key of ``content/strains.toml``; empty if none was chosen."""
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
    spoken_at = models.DateTimeField(null=True, blank=True)
    """When it was first spoken of together; from then on the patient sees it too."""

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
