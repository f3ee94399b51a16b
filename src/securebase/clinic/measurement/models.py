"""Responses, the scores they give and the verdicts that follow, with their versions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText


class Response(models.Model):
    """All answers of one person to one instrument at one time; never edited.

    ``key`` is made by whoever sends the answers, so that sending twice keeps one.
    """

    class Source(models.TextChoices):
        CHECKIN = "checkin", "answered in a check-in"
        IMPORT = "import", "added from a file"
        PAPER = "paper", "entered from paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="responses")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    instrument = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=8, choices=Source)
    answered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answers = models.JSONField(default=dict)
    """Raw answers by item id; null is a question that was skipped."""
    texts = SealedText(owner="patient_id", category="message")
    """JSON of the free-text answers by item id."""
    safety = models.JSONField(default=list)
    """Ids of the safety items marked above their floor."""

    class Meta:
        ordering = ["answered_at"]
        indexes = [models.Index(fields=["patient", "answered_at"], name="response_by_patient")]

    def __str__(self) -> str:
        return f"{self.instrument} of {self.answered_at:%d %b %Y}"


class Score(models.Model):
    """One number of one response; ``measure`` is ``<instrument>.<scale>``.

    A past score that was added from a file without its answers has no response items
    but keeps who added it and when through its response.
    """

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="scores")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="scores")
    measure = models.CharField(max_length=80)
    at = models.DateTimeField()
    value = models.FloatField(null=True)
    state = models.CharField(max_length=10)
    answered = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_score_of_a_measure_in_a_response", fields=["response", "measure"]
            ),
        ]
        indexes = [models.Index(fields=["patient", "measure", "at"], name="score_by_measure")]

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class Verdict(models.Model):
    """A flag or verdict by rule; ``value`` null means the answers do not decide it."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="verdicts")
    key = models.CharField(max_length=40)
    value = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_verdict_of_a_key_in_a_response", fields=["response", "key"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
