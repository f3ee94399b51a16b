"""The formulation in its versions, and goals with the ratings of each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from securebase.clinic.care.models import Patient
from securebase.clinic.formulation.words import Parts
from securebase.people.vault.fields import SealedText
from securebase.people.vault.parts import unpacked

MOST_PROGRESS = 10


class Formulation(models.Model):
    """One version of what is understood together; its words are never changed.

    It is shared while both have agreed to it: ``offered_at`` is the clinician's yes,
    ``taken_at`` the patient's. Either can be taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="formulations")
    number = models.PositiveIntegerField()
    words = SealedText(owner="patient_id", category="plan")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="one_formulation_of_each_number", fields=["patient", "number"]
            ),
            models.CheckConstraint(
                name="formulations_are_numbered_from_one", condition=Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"formulation {self.number} of {self.written_at:%d %b %Y}"

    @property
    def parts(self) -> Parts:
        """What was written."""
        return unpacked(self.words, Parts, notice="need")

    @property
    def is_shared(self) -> bool:
        """Whether both have agreed to it."""
        return self.offered_at is not None and self.taken_at is not None


class Goal(models.Model):
    """What the patient wants, in the patient's words; its progress is rated 0 to 10."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        REACHED = "reached", gettext_lazy("reached")
        SET_ASIDE = "set_aside", gettext_lazy("set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="goals")
    words = SealedText(owner="patient_id", category="plan")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_goal_is_open_or_closed_at_a_moment",
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__gte=F("set_at"))),
            ),
        ]

    def __str__(self) -> str:
        return f"goal of {self.set_at:%d %b %Y}, {self.get_state_display()}"


class Progress(models.Model):
    """How far a goal is, 0 to 10, as it was rated at one moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    value = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="progress_is_rated_0_to_10", condition=Q(value__lte=MOST_PROGRESS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} of {MOST_PROGRESS} on {self.at:%d %b %Y}"
