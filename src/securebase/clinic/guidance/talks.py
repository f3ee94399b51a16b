"""What goes into supervision and comes out of it: marks for its agenda, and its notes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText


class AgendaMark(models.Model):
    """That a clinician wishes to bring the work with somebody to supervision, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    question = SealedText(owner="patient_id", category="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_mark_of_a_clinician_for_a_patient",
                fields=["patient", "by"],
                condition=Q(taken_up_at__isnull=True),
            ),
            models.CheckConstraint(
                name="mark_is_taken_up_after_it_was_made",
                condition=Q(taken_up_at__isnull=True) | Q(taken_up_at__gte=F("at")),
            ),
        ]

    def __str__(self) -> str:
        return f"for supervision, {self.at:%d %b %Y}"


class SupervisionNote(models.Model):
    """What came of talking about the work with somebody; for the two who talked.

    ``supervisee`` is the clinician whose work it is; either of the two may write.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    supervisee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    words = SealedText(owner="patient_id", category="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="one_of_the_two_writes_a_supervision_note",
                condition=Q(by=F("supervisor")) | Q(by=F("supervisee")),
            ),
        ]

    def __str__(self) -> str:
        return f"supervision of {self.at:%d %b %Y}"
