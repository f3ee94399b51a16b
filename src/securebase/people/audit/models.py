"""The trail, the heads it was anchored at, and what a patient did not recognise in it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from securebase.people.vault.fields import SealedText


class AuditEvent(models.Model):
    """Who saw or did what, when, to whose record. Holds no clinical text.

    ``link`` is HMAC-SHA256 over the previous link and this row, so that an edit, a
    deletion, an insertion or a reordering shows. The database refuses to change or
    remove a row (see ``guard``).
    """

    class Outcome(models.TextChoices):
        DONE = "done", "done"
        REFUSED = "refused", "refused"

    class Purpose(models.TextChoices):
        CARE = "care", "care"
        OWN = "own", "the person's own"
        RUNNING = "running", "keeping the practice running"
        EMERGENCY = "emergency", "danger to life"

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, db_index=True)
    on_behalf_of = models.UUIDField(null=True)
    role = models.CharField(max_length=12, blank=True)
    """The role that was used, of those the actor holds."""
    verb = models.CharField(max_length=64)
    category = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.DONE)
    patient = models.UUIDField(null=True, db_index=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    request = models.UUIDField(default=uuid.uuid4)
    key_id = models.CharField(max_length=16, blank=True)
    format = models.PositiveSmallIntegerField(default=1)
    link = models.BinaryField()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["patient", "-at"], name="audit_by_patient")]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.outcome}"


class Anchor(models.Model):
    """The head of the trail on one day, also kept where a change of it would show."""

    day = models.DateField(unique=True)
    number = models.BigIntegerField()
    """The last row that the head covers."""
    head = models.CharField(max_length=64)
    count = models.BigIntegerField()
    """How many rows there were up to it."""
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}:{self.head[:16]}"


class Concern(models.Model):
    """A line of the trail that a patient did not recognise, until the practice answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.UUIDField()
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="concern")
    raised_by = models.UUIDField()
    raised_at = models.DateTimeField()
    words = SealedText(owner="patient", category="message")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    answer = SealedText(owner="patient", category="message")
    read_at = models.DateTimeField(null=True, blank=True)
    """When the patient first saw the answer."""

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["patient", "-raised_at"], name="concern_by_patient")]
        constraints = [
            models.CheckConstraint(
                name="an_answer_has_a_moment_and_a_person",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="an_answer_comes_before_it_is_read",
                condition=Q(read_at=None)
                | Q(answered_at__isnull=False, read_at__gte=F("answered_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"concern of {self.raised_at:%d %b %Y}"
