"""The rhythm agreed with a patient, each check-in, and the draft kept while answering."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText


class Rhythm(models.Model):
    """When check-ins come and what they ask: agreed, local to the patient, changeable.

    Times are wall time in the patient's own zone, so that 19:00 stays 19:00 when the
    clocks change. A changed agreement is a new rhythm; the old one ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="rhythms")
    weekdays = models.JSONField()
    """Days of the week, Monday 0 to Sunday 6."""
    at_time = models.TimeField()
    time_zone = models.CharField(max_length=64)
    open_hours = models.PositiveSmallIntegerField(default=48)
    """How long a check-in stays open after its time."""
    every_weeks = models.PositiveSmallIntegerField(default=1)
    instruments = models.JSONField()
    """What is asked: a list of ``terms.Asked``, every n-th check-in."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField()

    class Meta:
        ordering = ["-planned_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_rhythm_at_a_time",
                fields=["patient"],
                condition=Q(ends_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"rhythm from {self.starts_on:%d %b %Y}"


class CheckIn(models.Model):
    """A short agreed moment when the patient answers."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        SUBMITTED = "submitted", "sent"
        MISSED = "missed", "not answered"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="checkins")
    rhythm = models.ForeignKey(
        Rhythm, on_delete=models.PROTECT, null=True, related_name="checkins"
    )
    instruments = models.JSONField()
    """What is asked, in order: ``phq-9``, or ``ecr-rs@k1`` about one person."""
    orders = models.JSONField(default=dict, blank=True)
    """Item ids in the order drawn for this check-in, by entry, where it is drawn."""
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True)
    """The key the sender made; sending the same one again changes nothing."""
    read_at = models.DateTimeField(null=True, blank=True)
    """When somebody who treats the patient first opened it; null while nobody has."""

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_checkin_of_a_rhythm_at_a_time", fields=["rhythm", "due_at"]
            ),
            models.CheckConstraint(
                name="checkin_is_submitted_with_time_and_key",
                condition=Q(
                    state="submitted", submitted_at__isnull=False, submission__isnull=False
                )
                | (~Q(state="submitted") & Q(submitted_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="checkin_is_read_after_it_is_sent",
                condition=Q(read_at__isnull=True) | Q(read_at__gte=F("submitted_at")),
            ),
            models.CheckConstraint(
                name="checkin_closes_after_it_is_due", condition=Q(closes_at__gt=F("due_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-due_at"], name="checkin_by_patient"),
            models.Index(fields=["state", "closes_at"], name="checkin_by_state"),
            models.Index(
                fields=["patient", "submitted_at"],
                name="checkin_not_read",
                condition=Q(state="submitted", read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"check-in of {self.due_at:%d %b %Y}"


class Draft(models.Model):
    """What has been answered so far; kept as the patient goes, gone once sent.

    ``version`` grows by one with each save, so that two devices cannot silently
    overwrite each other's answers: each save names the item it changes.
    """

    checkin = models.OneToOneField(
        CheckIn, on_delete=models.CASCADE, primary_key=True, related_name="draft"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    content = SealedText(owner="patient_id", category="message")
    """JSON: ``{"answers": {"phq-9.1": 2, ...}, "texts": {...}, "place": 4}``."""
    version = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at"]

    def __str__(self) -> str:
        return f"draft kept {self.kept_at:%d %b %Y %H:%M}"
