"""Responses, whom they are about, the scores and verdicts they give, and wordings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText


class Target(models.Model):
    """A person somebody's answers are about: a mother, a partner, this therapist.

    ``key`` is short and never used again for the same patient, so that a check-in can
    name it: ``ecr-rs@k2``. A target that has ended keeps its answers and is asked about
    no more.
    """

    class Kind(models.TextChoices):
        MOTHER = "mother", "mother or mother figure"
        FATHER = "father", "father or father figure"
        PARTNER = "partner", "partner"
        FRIEND = "friend", "friend"
        THERAPIST = "therapist", "therapist"
        OTHER = "other", "somebody else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="targets")
    key = models.CharField(max_length=8)
    kind = models.CharField(max_length=10, choices=Kind)
    name = SealedText(owner="patient_id", category="id")
    """What the patient calls them; may be empty, then the kind is said."""
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["named_at", "key"]
        constraints = [
            models.UniqueConstraint(
                name="one_target_of_a_key_for_a_patient", fields=["patient", "key"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.key})"


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
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    """Whom the answers are about; none where an instrument asks about no one person."""
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    instrument = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    recall = models.CharField(max_length=200, blank=True, default="")
    """The time the questions asked about, as the definition said it then."""
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
    item_order = models.JSONField(default=list, blank=True)
    """Item ids as they were put, where that was not the order of the definition."""
    took_ms = models.JSONField(default=dict, blank=True)
    """Milliseconds from one kept answer to the next, by item id, as the server saw them."""
    straight_lined = models.BooleanField(default=False)
    """Whether scales with reversed items were answered all alike."""
    given_totals = models.JSONField(default=dict, blank=True)
    """Scores that arrived with the answers from elsewhere, by scale; ours stay ours."""
    adaptive = models.JSONField(null=True, blank=True)
    """What an adaptive form asked and estimated: ``bank, asked, theta, se, t``."""

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
    error = models.FloatField(null=True, blank=True)
    """Standard error, where the authors' table or an adaptive form gives one."""

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


class AttachedWording(models.Model):
    """The text of an instrument that this practice may show, on its own word.

    It comes from the practice itself or from a separate pack that the practice switched
    on; either way somebody declared why it may be shown. Withdrawn, it stays as proof.
    """

    class Origin(models.TextChoices):
        PRACTICE = "practice", "attached by the practice"
        PACK = "pack", "from a pack under its own licence"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    language = models.CharField(max_length=8)
    origin = models.CharField(max_length=8, choices=Origin)
    text = models.JSONField()
    """``title, instruction, items, answers, about, content_note``, as a wording file."""
    source = models.CharField(max_length=300)
    """Where this copy comes from."""
    declaration = models.TextField()
    """The words that were agreed to when it was attached."""
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    attached_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["instrument", "language", "attached_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_attached_wording_in_a_language",
                fields=["instrument", "language"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="wording_is_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} in {self.language}"
