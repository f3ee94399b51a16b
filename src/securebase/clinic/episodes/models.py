"""A span of care, its trajectories point by point, and the signals it raised."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from securebase.clinic.care.models import Patient
from securebase.clinic.measurement.models import Score
from securebase.people.vault.fields import SealedText


class Episode(models.Model):
    """A span of care from welcome to farewell."""

    class Phase(models.TextChoices):
        STABILIZE = "stabilize", gettext_noop("building safety")
        PROCESS = "process", gettext_noop("working through")
        INTEGRATE = "integrate", gettext_noop("bringing together")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="episodes")
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.STABILIZE)
    planned_sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_episode_of_a_patient",
                fields=["patient"],
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="episode_closes_after_it_opens",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"episode from {self.opened_at:%d %b %Y}"


class PhaseChange(models.Model):
    """When the work moved to another phase: the marks on the chart."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="phase_changes")
    phase = models.CharField(max_length=10, choices=Episode.Phase)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} from {self.at:%d %b %Y}"


class TrajectoryPoint(models.Model):
    """What the model made of one score when it arrived; written once, with its version.

    Means and deviations in raw points of the measure, ``innovation`` in standard
    deviations, probabilities of the planned end.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="points")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    score = models.OneToOneField(Score, on_delete=models.PROTECT, related_name="point")
    measure = models.CharField(max_length=80)
    at = models.DateTimeField()
    value = models.FloatField(null=True)
    filtered_mean = models.FloatField()
    filtered_sd = models.FloatField()
    predicted_mean = models.FloatField()
    predicted_sd = models.FloatField()
    innovation = models.FloatField(null=True)
    band_low = models.FloatField()
    band_high = models.FloatField()
    p_improve = models.FloatField(null=True)
    p_deteriorate = models.FloatField(null=True)
    curve = models.FloatField(null=True)
    """What is expected of anybody; with ``past`` and ``last`` it adds up to the estimate."""
    past = models.FloatField(null=True)
    last = models.FloatField(null=True)
    weight = models.FloatField(null=True)
    clipped = models.BooleanField(default=False)
    intake = models.JSONField(default=dict, blank=True)
    """Covariates known at intake, standardised, by name; they moved the curve."""
    parameters_version = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["patient", "measure", "at"], name="point_by_measure")]

    def __str__(self) -> str:
        return f"{self.measure} at {self.at:%d %b %Y}"


class Signal(models.Model):
    """A reason to look. What it says is never changed; what is done about it is added.

    The words of ``securebase.science.words.Signal``, kept: ``because`` is a list of
    ``{"label", "value", "at"}``, ``data`` what the one-line wording needs.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        SEEN = "seen", "seen"
        LATER = "later", "later"
        CLOSED = "closed", "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="signals")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=8)
    rule = models.CharField(max_length=24)
    tier = models.CharField(max_length=4)
    measure = models.CharField(max_length=80, blank=True)
    raised_at = models.DateTimeField()
    statistic = models.FloatField(null=True)
    threshold = models.FloatField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    because = models.JSONField(default=list)
    not_assessed = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=32, blank=True)
    parameters_version = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    later_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at"]
        indexes = [
            models.Index(fields=["state", "-raised_at"], name="signal_by_state"),
            models.Index(fields=["patient", "-raised_at"], name="signal_by_patient"),
        ]
        constraints = [
            models.CheckConstraint(
                name="signal_put_off_has_a_day_to_return",
                condition=~Q(state="later") | Q(later_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.state}"


class SignalAct(models.Model):
    """What a clinician did about a signal: seen, later, disagreed, closed, reopened."""

    class Act(models.TextChoices):
        SEEN = "seen", "acknowledged"
        LATER = "later", "put off"
        DISAGREED = "disagreed", "disagreed"
        CLOSED = "closed", "closed"
        REOPENED = "reopened", "opened again"

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=10, choices=Act)
    reason_code = models.CharField(max_length=24, blank=True)
    reason = SealedText(owner="signal.patient_id", category="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%d %b %Y}"
