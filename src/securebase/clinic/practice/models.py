"""Exercises done, those set aside, the kit with its own additions, and what is shared.

All of it is the patient's own. A clinician sees how exercises help only while the patient
shares that, and never the kit.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from securebase.clinic.care.models import Patient
from securebase.people.vault.fields import SealedText


class Window(models.TextChoices):
    """Where somebody feels they are: within what they can bear, above it or below it."""

    TOO_MUCH = "too-much", gettext_noop("Too much")
    JUST_RIGHT = "just-right", gettext_noop("Just right")
    TOO_LITTLE = "too-little", gettext_noop("Too little")


class Doing(models.Model):
    """One time of doing an exercise, with what was felt before and after; never edited.

    Every number may be left out. The key is made by whoever sends it, so that sending
    twice keeps one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="doings")
    exercise = models.SlugField(max_length=64)
    before = models.PositiveSmallIntegerField(null=True, blank=True)
    """Distress, 0 none to 10 the most there can be."""
    after = models.PositiveSmallIntegerField(null=True, blank=True)
    window_before = models.CharField(max_length=12, choices=Window, blank=True, default="")
    window_after = models.CharField(max_length=12, choices=Window, blank=True, default="")
    made_worse = models.BooleanField(default=False)
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["-done_at"]
        constraints = [
            models.CheckConstraint(
                name="distress_runs_from_0_to_10",
                condition=(Q(before__isnull=True) | Q(before__lte=10))
                & (Q(after__isnull=True) | Q(after__lte=10)),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "exercise", "-done_at"], name="doing_by_patient")
        ]

    def __str__(self) -> str:
        return f"{self.exercise} on {self.done_at:%d %b %Y}"


class SetAside(models.Model):
    """An exercise that made things worse; not suggested until the patient wants it back."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="set_aside")
    exercise = models.SlugField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                name="one_setting_aside_of_an_exercise", fields=["patient", "exercise"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise} set aside {self.since:%d %b %Y}"


class KitEntry(models.Model):
    """One thing in the kit, in the place the patient gave it.

    ``version`` grows with each change of the words, so that two open pages cannot
    silently overwrite each other.
    """

    class Kind(models.TextChoices):
        EXERCISE = "exercise", gettext_noop("an exercise")
        WORDS = "words", gettext_noop("words")
        PERSON = "person", gettext_noop("a person")
        PLACE = "place", gettext_noop("a place")
        PICTURE = "picture", gettext_noop("a picture")
        SOUND = "sound", gettext_noop("a sound or a voice")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="kit")
    kind = models.CharField(max_length=8, choices=Kind)
    exercise = models.SlugField(max_length=64, blank=True, default="")
    """Set for an exercise alone."""
    title = SealedText(owner="patient_id", category="message")
    words = SealedText(owner="patient_id", category="message")
    place = models.PositiveSmallIntegerField()
    """Smaller comes first."""
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "added_at"]
        constraints = [
            models.CheckConstraint(
                name="kit_entry_names_an_exercise_or_is_ones_own",
                condition=Q(kind="exercise") & ~Q(exercise="")
                | ~Q(kind="exercise") & Q(exercise=""),
            ),
            models.UniqueConstraint(
                name="an_exercise_once_in_a_kit",
                fields=["patient", "exercise"],
                condition=Q(kind="exercise"),
            ),
        ]
        indexes = [models.Index(fields=["patient", "place"], name="kit_by_place")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at place {self.place}"


class KitFile(models.Model):
    """The picture or the sound of one entry, sealed like any other words."""

    entry = models.OneToOneField(
        KitEntry, on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    """Bytes, before sealing."""
    content = SealedText(owner="patient_id", category="message")
    """Base64."""

    class Meta:
        ordering = ["entry"]

    def __str__(self) -> str:
        return f"{self.media_type}, {self.size} bytes"


class HelpShared(models.Model):
    """That the patient lets those who treat them see which exercises help."""

    patient = models.OneToOneField(
        Patient, on_delete=models.PROTECT, primary_key=True, related_name="help_shared"
    )
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]

    def __str__(self) -> str:
        return f"shared since {self.since:%d %b %Y}"


class AnsweredOffline(models.Model):
    """That a check-in was answered without a connection, and when it came in.

    ``checkin`` is the key of a check-in; this room lies below that one and knows no more.
    """

    checkin = models.UUIDField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    """As the device's clock had it, within the bounds that were checked."""
    arrived_at = models.DateTimeField()

    class Meta:
        ordering = ["-arrived_at"]

    def __str__(self) -> str:
        return f"answered {self.answered_at:%d %b %Y %H:%M}"


class Moments(models.Model):
    """At which times of the day something chosen is shown; no row while it is off."""

    patient = models.OneToOneField(
        Patient, on_delete=models.PROTECT, primary_key=True, related_name="moments"
    )
    times = models.JSONField(default=list)
    """Wall time where the patient lives, as ``HH:MM``, in order."""
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{len(self.times)} moments a day since {self.since:%d %b %Y}"


class ChosenForMoments(models.Model):
    """One thing of the kit that may be shown at the chosen times."""

    entry = models.OneToOneField(
        KitEntry, on_delete=models.CASCADE, primary_key=True, related_name="for_moments"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]

    def __str__(self) -> str:
        return f"chosen: {self.entry}"
