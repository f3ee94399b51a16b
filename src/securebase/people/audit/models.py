"""The trail: one row for each read, write and refusal, each chained to the one before."""

from __future__ import annotations

import uuid

from django.db import models


class AuditEvent(models.Model):
    """Who saw or did what, when, to whose record. Holds no clinical text.

    ``link`` is HMAC-SHA256 over the previous link and this row, so that an edit, a
    deletion, an insertion or a reordering shows.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "done"
        REFUSED = "refused", "refused"

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, db_index=True)
    role = models.CharField(max_length=12, blank=True)
    verb = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.DONE)
    patient = models.UUIDField(null=True, db_index=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    request = models.UUIDField(default=uuid.uuid4)
    link = models.BinaryField()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["patient", "-at"], name="audit_by_patient")]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.outcome}"
