"""Notes being written, signed notes and what was added, process notes, and promises."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from securebase.clinic.care.models import Patient
from securebase.clinic.notes.body import Body
from securebase.clinic.therapy.models import TherapySession
from securebase.people.vault.fields import SealedText


class NoteDraft(models.Model):
    """A progress note that is being written; gone once it is signed.

    ``version`` grows by one with each keeping. Whoever keeps says which version they
    had before them, so that nobody's words are written over unseen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="note_drafts")
    session = models.ForeignKey(
        TherapySession, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="note_drafts"
    )
    together = models.BooleanField(default=False)
    """Whether colleagues who treat the same person may write in it too."""
    shape = models.CharField(max_length=40)
    text = SealedText(owner="patient_id", category="progress")
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-kept_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_draft_by_an_author_for_a_session",
                fields=["author", "session"],
                condition=Q(session__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"note begun {self.begun_at:%d %b %Y}"

    @property
    def body(self) -> Body:
        """What stands in it."""
        return Body.read(self.text)


class Note(models.Model):
    """A progress note as it was signed. It is never changed; something can be added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """The id it had as a draft, so that its address stays."""
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notes")
    session = models.ForeignKey(
        TherapySession, on_delete=models.PROTECT, null=True, blank=True, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes"
    )
    shape = models.CharField(max_length=40)
    text = SealedText(owner="patient_id", category="progress")
    begun_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    release_at = models.DateTimeField()
    """From when on the patient may read it."""
    held_because = SealedText(owner="patient_id", category="progress")
    """Why it is held back for longer than usual; empty if it is not."""

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(
                name="note_is_released_after_it_is_signed",
                condition=Q(release_at__gte=F("signed_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-signed_at"], name="note_by_patient"),
        ]

    def __str__(self) -> str:
        return f"note signed {self.signed_at:%d %b %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise TypeError(f"The {self} stands as it was signed; add an addendum instead.")
        super().save(*args, **kwargs)

    @property
    def body(self) -> Body:
        """What stands in it."""
        return Body.read(self.text)


class Addendum(models.Model):
    """Something added to a signed note: by whom, when and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="addenda")
    text = SealedText(owner="patient_id", category="progress")
    why = SealedText(owner="patient_id", category="progress")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "addenda"

    def __str__(self) -> str:
        return f"addendum of {self.at:%d %b %Y}"


class ProcessNote(models.Model):
    """What a clinician writes for themselves, under a key of their own.

    It is no part of the record: nobody else finds it or takes a copy of it. One supervisor
    reads it if its author shows it to them, and only for as long as both wish.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="process_notes"
    )
    text = SealedText(owner="author_id", category="process")
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    shown_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    """The supervisor to whom its author shows it, as it stands at every moment."""
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                name="process_note_shown_has_both_whom_and_when",
                condition=Q(shown_to__isnull=True, shown_at__isnull=True)
                | Q(shown_to__isnull=False, shown_at__isnull=False),
            ),
            models.CheckConstraint(
                name="process_note_is_not_shown_to_its_author",
                condition=~Q(shown_to=F("author")),
            ),
        ]
        indexes = [
            models.Index(fields=["author", "patient"], name="process_note_by_author"),
        ]

    def __str__(self) -> str:
        return f"process note begun {self.begun_at:%d %b %Y}"


class Promise(models.Model):
    """What somebody on the side of care promised a patient, and by when.

    What is counted of promises is counted for those who made them, never for a patient.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", "a reply"
        CONTACT = "contact", "the next contact"
        PLAN = "plan", "a plan for a break"
        OTHER = "other", "something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="promises")
    kind = models.CharField(max_length=8, choices=Kind)
    text = SealedText(owner="patient_id", category="progress")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises"
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    released_at = models.DateTimeField(null=True, blank=True)
    """When the patient said that it is not needed any more."""

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="promise_kept_has_both_who_and_when",
                condition=Q(kept_at__isnull=True, kept_by__isnull=True)
                | Q(kept_at__isnull=False, kept_by__isnull=False),
            ),
            models.CheckConstraint(
                name="promise_is_kept_or_released_or_open",
                condition=Q(kept_at__isnull=True) | Q(released_at__isnull=True),
            ),
            models.CheckConstraint(
                name="promise_is_due_after_it_is_made",
                condition=Q(due_at__gt=F("made_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["made_by", "due_at"], name="promise_by_maker"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.due_at:%d %b %Y}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be kept."""
        return self.kept_at is None and self.released_at is None
