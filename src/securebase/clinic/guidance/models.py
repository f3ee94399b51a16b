"""Suggestions, decisions on them, how ready somebody looks, and what a clinician wishes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from securebase.clinic.care.models import Patient
from securebase.clinic.episodes.models import Signal
from securebase.clinic.guidance.talks import AgendaMark, SupervisionNote  # noqa: F401 -- found here
from securebase.people.vault.fields import SealedText


class Suggestion(models.Model):
    """A strategy offered for a signal, with its because, as it was worded that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="suggestions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="suggestions")
    strategy = models.CharField(max_length=64)
    strategy_version = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField()
    because = models.TextField()
    not_measured = models.JSONField(default=list)
    alternatives = models.JSONField(default=list)
    offered_at = models.DateTimeField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                name="a_strategy_is_offered_once_for_a_signal", fields=["signal", "strategy"]
            ),
        ]

    def __str__(self) -> str:
        return self.strategy


class Decision(models.Model):
    """What the clinician decided: accept, later or no, with a reason; kept for good."""

    class Choice(models.TextChoices):
        ACCEPT = "accept", "accepted"
        LATER = "later", "later"
        NO = "no", "no"

    class Reason(models.TextChoices):
        """The six reasons for no; they show how often the guidance misses, and why."""

        KNOWN = "known", "I already know why"
        DOING = "doing", "already doing this"
        NOT_FIT = "not_fit", "does not fit this person"
        NOT_NOW = "not_now", "not the right time"
        DOUBT = "doubt", "I doubt the signal"
        OTHER = "other", "another reason"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.PROTECT, related_name="decisions"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=6, choices=Choice)
    reason_code = models.CharField(max_length=8, choices=Reason, blank=True)
    reason = SealedText(owner="patient_id", category="progress")
    return_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="a_no_comes_with_a_reason", condition=~Q(choice="no") | ~Q(reason_code="")
            ),
            models.CheckConstraint(
                name="a_later_comes_back",
                condition=~Q(choice="later") | Q(return_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_choice_display()} {self.at:%d %b %Y}"


class ReadinessView(models.Model):
    """How a clinician saw one domain of readiness on one day; a later view is added."""

    class View(models.TextChoices):
        SETTLED = "settled", "settled"
        DISCUSS = "discuss", "pause and discuss"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=24)
    """A key of ``content/readiness.toml``."""
    view = models.CharField(max_length=8, choices=View)
    note = SealedText(owner="patient_id", category="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["patient", "-at"], name="readiness_by_patient")]

    def __str__(self) -> str:
        return f"{self.domain}: {self.get_view_display()}, {self.at:%d %b %Y}"


class Proceeding(models.Model):
    """That trauma processing begins, and why, beside how each domain stood that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reason = SealedText(owner="patient_id", category="progress")
    standing = models.JSONField(default=dict)
    """State by key of each domain, as the panel showed it."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"processing from {self.at:%d %b %Y}"


class Wishes(models.Model):
    """What a clinician wishes of the guidance; without a row, what the defaults say."""

    clinician = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wishes"
    )
    patterns = models.BooleanField(default=True)
    """Whether cards say that they may suit an attachment pattern."""
    digest = models.BooleanField(default=False)
    """Whether a mail says each morning that something waits."""

    def __str__(self) -> str:
        return f"wishes of {self.clinician_id}"
