"""What belongs to the hour: what the clinician brings to it, and the skills taught."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText

MOST = 10


class AgendaItem(models.Model):
    """Something a clinician brings to the next session; the patient's have their own room.

    It belongs to the person, not to one date: what was not reached stays for next time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="agenda")
    text = SealedText(owner="patient_id", category="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at", "pk"]
        indexes = [
            models.Index(fields=["patient", "done_at"], name="agenda_by_patient"),
        ]

    def __str__(self) -> str:
        return f"agenda item of {self.added_at:%d %b %Y}"


class SkillTaught(models.Model):
    """A skill practised in a session, with the patient's distress before and after it.

    Both ratings are the patient's own, 0 to 10; null is not asked.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="skills")
    session = models.ForeignKey(
        "therapy.TherapySession", on_delete=models.PROTECT, related_name="skills"
    )
    exercise = models.CharField(max_length=60)
    before = models.PositiveSmallIntegerField(null=True, blank=True)
    after = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="skill_distress_before_within_its_scale",
                condition=Q(before__isnull=True) | Q(before__lte=MOST),
            ),
            models.CheckConstraint(
                name="skill_distress_after_within_its_scale",
                condition=Q(after__isnull=True) | Q(after__lte=MOST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise}, {self.at:%d %b %Y}"
