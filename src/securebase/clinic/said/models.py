"""Words of the patient: drafts, what is brought, what is sent and answered, feelings.

A draft has a table of its own. What is brought or sent is a copy in another table, so no
query that a clinician's page could make reaches words that the patient has not given.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText

if TYPE_CHECKING:
    from collections.abc import Mapping


UNTOUCHED = 1
"""The version of a draft that nothing was written on yet."""


class About(models.TextChoices):
    """What the words are about."""

    NEED = "need", gettext_lazy("something I need")
    FEAR = "fear", gettext_lazy("something I fear")
    OTHER = "other", gettext_lazy("something else")


class Draft(models.Model):
    """Words that are nobody's but the patient's: not sent, not brought, or only in part.

    ``version`` grows by one with each save; a save names the version it saw, so that two
    devices cannot silently overwrite each other. ``kept_from`` is the opened page it was
    last kept from: that page may save again before it has heard of its own last save.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="said_drafts")
    about = models.CharField(max_length=8, choices=About)
    title = SealedText(owner="patient_id", category="message")
    words = SealedText(owner="patient_id", category="message")
    version = models.PositiveIntegerField(default=1)
    kept_from = models.UUIDField(null=True, blank=True)
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at"]

    def __str__(self) -> str:
        return f"draft kept {self.kept_at:%d %b %Y %H:%M}"


class Brought(models.Model):
    """What the patient brings to a session: a title, and the words only if they say so.

    It is a copy made at that moment. Going on with the draft changes nothing here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="brought")
    draft = models.OneToOneField(
        Draft, on_delete=models.CASCADE, related_name="brought", null=True
    )
    about = models.CharField(max_length=8, choices=About)
    title = SealedText(owner="patient_id", category="message")
    words = SealedText(owner="patient_id", category="message")
    whole = models.BooleanField()
    """Whether the words are part of it, or the title alone."""
    brought_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    """When it was talked about, as the clinician or the patient notes."""

    class Meta:
        ordering = ["-brought_at"]

    def __str__(self) -> str:
        return f"brought {self.brought_at:%d %b %Y}"


class Message(models.Model):
    """Words the patient sent, with the promises they were told before sending."""

    id = models.UUIDField(primary_key=True, editable=False)
    """The id of the draft: sending the same draft twice is sending it once."""
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="messages")
    about = models.CharField(max_length=8, choices=About)
    title = SealedText(owner="patient_id", category="message")
    words = SealedText(owner="patient_id", category="message")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """By when the patient was told that somebody reads it."""
    answer_due_at = models.DateTimeField(null=True, blank=True)
    """By when an answer was promised; None if the patient wants none."""
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                name="message_is_read_with_who_and_when",
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-sent_at"], name="message_by_patient")]

    def __str__(self) -> str:
        return f"message of {self.sent_at:%d %b %Y}"


class Answer(models.Model):
    """What a clinician wrote back; given once, so that the promise can be checked."""

    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, primary_key=True, related_name="answer"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    words = SealedText(owner="patient_id", category="message")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    """When the patient first saw it."""

    class Meta:
        ordering = ["-answered_at"]

    def __str__(self) -> str:
        return f"answer of {self.answered_at:%d %b %Y}"


class Feeling(models.Model):
    """A feeling named at one moment; the patient's alone unless they show it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="feelings")
    content = SealedText(owner="patient_id", category="message")
    """JSON: ``{"word", "strength", "places", "needs", "note", "pleasant", "energy"}``."""
    named_at = models.DateTimeField()
    shown = models.BooleanField(default=False)
    """Whether the clinician may see it."""

    class Meta:
        ordering = ["-named_at"]
        indexes = [models.Index(fields=["patient", "-named_at"], name="feeling_by_patient")]

    def __str__(self) -> str:
        return f"feeling of {self.named_at:%d %b %Y}"

    @property
    def told(self) -> Mapping[str, Any]:
        """What was named, opened."""
        found: Mapping[str, Any] = json.loads(self.content)
        return found


class CourseView(models.Model):
    """What a patient wants to see of their own course; without a row, nothing."""

    patient = models.OneToOneField(
        Patient, on_delete=models.PROTECT, primary_key=True, related_name="course_view"
    )
    shown = models.BooleanField()
    measures = models.JSONField(default=list)
    """Names of the measures chosen, in the order of the page."""
    numbers = models.BooleanField(default=False)
    """Whether scores are shown as numbers besides the words."""
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"view of the course chosen {self.chosen_at:%d %b %Y}"


class CourseNote(models.Model):
    """What a patient writes beside their course: a day, and what it was like."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="course_notes")
    day = models.DateField()
    words = SealedText(owner="patient_id", category="message")
    written_at = models.DateTimeField()
    shown = models.BooleanField(default=False)
    """Whether the clinician may see it."""

    class Meta:
        ordering = ["-day", "-written_at"]

    def __str__(self) -> str:
        return f"note on {self.day:%d %b %Y}"
